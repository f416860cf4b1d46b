import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { consoleOfThisFile } from '../../support/console-suite.ts';
import type { FakeAnswers } from '../../support/fake-bridge.ts';
import { inputsOf } from '../../support/fake-calls.ts';
import { identities, onlyIdentity } from '../../support/fake-people.ts';
import { readyPlan, rosterWithOrder } from '../../support/fake-plan.ts';

const browser = consoleOfThisFile();
const identity = `#/identities?selected=${encodeURIComponent(`identity:${identities[1]?.id}`)}`;
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
