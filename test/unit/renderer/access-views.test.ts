import { expect, test } from 'vitest';
import { type Screen, consoleOfThisFile, testAccessibility } from '../../support/console-suite.ts';
import type { FakeAnswer } from '../../support/fake-bridge.ts';
import { lastInputOf } from '../../support/fake-calls.ts';
import { driftAnswers } from '../../support/fake-drift.ts';
import { identities, onlyIdentity } from '../../support/fake-people.ts';

const browser = consoleOfThisFile();
const identity = `#/identities?selected=${encodeURIComponent(`identity:${identities[1]?.id}`)}`;

/** The address of a part of the second identity's page. */
function page(part: string): string {
  const tab = new URLSearchParams({ identity: identities[1]?.id ?? '', part });
  return `#/identities/${tab.toString()}`;
}

const screens: readonly Screen[] = [
  ['identity’s permissions', page('permissions'), onlyIdentity(1), 'It is used for a reason.'],
  ['identity’s grant paths', page('paths'), onlyIdentity(1), 'group/builders'],
  ['identity’s behaviour', page('behaviour'), onlyIdentity(1), '< 0.1 %'],
  ['identity’s smallest policy', page('proposal'), onlyIdentity(1), 'Bucket policies stay as they are.'],
  ['identity’s reach', page('reach'), onlyIdentity(1), 'Put a new version of a policy'],
];

testAccessibility(browser, screens);

test('grant paths are a graph with one tab stop that moves by arrows, and a table behind it', async () => {
  const shown = await browser.open(page('paths'), onlyIdentity(1));
  const graph = shown.getByRole('application');
  await graph.focus();
  const current = async (): Promise<string | null> => {
    const id = await graph.getAttribute('aria-activedescendant');
    return shown.locator(`[id="${id}"]`).getAttribute('aria-label');
  };
  expect(await current()).toContain('user/batch-1, identity');
  const walked: (string | null)[] = [];
  for (let step = 0; step < 4; step++) {
    await shown.keyboard.press('ArrowRight');
    walked.push(await current());
  }
  expect(walked.slice(0, 3)).toEqual(['group/builders, group', 'BuildPolicy, policy', 'Build, statement']);
  expect(walked[3]).toMatch(/^s3:Get/);
  await shown.getByRole('button', { name: 'Table' }).click();
  const grid = shown.getByRole('grid', { name: 'Grant paths' });
  await expect.poll(() => grid.getByRole('row').count()).toBe(1 + 3);
  await grid.getByText('is a member of group/builders, has attached BuildPolicy').first().waitFor();
  await shown.getByRole('link', { name: 'All identities' }).click();
  await shown.getByRole('heading', { name: 'Identities', level: 1 }).waitFor();
  await shown.close();
});

test('what was granted stands beside what was used, not used, or cannot be known, with the reason', async () => {
  const page = await browser.open(identity, onlyIdentity(1));
  const part = page.getByRole('region', { name: 'Granted and used' });
  await part.getByText('It is used for a reason.').waitFor();
  await part.getByRole('button', { name: 'cannot know 1' }).click();
  await part.getByText('It is cannot-know for a reason.').waitFor();
  expect(await part.getByText('It is used for a reason.').count()).toBe(0);
  await page.close();
});

test('permissions of any number are paged, by use and by text, beside the counts of all', async () => {
  const usage = driftAnswers['usage.run'];
  const counts = { used: 30_000, 'not-used': 30_000, 'cannot-know': 30_000 };
  const many = { ...usage, total: 90_000, more: { bundle: 'third', asOf: null, counts } } as FakeAnswer;
  const shown = await browser.open(page('permissions'), { ...onlyIdentity(1), 'usage.run': many });
  const grid = shown.getByRole('grid', { name: 'Granted and used' });
  await shown.getByText('90\u2009000 of 90\u2009000 permissions').waitFor();
  await shown.getByRole('button', { name: 'not used 30\u2009000' }).click();
  await shown.getByText('30\u2009000 of 90\u2009000 permissions').waitFor();
  await grid.getByText('It is not-used for a reason.').first().waitFor();
  expect(await grid.getByText('It is used for a reason.').count()).toBe(0);
  await grid.focus();
  await shown.keyboard.press('End');
  await expect
    .poll(() => lastInputOf(shown, 'usage.run'))
    .toMatchObject({ usage: 'not-used', offset: 29_800, limit: 200 });
  await shown.getByLabel('Part of the action or resource').fill(' s3: ');
  await expect
    .poll(() => lastInputOf(shown, 'usage.run'))
    .toMatchObject({ usage: 'not-used', text: 's3:', offset: 0 });
  await shown.close();
});
