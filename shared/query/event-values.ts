import {
  type DimensionValue,
  type FieldName,
  dimensionNames,
  dimensionValues,
  dimensions,
  furtherResources,
  hashedFields,
  hashedValues,
} from '../domain/dimensions.ts';
import type { AccessEvent } from '../domain/event.ts';
import { type FieldTest, literalOf } from './ast.ts';
import { compareAddresses, inNetwork, parseAddress, parseNetwork } from './address.ts';
import { fieldNamed } from './fields.ts';
import { compileGlob } from './glob.ts';
import { type Moment, compareMoments, parseTimeSpan } from './time-span.ts';
import { parseInstant } from '../util/instant.ts';

/** All texts that a field has in an event: none, one, or for `resources` the id of each. */
export function fieldTexts(event: AccessEvent, field: FieldName): readonly string[] {
  if (field === 'id' || field === 'time') return [event[field]];
  if (field === 'evidence.path') return [event.evidence.path];
  if (field === 'evidence.sha256') return [event.evidence.sha256];
  if (field === 'resources') return [...present(event.resource?.id), ...furtherResources(event)];
  const hashed = hashedFields.findIndex((name) => name === field);
  if (hashed !== -1) return present(hashedValues(event)[hashed]);
  const values = dimensionValues(event.format, event);
  for (const name of dimensionNames) {
    const index = dimensions[name].findIndex((candidate) => candidate === field);
    if (index !== -1) return present(values[name][index]);
  }
  return [];
}

function present(text: DimensionValue | undefined): readonly string[] {
  return typeof text === 'string' ? [text] : [];
}

/** A test of one text of a field, as it stands in the event; `lower` is the same text in lower case. */
export type ValueTest = (text: string, lower: string) => boolean;

/** Compiles a field's test; `exists` holds for every text. */
export function compileFieldTest(field: FieldName, test: FieldTest): ValueTest {
  const kind = fieldNamed(field)?.kind;
  if (test.kind === 'exists') return () => true;
  if (test.kind === 'network') return networkTest(test.network);
  if (test.kind === 'range') {
    if (kind === 'time') return timeTest(test);
    return kind === 'address' ? addressRangeTest(test) : textRangeTest(test);
  }
  const literal = literalOf(test.glob);
  if (kind === 'exact') return (text) => text === literal;
  const address = kind === 'address' && literal !== null ? parseAddress(literal) : null;
  const matches = compileGlob(test.glob);
  if (address === null) return (_, lower) => matches(lower);
  const network = { address, prefix: 128 };
  return (text) => {
    const found = parseAddress(text);
    return found !== null && inNetwork(found, network);
  };
}

function networkTest(text: string): ValueTest {
  const network = parseNetwork(text);
  return (value) => {
    const address = parseAddress(value);
    return address !== null && network !== null && inNetwork(address, network);
  };
}

type Range = Extract<FieldTest, { kind: 'range' }>;

/** The moments from `from` up to and without `to` that a range of times covers; null is open. */
export function momentsOf(range: Range): { readonly from: Moment | null; readonly to: Moment | null } {
  const from = range.from === null ? null : parseTimeSpan(range.from.text);
  const to = range.to === null ? null : parseTimeSpan(range.to.text);
  return {
    from: (range.from?.inclusive === true ? from?.from : from?.to) ?? null,
    to: (range.to?.inclusive === true ? to?.to : to?.from) ?? null,
  };
}

function timeTest(range: Range): ValueTest {
  const { from, to } = momentsOf(range);
  return (text) => {
    const instant = parseInstant(text);
    if (instant === null) return false;
    return (
      (from === null || compareMoments(instant, from) >= 0) &&
      (to === null || compareMoments(instant, to) < 0)
    );
  };
}

function addressRangeTest(range: Range): ValueTest {
  return boundsTest(range, parseAddress, compareAddresses);
}

function textRangeTest(range: Range): ValueTest {
  return boundsTest(
    range,
    (text) => text.toLowerCase(),
    (first, second) => (first === second ? 0 : first < second ? -1 : 1),
  );
}

function boundsTest<T>(
  range: Range,
  read: (text: string) => T | null,
  compare: (first: T, second: T) => number,
): ValueTest {
  const from = range.from === null ? null : read(range.from.text);
  const to = range.to === null ? null : read(range.to.text);
  const lowest = range.from?.inclusive === true ? 0 : Number.MIN_VALUE;
  const highest = range.to?.inclusive === true ? 0 : -Number.MIN_VALUE;
  return (text) => {
    const value = read(text);
    if (value === null) return false;
    return (
      (from === null || compare(value, from) >= lowest) && (to === null || compare(value, to) <= highest)
    );
  };
}
