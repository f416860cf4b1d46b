import { RE2JS } from 're2js';
import type { Json } from '#shared/domain/json.ts';
import { inNetwork, parseAddress, parseNetwork } from '#shared/query/address.ts';
import { encodings } from './encodings.ts';
import { valueText } from './fields.ts';
import { type Placing, compilePattern, readPattern } from './pattern.ts';

/** A test of one value of a field. */
export interface ValueTest {
  readonly test: (value: Json) => boolean;
  /** The one text, in lower case, that passes; null where others do too. */
  readonly exact: string | null;
}

/** A rule asks for something that is not supported: it is refused, never guessed. */
export class RuleError extends Error {}

const comparisons: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  lt: (value, wanted) => value < wanted,
  lte: (value, wanted) => value <= wanted,
  gt: (value, wanted) => value > wanted,
  gte: (value, wanted) => value >= wanted,
};
const placings: readonly string[] = ['contains', 'startswith', 'endswith'];
const flags: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** Tests for one value of a rule under a field's modifiers (Sigma specification, "Value modifiers"). Any may pass. */
export function compileValue(wanted: Json, modifiers: readonly string[]): ValueTest[] {
  const numeric = modifiers.find((name) => name in comparisons);
  if (numeric !== undefined) return [numberTest(wanted, numeric)];
  if (modifiers.includes('re')) return [regexTest(wanted, modifiers)];
  if (modifiers.includes('cidr')) return [cidrTest(wanted)];
  if (wanted === null) return [{ test: (value) => value === null || value === '', exact: null }];
  if (typeof wanted === 'object') throw new RuleError('A value is a text, a number, true, false or null.');
  const placing = (modifiers.find((name) => placings.includes(name)) ?? 'whole') as Placing;
  const cased = modifiers.includes('cased');
  const encoded = encodings(valueText(wanted), modifiers);
  return encoded.map((text) => {
    const { literal } = readPattern(text);
    const test = compilePattern(text, placing, cased || encoded.length > 1 || text !== valueText(wanted));
    return {
      test: (value) => value !== null && test(valueText(value)),
      exact: placing === 'whole' && literal !== null ? literal.toLowerCase() : null,
    };
  });
}

function numberTest(wanted: Json, name: string): ValueTest {
  const limit = Number(wanted);
  if (Number.isNaN(limit))
    throw new RuleError(`|${name} compares with a number, not with “${valueText(wanted)}”.`);
  const compare = comparisons[name] as (value: number, limit: number) => boolean;
  return {
    test: (value) => {
      const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
      return value !== '' && !Number.isNaN(number) && compare(number, limit);
    },
    exact: null,
  };
}

function regexTest(wanted: Json, modifiers: readonly string[]): ValueTest {
  const bits = modifiers.reduce((sum, name) => sum | (flags[name] ?? 0), 0);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(valueText(wanted), bits);
  } catch (thrown) {
    throw new RuleError(
      `The expression “${valueText(wanted)}” is not one that RE2 reads (${thrown instanceof Error ? thrown.message : String(thrown)}).`,
    );
  }
  return { test: (value) => value !== null && compiled.matcher(valueText(value)).find(), exact: null };
}

function cidrTest(wanted: Json): ValueTest {
  const network = parseNetwork(valueText(wanted));
  if (network === null) throw new RuleError(`“${valueText(wanted)}” is no network such as 10.0.0.0/8.`);
  return {
    test: (value) => {
      const address = typeof value === 'string' ? parseAddress(value) : null;
      return address !== null && inNetwork(address, network);
    },
    exact: null,
  };
}
