import type { EventDimension } from './dimensions.ts';
import type { Correlation, NormalizedEvent } from './event.ts';
import type { ReadContext } from './format.ts';
import { bounded } from '../util/record-fields.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/**
 * A record of which every look is seen by whoever shows it, so that what a value rests on is known, and the value
 * remembered for all records that are the same there.
 */
export interface RecordView {
  /** The record's members. They are read by their names alone: no listing of keys, no spread. */
  readonly members: JsonObject;
  /** What lies in a member under one key or two, where the value does not rest on the rest of the member. */
  readonly within: (member: string, key: string, innerKey?: string) => Json | undefined;
  /** Looks at a member as a whole, which is not read: what lies within it is then seen for nothing. */
  readonly whole: (member: string) => void;
}

/** One part of what a format reads out of a record: a pure function of what it looks at, other parts among it. */
export interface Part<Value> {
  /** Others that ask for it rest on what it looks at, not on what it comes to: of use where they have seen most of it. */
  readonly isSeenThrough?: true;
  readonly read: (record: RecordView, valueOf: ValueOf) => Value;
}

/** The value of a part for the record that is being read. */
export type ValueOf = <Value>(part: Part<Value>) => Value;

/** The fields of these dimensions are in the value of the part, which no other part reads. At most four. */
export interface PartColumns {
  readonly dimensions: readonly EventDimension[];
  readonly part: Part<ColumnFields>;
}

/** Fields of a column. Its correlation ids stand in for those that `own` does not find. */
export interface ColumnFields extends Partial<Omit<NormalizedEvent, 'correlation'>> {
  readonly correlation?: Partial<Correlation>;
}

export type RecordPath = readonly [member: string, key?: string, innerKey?: string];

/**
 * Ids that are different in nearly every record: the first of the paths that has a text; four at most. No two of them
 * stand within the same member.
 */
export interface OwnTexts {
  readonly vendorId: readonly RecordPath[];
  readonly correlation: Readonly<Partial<Record<keyof Correlation, readonly RecordPath[]>>>;
}

/** The first text that stands on a path. */
export function firstText({ members, within }: RecordView, paths: readonly RecordPath[] = []): string | null {
  for (const [member, key, innerKey] of paths) {
    const text = bounded(key === undefined ? members[member] : within(member, key, innerKey));
    if (text !== null) return text;
  }
  return null;
}

/** A format's reader in parts: all that an accelerated extractor knows of the format. */
export interface FormatParts {
  /** Top-level members that any part reads. */
  readonly members: readonly string[];
  /** Of these, the ones that a plain record never holds as text. */
  readonly structures: readonly string[];
  /** Whether the record is the format's own, in no wrapper; all others are left to the reference extractor. */
  readonly isPlain: Part<boolean>;
  /** Every dimension but the format's. */
  readonly columns: readonly PartColumns[];
  /** Member of the event's time, and how it is read; null where it is none. */
  readonly time: { readonly member: string; readonly part: Part<string | null> };
  readonly own: OwnTexts;
  /** Values of parts that hold for all records of a file. */
  readonly ofFile: (context: ReadContext) => PartValues;
}

export type PartValues = ReadonlyMap<Part<unknown>, unknown>;

/** A parsed record as a view. */
export function viewOf(record: JsonObject): RecordView {
  return {
    members: record,
    within: (member, key, innerKey) => valueWithin(record[member], key, innerKey),
    whole: () => undefined,
  };
}

/** What lies in a value under one key or two. */
export function valueWithin(value: Json | undefined, key: string, innerKey?: string): Json | undefined {
  const inner = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  if (innerKey === undefined) return inner;
  return isObject(inner) && Object.hasOwn(inner, innerKey) ? inner[innerKey] : undefined;
}

/** Evaluates parts over one record, each once. `given`: values that are known from elsewhere. */
export function partsOf(record: RecordView, given: PartValues): ValueOf {
  const known = new Map(given);
  const valueOf: ValueOf = <Value>(part: Part<Value>): Value => {
    // What stands under a part is its own value.
    if (known.has(part)) return known.get(part) as Value;
    const value = part.read(record, valueOf);
    known.set(part, value);
    return value;
  };
  return valueOf;
}
