import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusalOf } from '#shared/policy/cerbos/cel-check.ts';
import { Expressions } from '#shared/policy/cerbos/expressions.ts';
import {
  compiledByCerbos,
  errorsInCerbos,
  falseInCerbos,
  refusedByCerbos,
  trueInCerbos,
} from './expression-table.ts';

/**
 * Results that the language definition of CEL ("List of Standard Definitions") and Cerbos' documentation
 * (https://docs.cerbos.dev/cerbos/latest/policies/conditions) give.
 */
const rows: readonly (readonly [expression: string, value: unknown])[] = [
  ['timestamp("2021-03-14T02:30:00Z").getHours()', 2n],
  ['timestamp("2021-03-14T02:30:00Z").getHours("UTC")', 2n],
  ['timestamp("2021-05-01T00:00:00Z").getHours("America/New_York")', 20n],
  ['timestamp("2021-05-01T00:00:00Z").getHours("-03:30")', 20n],
  ['timestamp("2021-05-01T00:00:00Z").getMinutes("-03:30")', 30n],
  ['timestamp("2021-05-01T00:00:00Z").getHours("02:00")', 2n],
  ['timestamp("2021-05-01T00:00:00Z").getMonth()', 4n],
  ['timestamp("2021-05-01T00:00:00Z").getMonth("America/New_York")', 3n],
  ['timestamp("2021-05-01T00:00:00Z").getDate()', 1n],
  ['timestamp("2021-05-01T00:00:00Z").getDayOfMonth()', 0n],
  ['timestamp("2021-05-01T00:00:00Z").getDayOfWeek()', 6n],
  ['timestamp("2021-05-01T00:00:00Z").getDayOfYear()', 120n],
  ['timestamp("2021-05-01T00:00:00.123Z").getMilliseconds()', 123n],
  ['timestamp("2021-05-01T00:00:59Z").getSeconds()', 59n],
  ['timestamp("2021-05-01T00:00:00Z").getFullYear("Pacific/Kiritimati")', 2021n],
  ['duration("1.5s").getMilliseconds()', 1500n],
  ['duration("90m").getHours()', 1n],
  ['isSubset(["x"], ["x", "y"])', true],
  ['is_subset(["z"], ["x", "y"])', false],
  ['except(["x", "y"], ["x"]) == ["y"]', true],
  ['intersect(["x", "z"], ["x", "y"]) == ["x"]', true],
  ['["x", "y"].except(["y"]) == ["x"]', true],
];

describe('expressions on a machine in a zone with summer time', () => {
  const zone = process.env['TZ'];
  beforeAll(() => {
    process.env['TZ'] = 'America/New_York';
  });
  afterAll(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test.each(rows)('%s is %s', (expression, value) => {
    expect(new Expressions().evaluate(expression, {})).toEqual({ kind: 'value', value });
  });

  test('a zone that there is not is an error', () => {
    const outcome = new Expressions().evaluate(
      'timestamp("2021-05-01T00:00:00Z").getHours("Nowhere/Land")',
      {},
    );
    expect(outcome.kind).toBe('error');
  });
});

describe('as in the Cerbos program', () => {
  const expressions = new Expressions();

  test.each(trueInCerbos)('%s', (expression) => {
    expressions.setNow(null);
    expect(expressions.evaluate(expression, {})).toEqual({ kind: 'value', value: true });
  });

  test.each(falseInCerbos)('not %s', (expression) => {
    expect(expressions.evaluate(expression, {})).toEqual({ kind: 'value', value: false });
  });

  test.each(errorsInCerbos)('%s is an error', (expression) => {
    expect(expressions.evaluate(expression, {}).kind).not.toBe('value');
  });

  test.each(refusedByCerbos)('%s is not compiled', (expression) => {
    expect(refusalOf(expression)).not.toBeNull();
  });

  test.each([...compiledByCerbos, ...trueInCerbos, ...falseInCerbos, ...errorsInCerbos])(
    '%s is compiled',
    (expression) => {
      expect(refusalOf(expression)).toBeNull();
    },
  );

  test('the text of a time with an offset is not judged', () => {
    const text = 'string(timestamp("2024-03-10T10:00:00+02:00")) == "2024-03-10T10:00:00+02:00"';
    expect(expressions.evaluate(text, {}).kind).toBe('unknown');
  });

  test('JSON numbers are doubles, beside whole numbers that no double holds', () => {
    const bound = { P: { attr: { big: 9_007_199_254_740_992 } } };
    for (const expression of ['9007199254740993 == P.attr.big', '9007199254740993 in [P.attr.big]'])
      expect(expressions.evaluate(expression, bound)).toEqual({ kind: 'value', value: true });
  });

  test('a null is there', () => {
    const bound = { R: { attr: { none: null } } };
    for (const expression of ['has(R.attr.none)', '"none" in R.attr', 'R.attr.?none.hasValue()'])
      expect(expressions.evaluate(expression, bound)).toEqual({ kind: 'value', value: true });
  });

  test('a name that Cerbos does not know is not judged', () => {
    expect(expressions.evaluate('foo == 1', {}).kind).toBe('unknown');
  });
});
