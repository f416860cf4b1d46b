import { expect, test } from 'vitest';
import { type Screen, consoleOfThisFile, testAccessibility } from '../../support/console-suite.ts';
import { failing } from '../../support/fake-answers.ts';
import type { FakeAnswers } from '../../support/fake-bridge.ts';
import { onlyIdentity } from '../../support/fake-people.ts';

const browser = consoleOfThisFile();

const screens: readonly Screen[] = [
  ['findings', '#/findings', {}, 'A critical thing happened'],
  ['finding', '#/findings?selected=finding:finding-high', {}, 'Take the key away.'],
  ['findings by mapping', '#/findings/group=mapping', {}, 'OWASP NHI Top 10 NHI7:2025 Long-Lived Secrets'],
  ['finding about rights', '#/findings?selected=finding:finding-critical', {}, 'Taken for granted'],
  ['findings of a severity without one', '#/findings/low', noneOf(), 'No finding of severity low'],
  [
    'findings without one of the analyses',
    '#/findings',
    noneOf([{ what: 'Ways to more rights under bundle 9d1e', why: 'It took more than 10 seconds.' }]),
    'It took more than 10 seconds.',
  ],
  [
    'failed findings',
    '#/findings',
    { 'findings.run': failing('crashed', 'The rules are gone.') },
    'The rules are gone.',
  ],
];

testAccessibility(browser, screens);

function noneOf(unanswered: readonly { what: string; why: string }[] = []): FakeAnswers {
  return {
    'findings.run': {
      result: { ok: true, value: { findings: [], problems: [], rules: 35, unreadable: 2, unanswered } },
      delay: 0,
    },
  };
}

test('findings stand worst first, are narrowed by severity, and lead to their events and subject', async () => {
  const page = await browser.open('#/findings', onlyIdentity(1));
  const grid = page.getByRole('grid', { name: 'Findings' });
  await grid.getByText('A critical thing happened').waitFor();
  const severities = await grid.locator('[role=row] [aria-colindex="2"][role=gridcell]').allInnerTexts();
  expect(severities).toEqual(['critical', 'high', 'medium', 'low', 'informational']);
  await page.getByRole('button', { name: 'medium 1' }).click();
  await expect.poll(() => grid.getByRole('row').count()).toBe(2);
  await grid.focus();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary', { name: 'the detail panel' });
  await detail.getByText('The first 10 of 40.').waitFor();
  expect(await detail.innerText()).not.toContain('\u202e');
  await detail.getByRole('list').getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor();
  expect(new URL(page.url()).hash).toContain('selected=event');
  await page.goBack();
  await detail.getByRole('link', { name: 'user/batch-1' }).first().click();
  await page.getByRole('heading', { name: 'Identities', level: 1 }).waitFor();
  await page.close();
});

test('findings are grouped and narrowed by text; what is shown is what is copied', async () => {
  const page = await browser.open('#/findings/group=subject');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const grid = page.getByRole('grid', { name: 'Findings' });
  await grid.getByText('user/batch-1').first().waitFor();
  expect(await grid.getByRole('row').count()).toBe(1 + 2 + 5);
  await grid.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => grid.getByRole('row').count()).toBe(1 + 2 + 1);
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('not grouped');
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 5, y: 300 } });
  await page.keyboard.press('/');
  await page.keyboard.type('Medium');
  await expect.poll(() => grid.getByRole('row').count()).toBe(2);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Copy 1 finding as CSV' }).click();
  await page.getByText('1 finding copied.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.split('\r\n')).toHaveLength(3);
  expect(copied.split('\r\n')[1]).toMatch(/^medium,A medium thing happened,arn:aws:iam::/);
  await page.close();
});
