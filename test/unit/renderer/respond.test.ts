import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { OperationName, OutputOf } from '#shared/ipc/contract.ts';
import { type ConsoleBrowser, launchConsole } from '../../support/console-page.ts';
import { failing } from '../../support/fake-answers.ts';
import type { FakeAnswer, FakeAnswers } from '../../support/fake-bridge.ts';

let browser: ConsoleBrowser;
beforeAll(async () => {
  browser = await launchConsole();
}, 120_000);
afterAll(() => browser.close());
afterEach(() => {
  const errors = browser.errors.splice(0);
  if (errors.length > 0) throw new Error(`The page reported: ${errors.join('; ')}`);
});

const answer = <K extends OperationName>(value: OutputOf<K>): FakeAnswer => ({
  result: { ok: true, value },
  delay: 10,
});

const answers: FakeAnswers = {
  'respond.plans': answer<'respond.plans'>([]),
  'respond.runs': answer<'respond.runs'>([]),
  'respond.roster': answer<'respond.roster'>(null),
  'provider.list': answer<'provider.list'>([]),
  'provider.types': answer<'provider.types'>([
    {
      type: 'directory',
      title: 'A directory',
      secrets: [{ name: 'password', title: 'Password', required: true }],
      permissions: [{ name: 'write', neededFor: 'locking', why: 'sets the lock' }],
      provedOn: 'contract-fake',
      settings: [{ name: 'url', required: true, help: 'where it is' }],
    },
  ]),
};

const screens: readonly (readonly [string, string, FakeAnswers, string])[] = [
  ['plans without any', '#/respond', answers, 'There is no plan yet'],
  [
    'plans that fail',
    '#/respond',
    { ...answers, 'respond.plans': failing('crashed', 'It ended.') },
    'It ended.',
  ],
  ['providers without any', '#/respond/providers', answers, 'No provider is set up'],
  ['roster without one', '#/respond/people', answers, 'No roster is pinned'],
  ['receipts', '#/respond/receipts', answers, 'Choose a receipt'],
  [
    'plan that is gone',
    '#/respond/plan/plan-1',
    { ...answers, 'respond.preview': failing('not-found', 'There is no such plan.') },
    'There is no such plan.',
  ],
];

describe.each(['dark', 'light'])('in the %s theme axe finds nothing', (theme) => {
  test.each(screens)('on the %s', async (_name, address, given, sign) => {
    const page = await browser.open(address, given, { theme });
    await page.getByText(sign).first().waitFor();
    expect(await browser.violations(page)).toEqual([]);
    await page.close();
  });
});

test('a secret leaves the page as it is sent, also where the host refuses it', async () => {
  const page = await browser.open('#/respond/providers', {
    ...answers,
    'provider.add': failing('refused', 'Not here.'),
  });
  await page.getByRole('button', { name: 'Add a provider' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('d');
  await page.getByLabel(/^url/).fill('ldaps://d.example');
  const secret = page.getByLabel(/^Password/);
  expect(await secret.getAttribute('type')).toBe('password');
  await secret.fill('canary-7f1d');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Not here.').waitFor();
  expect(await secret.inputValue()).toBe('');
  await page.close();
});
