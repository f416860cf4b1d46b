import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Reverification } from '#electron/router/reverification.ts';

const start = Date.parse('2026-03-01T12:00:00Z');
const at = (seconds: number): string => new Date(start + seconds * 1_000).toISOString();
const scheduled = [
  { round: '+30s', at: at(30) },
  { round: '+5min', at: at(300) },
  { round: '+1day', at: at(86_400) },
];

beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

function watched(): { seen: string[]; reverification: Reverification } {
  const seen: string[] = [];
  const reverification = new Reverification((run, round) => {
    seen.push(`${run} ${round} ${(Date.now() - start) / 1_000}`);
    return Promise.resolve();
  });
  return { seen, reverification };
}

describe('looking at runs again', () => {
  test('at each of its times, once, however often it is looked up', () => {
    const { seen, reverification } = watched();
    for (let times = 0; times < 3; times++) reverification.watch({ run: 'r', scheduled, rounds: ['after'] });
    vi.advanceTimersByTime(86_500_000);
    expect(seen).toEqual(['r +30s 30', 'r +5min 300', 'r +1day 86400']);
  });

  test('what was missed is made up for once; what was done is not done again', () => {
    const { seen, reverification } = watched();
    vi.setSystemTime(start + 600_000);
    reverification.watch({ run: 'r', scheduled, rounds: ['after', '+30s'] });
    reverification.watch({ run: 'done', scheduled: scheduled.slice(0, 2), rounds: ['+30s', '+5min'] });
    vi.advanceTimersByTime(1_000);
    expect(seen).toEqual(['r +5min 600']);
  });

  test('a failure does not end it; stopping does', () => {
    const rounds: string[] = [];
    const reverification = new Reverification((_, round) => {
      rounds.push(round);
      return Promise.reject(new Error('down'));
    });
    reverification.watch({ run: 'r', scheduled, rounds: [] });
    vi.advanceTimersByTime(301_000);
    reverification.stop();
    vi.advanceTimersByTime(86_500_000);
    expect(rounds).toEqual(['+30s', '+5min']);
  });
});
