import { expect, test } from 'vitest';
import { type Screen, consoleOfThisFile, testAccessibility } from '../../support/console-suite.ts';
import { failing } from '../../support/fake-answers.ts';
import type { FakeAnswers } from '../../support/fake-bridge.ts';
import { inputsOf } from '../../support/fake-calls.ts';
import { bundles, changes } from '../../support/fake-drift.ts';

const browser = consoleOfThisFile();

const changeAddress = `change:second/third/${changes[0]?.key}`;
const unchanged: FakeAnswers = {
  'drift.run': { result: { ok: true, value: { changes: [], total: 0 } }, delay: 0 },
};

function withBundles(list: readonly unknown[]): FakeAnswers {
  return { 'bundles.list': { result: { ok: true, value: list }, delay: 0 } };
}

const screens: readonly Screen[] = [
  ['drift', '#/drift', {}, 'unexplained'],
  ['drift as a matrix', '#/drift/matrix=yes', {}, '+ gained'],
  ['change', `#/drift?selected=${encodeURIComponent(changeAddress)}`, {}, 'is a member of'],
  ['drift without a bundle', '#/drift', withBundles([]), 'This case has no policy bundle yet'],
  [
    'drift with one bundle',
    '#/drift',
    withBundles(bundles.slice(0, 1)),
    'There is one version of each policy set',
  ],
  ['drift without a change', '#/drift', unchanged, 'The effective permissions are the same'],
  [
    'failed drift',
    '#/drift',
    { 'drift.run': failing('unusable', 'A bundle is broken.') },
    'A bundle is broken.',
  ],
];

testAccessibility(browser, screens);

test('drift compares the latest two of a system, below each identity, and says what nothing explains', async () => {
  const page = await browser.open('#/drift', withBundles(bundles));
  const grid = page.getByRole('grid', { name: 'Changes' });
  await grid.getByText('iam:CreateUser').waitFor();
  expect((await inputsOf(page, 'drift.run'))[0]).toMatchObject({ from: 'second', to: 'third' });
  // Three identities with two changes each; a changed path stays folded away until it is asked for.
  expect(await grid.getByRole('row').count()).toBe(1 + 3 + 6);
  expect(await grid.getByText('unexplained').count()).toBe(1);
  await grid.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => grid.getByRole('row').count()).toBe(1 + 3 + 4);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'path changed 1' }).click();
  await grid.getByText('s3:GetObject').waitFor();
  await page.getByRole('button', { name: 'path changed 1' }).click();
  await page.getByRole('button', { name: 'unexplained 2' }).click();
  await expect
    .poll(() => page.getByRole('grid', { name: 'Changes' }).getByText('iam:CreateUser').count())
    .toBe(0);
  await page.getByRole('combobox', { name: 'From' }).selectOption({ index: 1 });
  await expect
    .poll(async () => (await inputsOf(page, 'drift.run')).at(-1))
    .toMatchObject({ from: 'first', to: 'third' });
  await page.close();
});

test('a folder of policies becomes the baseline that is compared from', async () => {
  const page = await browser.open('#/drift', {
    ...withBundles(bundles),
    'files.browse': {
      result: {
        ok: true,
        value: {
          folder: '/srv',
          self: { token: 'folder-token', name: 'srv', kind: 'folder', bytes: 0 },
          parent: null,
          entries: [],
          truncated: false,
        },
      },
      delay: 0,
    },
    'bundles.add': { result: { ok: true, value: bundles[1] }, delay: 0 },
  });
  await page.getByRole('button', { name: 'From a baseline …' }).click();
  await page.getByRole('button', { name: 'Use this folder' }).click();
  await expect
    .poll(async () => (await inputsOf(page, 'drift.run')).at(-1))
    .toMatchObject({ from: 'first', to: 'third' });
  expect(await inputsOf(page, 'bundles.add')).toEqual([{ token: 'folder-token' }]);
  await page.close();
});

test('the matrix has one tab stop and moves by arrows; a cell leads to its changes', async () => {
  const page = await browser.open('#/drift/matrix=yes');
  const matrix = page.getByRole('grid', { name: 'Changes by identity and group of actions' });
  await matrix.waitFor();
  expect(await matrix.locator('[tabindex="0"]').count()).toBe(1);
  await matrix.locator('[tabindex="0"]').focus();
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.querySelector('.visually-hidden')?.textContent ?? null);
  const cells = new Set<string | null>([await focused()]);
  for (const key of ['ArrowRight', 'ArrowRight', 'Control+End', 'ArrowUp', 'Control+Home']) {
    await page.keyboard.press(key);
    cells.add(await focused());
  }
  expect([...cells]).toContain('no change');
  await matrix.getByRole('button', { name: '2 gained' }).click();
  const grid = page.getByRole('grid', { name: 'Changes' });
  await expect.poll(() => grid.getByRole('row').count()).toBe(1 + 1 + 2);
  await page.getByRole('button', { name: /^only .*ana · iam$/ }).click();
  await expect.poll(() => grid.getByRole('row').count()).toBe(1 + 3 + 6);
  await page.close();
});
