import { expect, test } from 'vitest';
import { Attempts } from '#electron/router/attempts.ts';
import { FailureError } from '#shared/util/result.ts';

const failing = (kind: 'unusable' | 'cancelled') => async () => {
  throw new FailureError(kind, 'It took more than 10 seconds.');
};

test('an analysis that fails is named and takes nothing from the others', async () => {
  const attempts = new Attempts<string>(new AbortController().signal);
  await attempts.make('first', async () => ['a']);
  await attempts.make('second', failing('unusable'));
  await attempts.make('third', async () => ['b']);
  expect(attempts.found).toEqual(['a', 'b']);
  expect(attempts.unanswered).toEqual([{ what: 'second', why: 'It took more than 10 seconds.' }]);
});

test('what was cancelled, and what nobody expected, is no answer', async () => {
  const attempts = new Attempts<string>(new AbortController().signal);
  await expect(attempts.make('first', failing('cancelled'))).rejects.toThrow('10 seconds');
  await expect(
    attempts.make('second', async () => {
      throw new TypeError('a bug');
    }),
  ).rejects.toThrow('a bug');
  expect(attempts.unanswered).toEqual([]);
});
