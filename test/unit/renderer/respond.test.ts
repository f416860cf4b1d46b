import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { OperationName, OutputOf } from '#shared/ipc/contract.ts';
import { type Screen, consoleOfThisFile, testAccessibility } from '../../support/console-suite.ts';
import { violations } from '../../support/axe.ts';
import { failing } from '../../support/fake-answers.ts';
import { inputsOf } from '../../support/fake-calls.ts';
import { readyPlan } from '../../support/fake-plan.ts';
import type { FakeAnswer, FakeAnswers } from '../../support/fake-bridge.ts';

const browser = consoleOfThisFile();

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

const screens: readonly Screen[] = [
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

testAccessibility(browser, screens);

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

/** Random letters do not become fewer by compression: about two codes. */
const envelope = JSON.stringify({
  payloadType: 'application/vnd.in-toto+json',
  payload: Array.from({ length: 90 }, (_, index) => (index * 2_654_435_761).toString(36)).join(''),
  signatures: [{ keyid: 'k', sig: 's' }],
});

const exchange: FakeAnswers = {
  ...answers,
  'respond.preview': answer<'respond.preview'>(readyPlan),
  'respond.planFile': answer<'respond.planFile'>({
    path: '/case/plans/plan-1.json',
    name: 'plan-1.json',
    text: JSON.stringify({ hash: readyPlan.hash, approvals: [] }),
  }),
  'respond.readPlan': answer<'respond.readPlan'>(readyPlan),
  'respond.signPlan': answer<'respond.signPlan'>({ envelope }),
  'respond.addApproval': answer<'respond.addApproval'>(readyPlan),
  'files.browse': answer<'files.browse'>({
    folder: '/home/ben',
    self: { token: 'token-of-home', name: 'ben', kind: 'folder', bytes: null },
    parent: null,
    entries: [{ token: 'token-of-the-key', name: 'ben.key', kind: 'file', bytes: 1 }],
    truncated: false,
  }),
};

/** Takes a picture of each code that the dialog shows. */
async function pictures(page: Page): Promise<Buffer[]> {
  const taken: Buffer[] = [];
  const next = page.getByRole('button', { name: 'Next code' });
  for (;;) {
    taken.push(await page.getByRole('img', { name: /^Code \d+ of/ }).screenshot());
    if ((await next.count()) === 0 || (await next.isDisabled())) return taken;
    await next.click();
  }
}

const asFiles = (list: readonly Buffer[]) =>
  list.map((buffer, index) => ({ name: `photo-${index}.png`, mimeType: 'image/png', buffer }));

test('a plan goes to a co-approver and the approval comes back by pictures of codes alone', async () => {
  const page = await browser.open('#/respond/plan/plan-1', exchange);
  await page.getByRole('button', { name: 'Show as QR codes' }).click();
  const plan = await pictures(page);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Close' }).last().click();

  const other = await browser.open('#/respond', exchange);
  await other.getByRole('button', { name: 'Sign a plan of another machine …' }).click();
  const upload = other.getByLabel('Plan of another machine', { exact: true });
  await upload.setInputFiles(asFiles(plan));
  await other.getByText(readyPlan.hash).waitFor();
  const [read] = await inputsOf(other, 'respond.readPlan');
  expect(read).toEqual({ text: JSON.stringify({ hash: readyPlan.hash, approvals: [] }) });
  await other.getByRole('button', { name: 'Choose the key file …' }).click();
  await other.getByRole('checkbox', { name: 'Choose ben.key' }).check();
  await other.getByRole('button', { name: 'Use 1 chosen' }).click();
  await other.getByRole('button', { name: 'Sign the approval' }).click();
  await other.getByRole('button', { name: 'Save the approval' }).waitFor();
  const approval = await pictures(other);
  expect(approval.length).toBeGreaterThan(1);
  expect(await violations(other)).toEqual([]);
  await other.close();

  const load = page.getByLabel('Signed plan');
  await load.setInputFiles(asFiles(approval.slice(1)));
  await page.getByText(/^Of \d codes 1 is missing\.$/).waitFor();
  await load.setInputFiles(asFiles([...approval.slice(0, 1), ...plan]));
  await page.getByText(/do not belong together/).waitFor();
  expect(await inputsOf(page, 'respond.addApproval')).toEqual([]);
  await load.setInputFiles(asFiles(approval.toReversed()));
  await expect
    .poll(() => inputsOf(page, 'respond.addApproval'))
    .toEqual([{ plan: { id: 'plan-1' }, envelope }]);
  await page.close();
});

test('what is no picture of a code is said to be none', async () => {
  const page = await browser.open('#/respond/plan/plan-1', exchange);
  const load = page.getByLabel('Signed plan');
  await load.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no image') });
  await page.getByText('a.png is no image that can be read.').waitFor();
  const buffer = await page.getByRole('navigation').first().screenshot();
  await load.setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer });
  await page.getByText(/No QR code was found in b\.png/).waitFor();
  expect(await inputsOf(page, 'respond.addApproval')).toEqual([]);
  await page.close();
});
