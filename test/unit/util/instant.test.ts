import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant, parseInstant } from '#shared/util/instant.ts';

describe('instants', () => {
  test.each([
    // RFC 3339 section 5.8, and the same moments in the forms that vendors print.
    ['1985-04-12T23:20:50.52Z', '1985-04-12T23:20:50.52Z'],
    ['1996-12-19T16:39:57-08:00', '1996-12-20T00:39:57Z'],
    ['1990-12-31T23:59:60Z', '1990-12-31T23:59:59Z'],
    ['1937-01-01T12:00:27.87+00:20', '1937-01-01T11:40:27.87Z'],
    ['2022-08-07 12:56:48+00:00', '2022-08-07T12:56:48Z'],
    ['2020-11-25 21:27:03.496000000 UTC', '2020-11-25T21:27:03.496000000Z'],
    ['2024-02-29T00:00:00.123456789Z', '2024-02-29T00:00:00.123456789Z'],
  ])('%s is %s', (text, expected) => {
    const instant = parseInstant(text);
    expect(instant && formatInstant(instant)).toBe(expected);
  });

  test.each([
    '',
    'yesterday',
    '2023-02-29T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:00:00',
    '2024-01-01',
    '9999-01-01T00:00:00Z',
  ])('%j is no moment in UTC', (text) => expect(parseInstant(text)).toBeNull());

  test('agrees with the platform on every date, and keeps nanoseconds', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('1700-01-01T00:00:00Z'),
          max: new Date('2250-12-31T23:59:59Z'),
          noInvalidDate: true,
        }),
        fc.integer({ min: 0, max: 999_999_999 }),
        (date, nanos) => {
          const text = `${date.toISOString().slice(0, 19)}.${String(nanos).padStart(9, '0')}Z`;
          const instant = parseInstant(text);
          expect(instant && Math.floor(instant.micros / 1e6)).toBe(Math.floor(date.getTime() / 1000));
          expect(instant && formatInstant(instant)).toBe(text);
        },
      ),
    );
  });
});
