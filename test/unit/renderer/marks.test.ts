import { expect, test } from 'vitest';
import { violationsInBothThemes } from '../../support/axe.ts';
import { consoleOfThisFile } from '../../support/console-suite.ts';
import { identities } from '../../support/fake-people.ts';

const browser = consoleOfThisFile();

test('several identities are marked by key and by pointer, and one plan is about all of them', async () => {
  const page = await browser.open('#/identities', {});
  const grid = page.getByRole('grid', { name: 'Identities' });
  await grid.getByRole('row').nth(3).waitFor();
  await grid.focus();
  await page.keyboard.press('x');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  const bar = page.getByRole('group', { name: 'Marked' });
  await bar.getByText('2 marked').waitFor();
  await page.keyboard.press('x');
  await bar.getByText('1 marked').waitFor();
  await grid.getByRole('button', { name: 'Mark user/batch-2', exact: true }).click();
  await bar.getByText('2 marked').waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await grid.focus();
  await page.keyboard.press('X');
  await page.getByRole('heading', { name: 'Respond', level: 1 }).waitFor();
  const taken = page.getByRole('list', { name: 'To be taken away' });
  for (const at of [0, 2]) await taken.getByText(identities[at]?.id ?? '').waitFor();
  expect(await taken.getByRole('listitem').count()).toBe(2);
  await page.close();
});

test('several findings are marked: a plan is about their subjects, each once', async () => {
  const page = await browser.open('#/findings', {});
  const grid = page.getByRole('grid', { name: 'Findings' });
  await grid.getByText('A critical thing happened').waitFor();
  const buttons = grid.getByRole('button', { name: /^Mark / });
  const subjects = new Set<string>();
  for (const button of await buttons.all()) {
    subjects.add((await button.getAttribute('aria-label')) ?? '');
    if ((await button.getAttribute('aria-pressed')) === 'false') await button.click();
  }
  const bar = page.getByRole('group', { name: 'Marked' });
  await bar.getByText(`${subjects.size} marked`).waitFor();
  await bar.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('heading', { name: 'Respond', level: 1 }).waitFor();
  const taken = page.getByRole('list', { name: 'To be taken away' });
  await taken.getByRole('listitem').first().waitFor();
  expect(await taken.getByRole('listitem').count()).toBe(subjects.size);
  await page.close();
});
