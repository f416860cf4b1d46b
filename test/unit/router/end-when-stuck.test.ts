import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Child } from '#electron/platform/children.ts';
import { endWhenStuck } from '#electron/router/end-when-stuck.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const kill = vi.fn<() => void>();
  const child = { name: 'policy', port: null as never, onExit: () => undefined, kill } satisfies Child;
  return { child, kill };
}

test('a process that does not come back from a cancel is ended, also where it was cancelled before', () => {
  const controller = new AbortController();
  const [before, after] = [watched(), watched()];
  endWhenStuck(before.child, controller.signal, 5_000);
  controller.abort();
  endWhenStuck(after.child, controller.signal, 5_000);
  vi.advanceTimersByTime(4_999);
  expect([before.kill, after.kill].map((kill) => kill.mock.calls.length)).toEqual([0, 0]);
  vi.advanceTimersByTime(1);
  expect([before.kill, after.kill].map((kill) => kill.mock.calls.length)).toEqual([1, 1]);
});

test('one that came back is not', () => {
  const controller = new AbortController();
  const { child, kill } = watched();
  const stop = endWhenStuck(child, controller.signal, 5_000);
  controller.abort();
  stop();
  vi.advanceTimersByTime(60_000);
  expect(kill).not.toHaveBeenCalled();
});
