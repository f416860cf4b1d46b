import { describe, expect, test } from 'vitest';
import { violationsInBothThemes } from '../../support/axe.ts';
import { consoleOfThisFile } from '../../support/console-suite.ts';
import type { FakeAnswers } from '../../support/fake-bridge.ts';
import { identities, onlyIdentity } from '../../support/fake-people.ts';

const browser = consoleOfThisFile();

const [, person] = identities;
const story = `#/identities/${new URLSearchParams({ identity: person?.id ?? '', part: 'story' }).toString()}`;

describe('an identity’s story', () => {
  test('says what changed of its permissions, and by whom', async () => {
    const page = await browser.open(story, onlyIdentity(1));
    const table = page.getByRole('region', { name: 'Changes of its permissions' });
    await table.getByText('unexplained').first().waitFor();
    // Of seven changes one takes nothing and gives nothing.
    expect(await table.getByRole('row').count()).toBe(7);
    expect(await violationsInBothThemes(page)).toEqual([]);
    await table.getByRole('link', { name: 'iam:PassRole' }).click();
    await page.getByRole('heading', { level: 1, name: 'Drift' }).waitFor();
    expect(page.url()).toContain('from=second');
    expect(decodeURIComponent(page.url())).toContain('change:second/third/');
    await page.close();
  });

  test('says in which bundles it stands', async () => {
    const [first] = person?.appearances ?? [];
    const mention = {
      id: 'third',
      system: 'aws-iam',
      inForceFrom: '2026-05-20T00:00:00Z',
      isDefined: false,
      reasons: ['Trusted by arn:aws:iam::021345678901:role/deploy.'],
      path: 'account.json',
      locator: '/RoleDetailList/0/AssumeRolePolicyDocument',
    };
    const inBundle = { ...first, key: 'b', source: 'bundle', formats: ['aws-iam'], bundles: [mention] };
    const page = await browser.open(story, withIdentity({ appearances: [first, inBundle] }));
    const list = page.getByRole('list', { name: 'In bundles' });
    await list.getByText('names it: Trusted by arn:aws:iam::021345678901:role/deploy.').waitFor();
    expect(await violationsInBothThemes(page)).toEqual([]);
    await page.close();
  });
});

test('an account that a directory lets end is among the exceptions', async () => {
  const answers = withIdentity({ standing: 'temporary', standingUntil: '2026-04-01T00:00:00Z' });
  const decisions: FakeAnswers = { 'identities.decisions': { result: { ok: true, value: [] }, delay: 0 } };
  const page = await browser.open('#/ownership/exceptions', { ...answers, ...decisions });
  const row = page.getByRole('row', { name: /Its account ends then/ });
  await row.getByText('expired, still used').waitFor();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await page.close();
});

function withIdentity(change: object): FakeAnswers {
  const rows = [{ ...person, ...change }];
  return {
    'identities.list': {
      result: { ok: true, value: { asOf: '2026-05-31T00:00:00Z', total: 1, rows } },
      delay: 0,
    },
  };
}
