import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gapsOf } from '#renderer/features/overview/gaps.ts';
import { layOutJson } from '#renderer/ui/pretty-json.ts';
import { formatSpan, formatStep, lastBefore, startOf, timeTicks } from '#renderer/ui/time-axis.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 4, 3);

describe('the time axis', () => {
  test('a span is as short as it is exact', () => {
    expect(formatSpan(start, start + 6 * hour, 'utc')).toBe('2026-05-03 00:00 – 06:00Z');
    expect(formatSpan(start, start + 24 * hour, 'utc')).toBe('2026-05-03 00:00 – 2026-05-04 00:00Z');
    expect(formatSpan(start + 1_000, start + 2_000, 'utc')).toBe('2026-05-03 00:00:01 – 00:00:02Z');
  });

  test('steps are named by their largest whole unit', () => {
    expect([1, 1_000, 90_000, 12 * hour, 48 * hour].map(formatStep)).toEqual([
      '1 ms',
      '1 s',
      '90 s',
      '12 h',
      '2 d',
    ]);
  });

  test('a bucket’s ends take its own events and none of the next bucket', () => {
    expect(startOf(start)).toBe('2026-05-03T00:00:00.000Z');
    expect(lastBefore(start)).toBe('2026-05-02T23:59:59.999999999Z');
  });

  test('marks lie within the range, in order, on whole hours or days, and are not too many', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 60_000, max: 3e10 }));
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 12 }), ([from, length], most) => {
        const ticks = timeTicks(from, from + length, most, 'utc');
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        const times = ticks.map(({ at }) => at);
        expect(times).toEqual([...new Set(times)].toSorted((one, other) => one - other));
        for (const { at, label } of ticks) {
          expect(at).toBeGreaterThanOrEqual(from);
          expect(at).toBeLessThanOrEqual(from + length);
          expect(new Date(at).toISOString()).toContain(label);
        }
      }),
    );
  });
});

describe('gaps of a source', () => {
  test('are runs of at least two empty steps between events', () => {
    const counts = [3, 0, 2, 0, 0, 0, 1, 0, 0];
    expect(gapsOf({ fromMs: start, stepMs: hour, counts })).toEqual([
      { fromMs: start + 3 * hour, toMs: start + 6 * hour },
    ]);
    expect(gapsOf({ fromMs: start, stepMs: hour, counts: [1, 0, 1] })).toEqual([]);
  });
});

function laidOut(text: string): string | null {
  const tokens = layOutJson(text);
  return tokens === null ? null : tokens.map(({ before, text: piece }) => before + piece).join('');
}

describe('JSON laid out', () => {
  test('is what JSON.stringify with two blanks writes, for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(laidOut(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  test('keeps what a parser would change: long numbers, keys that come twice, escapes', () => {
    expect(laidOut('{"a":12345678901234567890,"a":1.10,"b":"\\u00e9"}')).toBe(
      '{\n  "a": 12345678901234567890,\n  "a": 1.10,\n  "b": "\\u00e9"\n}',
    );
  });

  test('is not tried on what is no JSON', () => {
    expect(['', '{"a":1', '{"a"]', 'a,b;c', ':1'].map(laidOut)).toEqual([null, null, null, null, null]);
  });
});
