import { createHash } from 'node:crypto';
import type { EventBatch, EvidenceFile, RejectedRecord } from '#shared/domain/batch.ts';
import { type DimensionName, dimensionNames, dimensions, hashedFields } from '#shared/domain/dimensions.ts';
import { outcomes } from '#shared/domain/event.ts';
import type { PackedBatch } from '#shared/domain/packed-batch.ts';
import { packBatch } from '../../support/pack-batch.ts';

/** Numbers in 0..1 from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One made-up record: an event, or a rejected one. Its bytes are `length` long, one after another. */
export interface SyntheticRecord {
  readonly offset: number;
  readonly length: number;
  readonly event: SyntheticEvent | null;
}

export interface SyntheticEvent {
  readonly key: readonly [number, number, number, number];
  readonly micros: number;
  readonly nanos: number;
  readonly digits: number;
  readonly values: Readonly<Record<DimensionName, string>>;
  readonly hashes: readonly number[];
}

export interface SyntheticFile {
  readonly evidence: EvidenceFile;
  readonly records: readonly SyntheticRecord[];
}

export interface FileOptions {
  readonly seed: number;
  readonly path: string;
  readonly records: number;
  /** Ids are drawn from this many, so that events repeat within a file and across files. */
  readonly ids: number;
  readonly rejectedShare?: number;
}

export function syntheticFile({
  seed,
  path,
  records,
  ids,
  rejectedShare = 0.01,
}: FileOptions): SyntheticFile {
  const random = randomFrom(seed);
  const list: SyntheticRecord[] = [];
  for (let offset = 0; list.length < records; ) {
    const length = 200 + Math.floor(random() * 2000);
    list.push({ offset, length, event: random() < rejectedShare ? null : syntheticEvent(random, ids) });
    offset += length + 1;
  }
  return { evidence: evidenceFile(path, seed), records: list };
}

export function evidenceFile(path: string, seed: number): EvidenceFile {
  return {
    sha256: createHash('sha256').update(`file ${seed}`).digest('hex'),
    path,
    bytes: 1_000_000 + seed,
    encoding: 'gzip',
    format: seed % 2 === 0 ? 'aws-cloudtrail' : 'kubernetes-audit',
    location: { kind: 'file' },
    syntax: { kind: 'json', charset: 'utf-8' },
    timeZone: null,
  };
}

/** An event is determined by its id, as a log's copies of one event are. */
function syntheticEvent(random: () => number, ids: number): SyntheticEvent {
  const id = Math.floor(random() * ids);
  const own = randomFrom(id);
  const word = (): number => Math.floor(own() * 2 ** 32);
  const digits = [0, 6, 9][id % 3] as number;
  const values = Object.fromEntries(dimensionNames.map((name) => [name, tupleOf(name, own)])) as Record<
    DimensionName,
    string
  >;
  return {
    key: [word(), word(), word(), word()],
    micros:
      1_700_000_000_000_000 + Math.floor(own() * 30 * 86_400) * 1_000_000 + (digits === 0 ? 0 : id % 1e6),
    nanos: digits === 9 ? id % 1000 : 0,
    digits,
    values,
    hashes: hashedFields.map((_, index) => (index % 3 === 2 ? 0 : word())),
  };
}

const distinct: Partial<Record<DimensionName, number>> = {
  format: 1,
  operation: 300,
  resource: 5_000,
  ip: 2_000,
};

function tupleOf(name: DimensionName, random: () => number): string {
  const entry = Math.floor(random() ** 2 * (distinct[name] ?? 200));
  if (entry === 0 && name !== 'decision') return JSON.stringify(dimensions[name].map(() => null));
  const outcome = outcomes[Math.min(outcomes.length - 1, entry % 9)] as string;
  return JSON.stringify(
    dimensions[name].map((field) => (field === 'outcome' ? outcome : `${field} ${entry} of the company`)),
  );
}

/** Records as the batch that ingest would send of them. */
export function packedOf(records: readonly SyntheticRecord[]): PackedBatch {
  return packBatch(batchOf(records));
}

/** Records as the batch that ingest would make of them. */
export function batchOf(records: readonly SyntheticRecord[]): EventBatch {
  const events = records.filter((record) => record.event !== null);
  const eventOf = (index: number): SyntheticEvent => events[index]!.event!;
  const count = events.length;
  const keys = new Uint32Array(count * 4);
  for (let index = 0; index < count; index++) keys.set(eventOf(index).key, index * 4);
  return {
    count,
    micros: Float64Array.from({ length: count }, (_, index) => eventOf(index).micros),
    nanos: Uint16Array.from({ length: count }, (_, index) => eventOf(index).nanos),
    timeDigits: Uint8Array.from({ length: count }, (_, index) => eventOf(index).digits),
    keys,
    offsets: Float64Array.from(events, ({ offset }) => offset),
    lengths: Uint32Array.from(events, ({ length }) => length),
    dimensions: Object.fromEntries(
      dimensionNames.map((name) => [name, dictionaryColumn(events.map(({ event }) => event!.values[name]))]),
    ) as unknown as EventBatch['dimensions'],
    hashes: hashedFields.map((_, field) =>
      Uint32Array.from({ length: count }, (_, index) => eventOf(index).hashes[field]!),
    ),
    rejected: records.filter(({ event }) => event === null).map(rejectedOf),
    skipped: [{ reason: 'digest', records: 1 }],
  };
}

function rejectedOf({ offset, length }: SyntheticRecord): RejectedRecord {
  return { offset, length, reason: 'expected an object, found a number', excerpt: `${offset}` };
}

function dictionaryColumn(column: readonly string[]): { ids: Uint32Array; values: string[] } {
  const known = new Map<string, number>();
  const ids = Uint32Array.from(column, (value) => {
    if (!known.has(value)) known.set(value, known.size);
    return known.get(value)!;
  });
  return { ids, values: [...known.keys()] };
}
