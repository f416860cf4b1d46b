import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseModule, parseQuery } from '#shared/policy/opa/syntax/module.ts';
import { SyntaxProblem } from '#shared/policy/opa/syntax/lexer.ts';
import { jsonOfValue, jsonText, parseJson, valueOfJson } from '#shared/policy/opa/value/json.ts';
import { compareNumbers, numberText, parseNumber } from '#shared/policy/opa/value/number.ts';
import { textOfValue } from '#shared/policy/opa/value/print.ts';
import { compareText } from '#shared/policy/opa/value/text.ts';
import {
  compareValues,
  identityOf,
  RegoObject,
  RegoSet,
  sameValue,
  type Value,
} from '#shared/policy/opa/value/value.ts';
import { ask, asRead, filesOf } from './support.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }));
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: -30, max: 30 }))
  .map(([digits, power]) => parseNumber(`${digits}e${power}`)!);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, true, false),
    decimal,
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => RegoSet.of(items)),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => RegoObject.of(entries)),
  ),
})).value;

const sign = (order: number): number => Math.sign(order) || 0;

/** An escape as OPA prints it, as Rego reads it: the two differ in these three. */
function asRego(escape: string, hex: string | undefined, letter: string | undefined): string {
  if (hex !== undefined) return `\\u00${hex}`;
  return letter === 'a' ? '\\u0007' : letter === 'v' ? '\\u000b' : escape;
}

describe('values of Rego', () => {
  test('their order is total', () => {
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(sign(compareValues(a, b))).toBe(-sign(compareValues(b, a)) || 0);
        expect(compareValues(a, b) === 0).toBe(sameValue(a, b));
        expect(identityOf(a) === identityOf(b)).toBe(sameValue(a, b));
        const [low, middle, high] = [a, b, c].toSorted(compareValues) as [Value, Value, Value];
        expect(compareValues(low, high)).toBeLessThanOrEqual(0);
        expect(compareValues(low, middle)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('numbers are ordered as the decimals that they denote', () => {
    const written = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(30));
    fc.assert(
      fc.property(written, written, ([a, aPlaces], [b, bPlaces]) => {
        const [left, right] = [a * 10n ** BigInt(bPlaces), b * 10n ** BigInt(aPlaces)];
        const order = compareNumbers(parseNumber(`${a}e-${aPlaces}`)!, parseNumber(`${b}e-${bPlaces}`)!);
        expect(sign(order)).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
  });

  test('a number reads back from its text', () => {
    fc.assert(
      fc.property(decimal, (number) => {
        expect(sameValue(parseNumber(numberText(number))!, number)).toBe(true);
      }),
    );
  });

  test('texts are ordered as their UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  test('sets and objects do not depend on the order in which they were made', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (items) => {
        expect(sameValue(RegoSet.of(items), RegoSet.of(items.toReversed()))).toBe(true);
        expect(textOfValue(RegoSet.of(items))).toBe(textOfValue(RegoSet.of(items.toReversed())));
        for (const item of items) expect(RegoSet.of(items).has(item)).toBe(true);
      }),
    );
  });

  test('JSON comes back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const given = JSON.parse(JSON.stringify(json)) as unknown;
        expect(jsonOfValue(valueOfJson(given)).json).toEqual(given);
        expect(jsonOfValue(parseJson(JSON.stringify(json))).json).toEqual(given);
        expect(JSON.parse(jsonText(valueOfJson(given)))).toEqual(given);
      }),
    );
  });

  test('a literal evaluates to what it says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (json) => {
        const given = JSON.parse(JSON.stringify(json)) as unknown;
        const files = filesOf({
          'p.rego': `package p\n\nv := ${textOfValue(valueOfJson(given)).replaceAll(/\\(?:x(..)|(.))/gs, asRego)}\n`,
        });
        expect(asRead((await ask(files, 'p/v')).evaluation.result)).toEqual(given);
      }),
      { numRuns: 50 },
    );
  });
});

const fragments = [
  'package p',
  'import data.x as y',
  'import rego.v1',
  'default allow := false',
  'allow if {',
  'p contains x if',
  'some x, y in xs',
  'every k, v in {1: 2} {',
  'not f(x)[_]',
  '{x | x := 1}',
  '[1, "a" | 2]',
  'else := 3',
  'with input.a as {"b": [1]}',
  '$"a {b}"',
  '`raw`',
  '}',
  ')',
  ']',
  '"',
  '\\',
  ':=',
  '== 1e5',
  '# METADATA',
  '\n',
];

function outcome(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (problem) {
    return problem instanceof SyntaxProblem ? 'refused' : String(problem);
  }
}

describe('the reader of Rego', () => {
  test('reads or refuses any text', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc
        .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 5 })))
        .map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(hostile, fc.constantFrom<0 | 1>(0, 1), (source, version) => {
        expect(outcome(() => parseModule('p.rego', `package p\n${source}`, version))).toMatch(
          /^(?:read|refused)$/,
        );
        expect(outcome(() => parseQuery(source))).toMatch(/^(?:read|refused)$/);
      }),
      { numRuns: 500 },
    );
  });

  test('refuses what is nested beyond reason', () => {
    for (const open of ['[', '{', '(', 'not not ', '{"a": ', '[x | ', '-', 'f(']) {
      expect(outcome(() => parseModule('p.rego', `package p\np := ${open.repeat(20_000)}`, 1))).toBe(
        'refused',
      );
    }
  });

  test('any module is answered, never with an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...fragments)), async (parts) => {
        const { evaluation } = await ask(
          filesOf({ 'p.rego': `package p\n${parts.join('\n')}` }),
          'p/allow',
          {},
        );
        expect(['allow', 'deny', 'indeterminate']).toContain(evaluation.decision);
      }),
      { numRuns: 200 },
    );
  });
});

describe('limits', () => {
  test.for([
    [
      'steps',
      'p := count([1 | numbers.range(1, 2000)[_]; numbers.range(1, 2000)[_]; numbers.range(1, 2000)[_]])',
    ],
    [
      'growth',
      Array.from({ length: 60 }, (_, index) => `x${index + 1} := concat("", [x${index}, x${index}])`).join(
        '\n',
      ) + '\nx0 := "0123456789"\np := x60',
    ],
    [
      'depth',
      Array.from({ length: 3000 }, (_, index) => `x${index} := x${index + 1}`).join('\n') +
        '\nx3000 := 1\np := x0',
    ],
  ] as const)('a policy that runs away in %s is stopped', async ([, source]) => {
    const { evaluation } = await ask(filesOf({ 'p.rego': `package t\n\n${source}\n` }), 't/p');
    expect(evaluation.decision).toBe('indeterminate');
    expect(evaluation.errors[0]?.message).toMatch(/^limit/);
  });
});
