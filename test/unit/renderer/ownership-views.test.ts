import { expect, test } from 'vitest';
import { type Screen, consoleOfThisFile, testAccessibility } from '../../support/console-suite.ts';
import { inputsOf } from '../../support/fake-calls.ts';
import { onlyIdentity } from '../../support/fake-people.ts';

const browser = consoleOfThisFile();

const screens: readonly Screen[] = [
  ['owners', '#/ownership', {}, 'the same writes and approves'],
  [
    'owners without any',
    '#/ownership',
    { 'ownership.list': { result: { ok: true, value: [] }, delay: 0 } },
    'Nobody is named yet',
  ],
  ['exceptions', '#/ownership/exceptions', onlyIdentity(1), 'expired, still used'],
];

testAccessibility(browser, screens);

test('the matrix of owners is changed row by row, with a reason, and asked about one thing', async () => {
  const shown = await browser.open('#/ownership');
  const grid = shown.getByRole('grid', { name: 'Owners' });
  await grid.getByText('policies/*').waitFor();
  await shown.getByRole('textbox', { name: 'Path of a policy or id of an identity' }).fill('policies/a.json');
  await shown.keyboard.press('Enter');
  await shown.getByRole('status').getByText('cleo').waitFor();
  expect(await inputsOf(shown, 'ownership.of')).toEqual([{ policy: 'policies/a.json' }]);
  await grid.focus();
  await shown.keyboard.press('Enter');
  const dialog = shown.getByRole('dialog', { name: 'Change the row' });
  await dialog.getByLabel('Writes').fill('ben; dana ben');
  expect(await dialog.getByRole('button', { name: 'Keep' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Reason').fill('Two people.');
  await shown.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await grid.focus();
  await shown.keyboard.press('Enter');
  await dialog.getByLabel('Reason').fill('Gone.');
  await dialog.getByRole('button', { name: 'Take it out' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await inputsOf(shown, 'identities.decide')).toMatchObject([
    {
      why: 'Two people.',
      data: { replace: false, rows: [{ pattern: 'policies/*', writes: ['ben', 'dana'] }] },
    },
    { why: 'Gone.', data: { replace: true, rows: [{ pattern: 'arn:aws:iam::*:user/batch-*' }] } },
  ]);
  await shown.close();
});
