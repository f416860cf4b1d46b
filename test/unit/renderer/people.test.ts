import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleBrowser, launchConsole } from '../../support/console-page.ts';
import { failing } from '../../support/fake-answers.ts';
import type { FakeAnswers } from '../../support/fake-bridge.ts';
import { bundles, changes } from '../../support/fake-drift.ts';
import { identities, onlyIdentity } from '../../support/fake-people.ts';
import { readyPlan, rosterWithOrder } from '../../support/fake-plan.ts';

let browser: ConsoleBrowser;
beforeAll(async () => {
  browser = await launchConsole();
}, 120_000);
afterAll(() => browser.close());
afterEach(() => {
  const errors = browser.errors.splice(0);
  if (errors.length > 0) throw new Error(`The page reported: ${errors.join('; ')}`);
});

const empty: FakeAnswers = { 'identities.list': { list: 'rows', rows: [], total: 0, delay: 0 } };
const identity = `#/identities?selected=${encodeURIComponent(`identity:${identities[1]?.id}`)}`;

/** The address of a part of the second identity's page. */
function page(part: string): string {
  const tab = new URLSearchParams({ identity: identities[1]?.id ?? '', part });
  return `#/identities/${tab.toString()}`;
}

const changeAddress = `change:second/third/${changes[0]?.key}`;
const unchanged: FakeAnswers = {
  'drift.run': { result: { ok: true, value: { changes: [], total: 0 } }, delay: 0 },
};

function withBundles(list: readonly unknown[]): FakeAnswers {
  return { 'bundles.list': { result: { ok: true, value: list }, delay: 0 } };
}

const screens: readonly (readonly [string, string, FakeAnswers, string])[] = [
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
  ['identity’s permissions', page('permissions'), onlyIdentity(1), 'It is used for a reason.'],
  ['identity’s grant paths', page('paths'), onlyIdentity(1), 'group/builders'],
  ['identity’s behaviour', page('behaviour'), onlyIdentity(1), '< 0.1 %'],
  ['identity’s smallest policy', page('proposal'), onlyIdentity(1), 'Bucket policies stay as they are.'],
  ['identity’s reach', page('reach'), onlyIdentity(1), 'Put a new version of a policy'],
  ['credential', '#/identities?selected=credential:AKIAROOT', {}, 'ASIASECOND'],
  ['owners', '#/ownership', {}, 'the same writes and approves'],
  [
    'owners without any',
    '#/ownership',
    { 'ownership.list': { result: { ok: true, value: [] }, delay: 0 } },
    'Nobody is named yet',
  ],
  ['exceptions', '#/ownership/exceptions', onlyIdentity(1), 'expired, still used'],
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
  ['findings', '#/findings', {}, 'A critical thing happened'],
  ['finding', '#/findings?selected=finding:finding-high', {}, 'Take the key away.'],
  ['findings by mapping', '#/findings/group=mapping', {}, 'OWASP NHI Top 10 NHI7:2025 Long-Lived Secrets'],
  ['finding about rights', '#/findings?selected=finding:finding-critical', {}, 'Taken for granted'],
  ['findings of a severity without one', '#/findings/low', noneOf(), 'No finding of severity low'],
  [
    'failed findings',
    '#/findings',
    { 'findings.run': failing('crashed', 'The rules are gone.') },
    'The rules are gone.',
  ],
];

function noneOf(): FakeAnswers {
  return {
    'findings.run': {
      result: { ok: true, value: { findings: [], problems: [], rules: 35, unreadable: 2 } },
      delay: 0,
    },
  };
}

describe.each(['dark', 'light'])('in the %s theme axe finds nothing', (theme) => {
  test.each(screens)('on the %s', async (_name, address, answers, sign) => {
    const page = await browser.open(address, answers, { theme });
    await page.getByText(sign).first().waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await browser.violations(page)).toEqual([]);
    await page.close();
  });
});

/** The inputs of the page's calls of an operation. */
async function inputsOf(page: Page, name: string): Promise<Record<string, unknown>[]> {
  return page.evaluate((wanted) => {
    const { fakeCalls } = window as unknown as {
      fakeCalls: { name: string; input: Record<string, unknown> }[];
    };
    return fakeCalls.filter((call) => call.name === wanted).map(({ input }) => input);
  }, name);
}

const logKey = '["log","arn:aws:iam::021345678901:user/batch-1","021345678901"]';
const identityArn = identities[1]?.id ?? '';
const respondAnswers: FakeAnswers = {
  'respond.plans': { result: { ok: true, value: [] }, delay: 0 },
  'respond.runs': { result: { ok: true, value: [] }, delay: 0 },
  'respond.roster': { result: { ok: true, value: null }, delay: 0 },
  'provider.list': {
    result: {
      ok: true,
      value: [
        {
          name: 'cloud',
          type: 'aws',
          title: 'AWS',
          provedOn: 'contract-fake',
          settings: {},
          sourcedFrom: [],
          breakGlass: [],
          hasCertificateAuthority: false,
          logs: null,
        },
      ],
    },
    delay: 0,
  },
};

