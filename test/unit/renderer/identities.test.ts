import { expect, test } from 'vitest';
import { type Screen, consoleOfThisFile, testAccessibility } from '../../support/console-suite.ts';
import { caseSummary, failing } from '../../support/fake-answers.ts';
import type { FakeAnswers } from '../../support/fake-bridge.ts';
import { inputsOf } from '../../support/fake-calls.ts';
import { identities, onlyIdentity } from '../../support/fake-people.ts';

const browser = consoleOfThisFile();
const empty: FakeAnswers = { 'identities.list': { list: 'rows', rows: [], total: 0, delay: 0 } };
const identity = `#/identities?selected=${encodeURIComponent(`identity:${identities[1]?.id}`)}`;
const logKey = '["log","arn:aws:iam::021345678901:user/batch-1","021345678901"]';

/** The address of a part of the second identity's page. */
function page(part: string): string {
  const tab = new URLSearchParams({ identity: identities[1]?.id ?? '', part });
  return `#/identities/${tab.toString()}`;
}

const screens: readonly Screen[] = [
  ['identities', '#/identities', {}, '100\u2009000 identities'],
  ['identities that none match', '#/identities/dormancy=dormant', empty, 'No identity is like that'],
  ['identities judged at no time', '#/identities/as-of=soon', {}, 'The reference time cannot be read'],
  [
    'failed identities',
    '#/identities',
    { 'identities.list': failing('crashed', 'The list is gone.') },
    'The list is gone.',
  ],
  ['identity’s story', identity, onlyIdentity(1), 'ASIASECOND'],
  ['identity’s page', page('story'), onlyIdentity(1), 'ASIASECOND'],
  ['review of matches', '#/identities/review=yes', {}, 'the same name'],
  ['credential', '#/identities?selected=credential:AKIAROOT', {}, 'ASIASECOND'],
];

testAccessibility(browser, screens);

test('text, dormancy, reference time and days are asked of the host and stand in the address', async () => {
  const page = await browser.open('#/identities');
  await page.getByText('100\u2009000 identities').waitFor();
  await page.getByRole('textbox', { name: 'Part of the id, name or account' }).fill('a/b & ü');
  await page.getByRole('combobox', { name: 'Dormancy' }).selectOption('cannot-know');
  await page.getByRole('textbox', { name: 'Judged at' }).fill('2026-05-10');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Dormant after days' }).fill('30');
  await page.keyboard.press('Enter');
  const asked = { text: 'a/b & ü', dormancy: 'cannot-know', asOf: '2026-05-10', dormantAfterDays: 30 };
  await expect.poll(async () => (await inputsOf(page, 'identities.list')).at(-1)).toMatchObject(asked);
  await page.reload();
  await expect.poll(async () => (await inputsOf(page, 'identities.list'))[0]).toMatchObject(asked);
  expect(await page.getByRole('textbox', { name: 'Part of the id, name or account' }).inputValue()).toBe(
    'a/b & ü',
  );
  await page.goBack();
  await expect
    .poll(async () => (await inputsOf(page, 'identities.list')).at(-1))
    .toMatchObject({ ...asked, dormantAfterDays: 90 });
  await page.close();
});

test('a hundred thousand identities scroll with few rows drawn, in the order of a heading', async () => {
  const page = await browser.open('#/identities');
  const grid = page.getByRole('grid', { name: 'Identities' });
  await grid.focus();
  await page.keyboard.press('End');
  await grid.locator('[role=row][aria-rowindex="100001"]').getByText('batch-39').first().waitFor();
  expect(await grid.getByRole('row').count()).toBeLessThan(100);
  await grid.getByRole('button', { name: 'Denied' }).click();
  await expect
    .poll(async () => (await inputsOf(page, 'identities.list')).at(-1))
    .toMatchObject({ sort: '-denied' });
  expect(await grid.getByRole('columnheader', { name: 'Denied' }).getAttribute('aria-sort')).toBe(
    'descending',
  );
  await page.close();
});

