import { describe, expect, test } from 'vitest';
import { fuzzyScore } from '#renderer/ui/fuzzy.ts';
import { escapedText } from '#renderer/ui/log-text.ts';
import { formatClock, formatDuration, formatTime } from '#renderer/ui/moments.ts';
import { shortened } from '#renderer/ui/values.tsx';
import { formatBytes, formatCount, formatPercent, formatShortCount } from '#renderer/ui/numbers.ts';

describe('numbers as people read them', () => {
  test('counts have thin separators', () => {
    expect(formatCount(999)).toBe('999');
    expect(formatCount(1_234_567)).toBe('1\u2009234\u2009567');
  });

  test('short counts and bytes keep about three digits', () => {
    expect([formatShortCount(950), formatShortCount(1_500), formatShortCount(184_321)]).toEqual([
      '950',
      '1.5k',
      '184k',
    ]);
    expect([formatBytes(0), formatBytes(1023), formatBytes(1024), formatBytes(10_485_760)]).toEqual([
      '0 B',
      '1023 B',
      '1.00 KiB',
      '10.0 MiB',
    ]);
    expect(formatBytes(1024 ** 2 - 1)).toBe('1.00 MiB');
  });

  test('100 % is said only when all is done', () => {
    expect([formatPercent(0.999_9), formatPercent(1)]).toEqual(['99 %', '100 %']);
  });
});

describe('moments', () => {
  test('keep the precision of the source and show the zone', () => {
    expect(formatTime('2024-05-01T10:00:00.123456789Z', 'utc')).toBe('2024-05-01 10:00:00.123456789Z');
    expect(formatTime('2024-05-01T10:00:00Z', 'utc')).toBe('2024-05-01 10:00:00Z');
    expect(formatTime('1969-12-31T23:59:59.5Z', 'utc')).toBe('1969-12-31 23:59:59.5Z');
  });

  test('what is no time is shown as it is', () => {
    expect(formatTime('yesterday', 'utc')).toBe('yesterday');
  });

  test('durations are two neighbouring units in words', () => {
    expect([0.2, 1, 61, 3_600, 90_000, 86_403].map(formatDuration)).toEqual([
      'less than a second',
      '1 second',
      '1 minute 1 second',
      '1 hour',
      '1 day 1 hour',
      '1 day',
    ]);
    expect([42, 3_840].map(formatClock)).toEqual(['0:42', '1:04:00']);
  });
});

describe('text from logs', () => {
  test('cannot hide or reorder what stands beside it', () => {
    expect(escapedText('a\u202egnp.exe\u2066\u200b\u0000\u001b[31m\ud800')).toBe(
      'a\\u{202e}gnp.exe\\u{2066}\\u{200b}\\0\\u{001b}[31m\\u{d800}',
    );
    expect(escapedText('tag \u{e0041} line\u2028')).toBe('tag \\u{e0041} line\\u{2028}');
  });

  test('is otherwise unchanged', () => {
    const text = 'Grüße, 東京 🔑 <b>&amp;';
    expect(escapedText(text)).toBe(text);
  });
});

const score = (text: string): number => fuzzyScore('ver', text);

test('the palette prefers whole words, then starts, then scattered letters', () => {
  expect(score('Verify evidence')).toBeGreaterThan(score('Go to Overview'));
  expect(score('Go to Overview')).toBeGreaterThan(score('View evidence report'));
  expect(score('Import logs')).toBe(0);
});

test('the middle is left out between characters, never within one', () => {
  expect(shortened('abcdefghij', 7)).toBe('abc…hij');
  for (let length = 5; length < 12; length++) {
    const short = shortened('😀'.repeat(9), length);
    expect(short.isWellFormed()).toBe(true);
    expect(short.length).toBeLessThanOrEqual(length);
  }
});
