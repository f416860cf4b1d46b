import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Expressions } from '#shared/policy/cerbos/expressions.ts';

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
