import { randomBytes } from 'node:crypto';
import type { Assembled, Layout } from './assembled.ts';
import type { WithinSlots } from './within-slots.ts';

/** What a record is read by. Members and parts go by their numbers. */
export interface ReaderPlan {
  readonly members: readonly string[];
  readonly containerKeys: readonly string[];
  readonly structures: readonly number[];
  readonly timeMember: number;
  readonly plainPart: number;
  readonly columnParts: readonly number[];
  /** Where each id may stand. */
  readonly fields: readonly (readonly FieldPath[])[];
  /** How many dimensions the columns tell. */
  readonly dimensions: number;
}

interface FieldPath {
  readonly slot: number;
  readonly key: string | undefined;
  readonly innerKey: string | undefined;
}

/** Tells a new module what to read. Throws where a format names more than it has room for. */
export function writePlan(plan: ReaderPlan, module: Assembled, layout: Layout, withins: WithinSlots): void {
  const { members, containerKeys, structures, columnParts, fields } = plan;
  const names = [...new Set([...members, ...containerKeys])];
  if (
    names.length > layout.mostMembers ||
    fields.length > layout.mostFields ||
    columnParts.length > layout.mostParts
  ) {
    throw new Error(`a format names ${names.length} members and ${columnParts.length} columns`);
  }
  const { buffer } = module.memory;
  const lengths = new Uint32Array(buffer, layout.nameLengths, layout.mostMembers);
  for (const [slot, name] of names.entries()) {
    const bytes = new TextEncoder().encode(name);
    if (bytes.length > layout.nameSize) throw new Error(`a format names a member ${name}`);
    new Uint8Array(buffer, layout.names + slot * layout.nameSize, bytes.length).set(bytes);
    lengths[slot] = bytes.length;
  }
  new Uint32Array(buffer, layout.structures, layout.mostMembers).set(structures);
  new Uint32Array(buffer, layout.columnParts, layout.mostParts).set(columnParts);
  writeFields(fields, buffer, layout, withins);
  module.begin(
    members.length,
    names.length - members.length,
    columnParts.length,
    structures.length,
    fields.length,
    plan.dimensions,
    plan.timeMember,
    plan.plainPart,
    randomBytes(8).readBigUInt64LE(),
  );
}

function writeFields(
  fields: ReaderPlan['fields'],
  buffer: ArrayBuffer,
  { fieldPaths, keyOfNone, mostPaths, pathSize }: Layout,
  withins: WithinSlots,
): void {
  const numberOf = (key: string | undefined): number => {
    const number = key === undefined ? keyOfNone : withins.keyOf(key);
    if (number === null) throw new Error(`a format names a key ${key}`);
    return number;
  };
  /** By the member that the module looks into for it: beside a member's value it keeps the hash of one id. */
  const fieldWithin = new Map<number, number>();
  for (const [field, paths] of fields.entries()) {
    if (paths.length > mostPaths) throw new Error(`an id stands in ${paths.length} places`);
    for (const [index, { slot, key, innerKey }] of paths.entries()) {
      if (key !== undefined && (fieldWithin.get(slot) ?? field) !== field) {
        throw new Error(`two ids stand within one member, one of them under ${key}`);
      }
      if (key !== undefined) fieldWithin.set(slot, field);
      const at = fieldPaths + (field * mostPaths + index) * pathSize;
      // The second byte says that there is a path.
      new Uint16Array(buffer, at, pathSize / 2).set([slot | 0x100, numberOf(key), numberOf(innerKey)]);
    }
  }
}
