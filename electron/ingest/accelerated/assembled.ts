import { type AssembledMemory, assembledModule } from '#electron/platform/assembled.ts';
import { wasm } from './record-reader-module.ts';

/** What electron/assembly/record-reader exports. */
export interface Assembled {
  readonly memory: AssembledMemory;
  begin(
    members: number,
    containers: number,
    columns: number,
    structures: number,
    fields: number,
    dimensions: number,
    timeMember: number,
    plain: number,
    seed: bigint,
  ): void;
  setPlainValue(value: number): void;
  take(from: number, most: number, start: number, known: number): number;
  next(): number;
  readAgain(): number;
  add(): number;
  wantPause(): void;
  setCarried(count: number): void;
  packTexts(): number;
  beginRows(
    batch: number,
    rows: number,
    isFull: boolean,
    bytes: number,
    mostBytes: number,
    column: number,
    formatId: number,
  ): void;
  look(slot: number): number;
  valueOf(part: number): number;
  trace(part: number, from: number): number;
  tracedLooks(): number;
  setValue(part: number, value: number): void;
  findAt(slot: number): number;
  learn(part: number, from: number, count: number, value: number): void;
  forget(): void;
}

/** Numbers that it exports, of electron/assembly/record-reader/layout.ts: where things lie, and how many there may be. */
const layoutNames = [
  'names',
  'nameLengths',
  'starts',
  'ends',
  'escapes',
  'constants',
  'columnParts',
  'structures',
  'hashes',
  'eventKey',
  'hasEventKey',
  'time',
  'fieldPaths',
  'trail',
  'keys',
  'keyLengths',
  'withins',
  'input',
  'withinSlot',
  'mostMembers',
  'nameSize',
  'mostParts',
  'mostFields',
  'mostPaths',
  'mostLooks',
  'pathSize',
  'mostKeys',
  'withinSize',
  'firstWithin',
  'firstPart',
  'keyOfNone',
  'timeNanos',
  'timeDigits',
  'recordStart',
  'recordEnd',
  'stoppedAt',
  'takenTo',
  'rowCount',
  'valueEntries',
  'mostValues',
  'mostOfColumn',
  'carried',
  'mostCarried',
  'carriedHashes',
  'mostEntries',
  'entryEnds',
  'entryTexts',
  'entryTextsSize',
  'newTexts',
  'newTextsSize',
  'sources',
  'sourceSize',
  'mostDimensions',
  'nextIds',
  'mostRows',
  'rowMicros',
  'rowOffsets',
  'rowKeys',
  'rowLengths',
  'rowHashes',
  'rowIds',
  'rowNanos',
  'rowDigits',
  'pendingSize',
  'pending',
  'stopped',
  'stoppedAtRecord',
  'paused',
  'unlearnt',
] as const;
type LayoutName = (typeof layoutNames)[number];
export type Layout = Readonly<Record<LayoutName, number>>;

function layoutOf(exported: Readonly<Record<LayoutName, { readonly value: number }>>): Layout {
  return Object.fromEntries(layoutNames.map((name) => [name, exported[name].value])) as Layout;
}

const instance = assembledModule(wasm);

/** A module of its own, with its layout. */
export function newAssembled(): { readonly module: Assembled; readonly layout: Layout } {
  const module = instance() as Assembled & Parameters<typeof layoutOf>[0];
  return { module, layout: layoutOf(module) };
}
