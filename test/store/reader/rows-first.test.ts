import { expect, test } from 'vitest';
import { RowsFirst } from '#electron/store/read/rows-first.ts';

/** Whether it has resolved by now, without a timer. */
async function isOver(waiting: Promise<void>): Promise<boolean> {
  return Promise.race([waiting.then(() => true), Promise.resolve().then(() => Promise.resolve(false))]);
}

test('a case that loads quickly is loaded at once', async () => {
  const rows = new RowsFirst();
  expect(rows.answer(() => [1, 2])).toEqual([1, 2]);
  expect(await isOver(rows.over(100_000))).toBe(true);
});

test('a large case is loaded once the rows that were asked for with it are shown', async () => {
  const rows = new RowsFirst();
  const started = Date.now();
  const waiting = rows.over(10_000_000);
  rows.answer(() => []);
  await waiting;
  expect(Date.now() - started).toBeGreaterThanOrEqual(250);
});

test('without rows to show a large case hardly waits', async () => {
  const started = Date.now();
  await new RowsFirst().over(10_000_000);
  expect(Date.now() - started).toBeLessThan(250);
});