type Way = readonly [string, FakeAnswers, (page: Page) => Promise<void>, readonly string[]];

function revokeButton(page: Page) {
  return page.getByRole('button', { name: 'Revoke …' });
}

/** Ways into a plan, each with what it is then about. */
function waysToRevoke(): readonly Way[] {
  return [
    [identity, onlyIdentity(1), (page) => revokeButton(page).click(), [`identity\n${identityArn}`]],
    [
      '#/identities?selected=credential:AKIAROOT',
      {},
      async (page) => {
        await revokeButton(page).waitFor();
        await page.keyboard.press('r');
      },
      ['credential\nAKIAROOT'],
    ],
    [
      '#/identities?selected=credential:AKIAROOT',
      {},
      async (page) => {
        await page.getByRole('tree').focus();
        await page.keyboard.press('End');
        await page.keyboard.press('r');
      },
      ['credential\nASIASECOND'],
    ],
    [
      '#/findings',
      {},
      async (page) => {
        const grid = page.getByRole('grid', { name: 'Findings' });
        await grid.getByText('A critical thing happened').click({ button: 'right' });
        await page.getByRole('menuitem', { name: 'Revoke its subject …' }).click();
      },
      [`identity\n${identityArn}`],
    ],
    [
      '#/events?selected=event:x',
      {},
      async (page) => {
        await revokeButton(page).waitFor();
        await page.getByRole('button', { name: 'Choose what to revoke' }).click();
        await page.getByRole('menuitem', { name: /^session / }).click();
      },
      ['session\nsession-3'],
    ],
  ];
}

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

test('findings stand worst first, are narrowed by severity, and lead to their events and subject', async () => {
  const page = await browser.open('#/findings', onlyIdentity(1));
  const grid = page.getByRole('grid', { name: 'Findings' });
  await grid.getByText('A critical thing happened').waitFor();
  const severities = await grid.locator('[role=row] [aria-colindex="1"][role=gridcell]').allInnerTexts();
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

test('“Revoke …” leads from what is shown into a plan for it: by button, by key, by menu', async () => {
  for (const [address, answers, act, wanted] of waysToRevoke()) {
    const page = await browser.open(address, { ...answers, ...respondAnswers });
    await act(page);
    await page.getByRole('heading', { name: 'Respond', level: 1 }).waitFor();
    const list = page.getByRole('list', { name: 'To be taken away' });
    await expect.poll(() => list.getByRole('listitem').allInnerTexts()).toEqual(wanted);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Make the plan');
    await page.close();
  }
});

test('under a standing order two clicks lead from a finding to the confirm surface, whose control is the third', async () => {
  const address = '#/findings?selected=finding:finding-critical';
  const page = await browser.open(address, {
    ...respondAnswers,
    'respond.roster': { result: { ok: true, value: rosterWithOrder }, delay: 0 },
    'respond.plan': { result: { ok: true, value: readyPlan }, delay: 0 },
    'respond.preview': { result: { ok: true, value: readyPlan }, delay: 0 },
    'respond.confirm': {
      result: { ok: true, value: { confirmation: 'held-there' } },
      items: [{ address: null }],
      delay: 0,
    },
    'respond.execute': {
      result: { ok: false, error: { kind: 'cancelled', message: 'It goes no further here.' } },
      items: [{ run: 'run-1-a', action: null, kind: 'started', done: 0, total: 1 }],
      delay: 0,
    },
  });
  await page.getByRole('button', { name: 'Revoke …' }).click();
  await page.getByRole('button', { name: 'Emergency: make it, then to execution' }).click();
  await page.waitForURL(/respond\/run\/run-1-a/);
  expect(await inputsOf(page, 'respond.confirm')).toMatchObject([
    { plan: { id: 'plan-1' }, hash: readyPlan.hash },
  ]);
  expect(await inputsOf(page, 'respond.execute')).toEqual([
    { plan: { id: 'plan-1' }, confirmation: 'held-there' },
  ]);
  await page.close();
});

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
  await shown.getByRole('link', { name: '1 doubtful matches to review' }).click();
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

test('what was granted stands beside what was used, not used, or cannot be known, with the reason', async () => {
  const page = await browser.open(identity, onlyIdentity(1));
  const part = page.getByRole('region', { name: 'Granted and used' });
  await part.getByText('It is used for a reason.').waitFor();
  await part.getByRole('button', { name: 'cannot know 1' }).click();
  await part.getByText('It is cannot-know for a reason.').waitFor();
  expect(await part.getByText('It is used for a reason.').count()).toBe(0);
  await page.close();
});
