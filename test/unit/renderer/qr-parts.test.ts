import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinParts, partsOf } from '#renderer/features/respond/qr/parts.ts';

/** Does not become shorter by compression. */
const long = Array.from({ length: 400 }, (_, index) => (index * 2_654_435_761).toString(36)).join(' ');

test('any text comes back from its parts, in any order and read twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', maxLength: 3_000 }),
      fc.infiniteStream(fc.nat()),
      async (text, order) => {
        const parts = (await partsOf(text))!;
        const shuffled = parts
          .map((part) => [order.next().value, part] as const)
          .toSorted(([first], [second]) => first - second)
          .map(([, part]) => part);
        expect(await joinParts([...shuffled, ...parts.slice(0, 1)])).toEqual({ text });
      },
    ),
    { numRuns: 50 },
  );
});

test('a part says which it is, of how many, and of what', async () => {
  const parts = (await partsOf(long))!;
  expect(parts.length).toBeGreaterThan(3);
  // From a shell: printf %s TEXT | sha256sum.
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256').update(long).digest('hex').slice(0, 16);
  parts.forEach((part, index) =>
    expect(part).toMatch(new RegExp(`^RSCQ1 ${index + 1}/${parts.length} ${digest} [\\w-]+$`)),
  );
});

test('missing, mixed, doubled and altered parts are found', async () => {
  const parts = (await partsOf(long))!;
  const others = (await partsOf(long.toUpperCase()))!;
  const missing = parts.filter((_, index) => index !== 1 && index !== 2);
  expect(await joinParts(missing)).toEqual({ problem: `Of ${parts.length} codes 2, 3 are missing.` });
  const mixed = [...parts.slice(1), others[0]!];
  expect(await joinParts(mixed)).toMatchObject({
    problem: expect.stringContaining('belong together') as string,
  });
  const [first = ''] = parts;
  const changed = `${first.slice(0, -1)}${first.endsWith('A') ? 'B' : 'A'}`;
  expect(await joinParts([...parts, changed])).toEqual({
    problem: 'Code 1 is there twice, and the two differ.',
  });
  expect(await joinParts([changed, ...parts.slice(1)])).toMatchObject({
    problem: expect.stringContaining('altered or misread') as string,
  });
  expect(await joinParts([])).toMatchObject({ problem: 'No code was found.' });
  for (const wrong of ['https://example.com', first.replace('RSCQ1', 'RSCQ2'), first.replace('1/', '0/')]) {
    expect(await joinParts([wrong, ...parts.slice(1)])).toHaveProperty('problem');
  }
});

test('a text that unfolds into very much is refused, and one that is too long has no codes', async () => {
  const bomb = (await partsOf('0'.repeat(9_000_000)))!;
  expect(await joinParts(bomb)).toEqual({ problem: 'The codes hold more than any plan.' });
  expect(
    await partsOf(
      long.repeat(1) + Array.from({ length: 6_000 }, (_, n) => (n * 2_654_435_761).toString(36)).join(' '),
    ),
  ).toBeNull();
});