test('dormancy is told with the logs on which it rests; what no directory says is not known', async () => {
  const page = await browser.open(identity, onlyIdentity(1));
  const story = page.getByRole('complementary', { name: 'the detail panel' });
  await story.getByText(/It lies dormant\. Last sign of it 28 days 17 hours before 2026-05-31/).waitFor();
  await story.getByText(/events on 88 of 90 days since 2026-03-02/).waitFor();
  expect(await story.getByText('Last seen', { exact: true }).first().locator('..').innerText()).toContain(
    'it was refused a right, which shows that its credential works',
  );
  await page.close();
  const other = await browser.open(identity, onlyIdentity(0));
  await other.getByText('not known: no directory in the case covers identities of this kind').waitFor();
  await other.close();
});

test('the lineage is a tree by keys: fold, move, more children, and the credential opens', async () => {
  const page = await browser.open('#/identities?selected=credential:AKIAROOT');
  const tree = page.getByRole('tree');
  await tree.focus();
  const current = async (): Promise<string> => {
    const id = await tree.getAttribute('aria-activedescendant');
    return page.locator(`[id="${id}"]`).innerText();
  };
  const items = tree.getByRole('treeitem');
  expect(await items.count()).toBe(2 + 50 + 1 + 1);
  await page.keyboard.press('ArrowRight');
  await expect.poll(current).toContain('ASIAFIRST');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => items.count()).toBe(3);
  await page.keyboard.press('ArrowDown');
  await expect.poll(current).toContain('ASIASECOND');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowRight');
  await tree.getByText('70 more …').click();
  await expect.poll(() => items.count()).toBe(2 + 120 + 1);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).hash).toContain('selected=credential%3AASIASECOND');
  await page.close();
});

test('a decision needs a reason, names an appearance, and stands in the identity’s story', async () => {
  const shown = await browser.open(page('story'), onlyIdentity(1));
  await shown.getByText('both have the same ARN').waitFor();
  await shown.getByText('expired', { exact: true }).waitFor();
  await shown.getByText('and still active').waitFor();
  await shown.getByRole('table', { name: 'Decisions' }).getByText('owner: platform').waitFor();
  await shown.getByRole('button', { name: 'Decide' }).click();
  await shown.getByRole('menuitem', { name: 'Standing, temporary or exception …' }).click();
  const dialog = shown.getByRole('dialog');
  const decide = dialog.getByRole('button', { name: 'Decide' });
  await dialog.getByLabel('Reason').fill('Approved by the board.');
  await dialog.getByLabel('Until').fill('next week');
  await dialog.getByText('This is no time.').waitFor();
  expect(await decide.isDisabled()).toBe(true);
  await dialog.getByLabel('Until').fill('2026-12-31T00:00:00Z');
  await shown.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(await inputsOf(shown, 'identities.decide')).toEqual([
    {
      why: 'Approved by the board.',
      data: {
        kind: 'standing',
        appearance: logKey,
        as: 'exception',
        until: '2026-12-31T00:00:00Z',
      },
    },
  ]);
  await shown.close();
});

test('doubtful matches are decided one by one, with the reasons for and against', async () => {
  const shown = await browser.open('#/identities');
  await shown.getByRole('link', { name: '1 doubtful match to review' }).click();
  await shown.getByText('another account').waitFor();
  await shown.getByRole('button', { name: 'Two identities' }).click();
  await shown.getByRole('dialog').getByLabel('Reason').fill('Namesakes.');
  await shown.keyboard.press('Enter');
  await shown.getByText('Decision 4 is in the journal.').waitFor();
  expect(await inputsOf(shown, 'identities.decide')).toMatchObject([
    { data: { kind: 'distinct', appearances: [logKey, 'okta batch'] } },
  ]);
  await shown.close();
});

test('identities of a case with exports of directories and no logs are shown', async () => {
  const noEvents: FakeAnswers = {
    'case.current': { result: { ok: true, value: { ...caseSummary, events: 0 } }, delay: 0 },
  };
  const page = await browser.open('#/identities', noEvents);
  await page.getByRole('grid', { name: 'Identities' }).waitFor();
  await page.close();
  const nobody = await browser.open('#/identities', {
    ...noEvents,
    ...empty,
  });
  await nobody.getByText('This case has no events yet').waitFor();
  expect(await nobody.getByRole('button', { name: 'Import logs' }).isEnabled()).toBe(true);
  await nobody.close();
});
