import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { violations } from '../support/axe.ts';
import { projectRoot } from '../support/imports.ts';
import { type Cerbos, adminPassword, cerbosMissing, startCerbos } from '../support/respond/servers/cerbos.ts';
import { type OidcServer, clientSecret, startOidc } from '../support/respond/servers/oidc.ts';
import * as postgres from '../support/respond/servers/postgres.ts';
import { type ScimServer, scimToken, startScim } from '../support/respond/servers/scim.ts';
import * as slapd from '../support/respond/servers/slapd.ts';
import { holdToRun, openSurface } from './confirm-page.ts';
import { ConsoleObjects } from './console-objects.ts';
import { type Stage, openStage } from './served.ts';

const missing = slapd.slapdMissing ?? postgres.postgresMissing ?? cerbosMissing;

describe.skipIf(missing !== null)('five kinds of access in the console, on five real servers', () => {
  let stage: Stage;
  let directory: slapd.Slapd;
  let database: postgres.Postgres;
  let authorization: OidcServer;
  let accounts: ScimServer;
  let policies: Cerbos;
  let token = '';

  beforeAll(async () => {
    vi.stubEnv('RESCIND_PASSPHRASE', 'correct horse battery staple');
    [stage, directory, database, authorization, accounts, policies] = await Promise.all([
      openStage(),
      slapd.startSlapd(),
      postgres.startPostgres(),
      startOidc(),
      startScim(),
      startCerbos(),
    ]);
    token = await authorization.token('console');
  }, 180_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await stage.close();
    await Promise.all([directory, database, authorization, accounts, policies].map((each) => each.stop()));
  });

  /** What independent clients can still do as the suspect. */
  const access = async () => ({
    directory: directory.mayBind(slapd.suspectDn, slapd.suspectPassword),
    database: await database.mayLogin('mallory', postgres.suspectPassword),
    token: await isActive(authorization, token),
    account: accounts.accounts.get('u-1')?.['active'],
    policy: await policies.isAllowed('mallory', 'analyst'),
  });
  const everything = { directory: true, database: true, token: true, account: true, policy: true };
  const nothing = { directory: false, database: false, token: false, account: false, policy: false };

  test('set up, planned, approved by two of three, one of them by file, executed, proved and given back', async () => {
    const { page, home } = await stage.visit({ withSample: true });
    const objects = new ConsoleObjects(page);
    await objects.openSample();
    await objects.goTo('Respond');
    const keys = new Map(['anna', 'ben', 'cleo'].map((name) => [name, newKey(home, name)]));
    await makeAndPinRoster(page, home, keys);

    await page.getByRole('tab', { name: 'Providers' }).click();
    await add(page, 'ldap', 'directory', 'wrong', {
      url: directory.url,
      baseDn: slapd.base,
      bindDn: slapd.operatorDn,
    });
    const card = page.getByRole('region', { name: 'directory', exact: true });
    await card.getByRole('button', { name: 'Test' }).click();
    await card.getByText('there is no such entry, or the password is wrong').waitFor();
    await card.getByRole('button', { name: 'Settings …' }).click();
    await page.getByRole('dialog').locator('input[type=password]').fill(slapd.operatorPassword);
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await add(page, 'postgresql', 'database', postgres.operatorPassword, {
      host: '127.0.0.1',
      port: String(database.port),
      user: 'operator',
    });
    await add(page, 'oauth', 'tokens', clientSecret, { issuer: authorization.issuer, clientId: 'console' });
    await add(page, 'scim', 'accounts', scimToken, { url: accounts.url });
    await add(page, 'cerbos', 'policies', adminPassword, { url: policies.url });
    for (const name of ['directory', 'database', 'tokens', 'accounts', 'policies']) {
      const panel = page.getByRole('region', { name, exact: true });
      await panel.getByRole('button', { name: 'Test' }).click();
      await panel.getByText('✓ ready').waitFor();
    }
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Hold a credential …' }).click();
    await page.getByRole('dialog').getByLabel('Credential').fill(token);
    await page.getByRole('button', { name: 'Keep it in the vault' }).click();
    await page.getByLabel('What it is').selectOption('access_token');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add it to a plan' }).click();
    await page.getByRole('textbox', { name: 'Name or id' }).fill('mallory');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Make the plan' }).click();
    await page.getByRole('heading', { name: 'Plan', level: 1 }).waitFor();
    expect(await access()).toEqual(everything);

    await sign(page, 'anna.key');
    await page.getByText('1 of 2').waitFor();
    // The other one signs on a machine of their own, and the file comes back.
    const copy = await saved(page, home, () => page.getByRole('button', { name: 'Save the plan' }).click());
    rescind(home, 'approve', copy, '--key', join(home, 'cleo.key'));
    await page.getByLabel('Signed plan').setInputFiles(copy);
    await page.getByText('✓ may be executed').waitFor();
    await holdToRun(page, await openSurface(page));
    await page.getByText('✓ contained').waitFor({ timeout: 60_000 });
    expect(await access()).toEqual(nothing);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Issue and check' }).click();
    await page.getByText('✓ the receipt holds').waitFor({ timeout: 60_000 });

    await page.getByLabel('Watch each slice for').selectOption({ label: 'slices at once' });
    await page.getByRole('button', { name: 'Plan a restore' }).click();
    await page.getByRole('heading', { name: 'Restore plan', level: 1 }).waitFor({ timeout: 60_000 });
    await sign(page, 'anna.key');
    await page.getByText('1 of 2').waitFor();
    await sign(page, 'ben.key');
    await page.getByText('✓ may be executed').waitFor();
    await holdToRun(page, await openSurface(page));
    await page.getByText('finished').first().waitFor({ timeout: 60_000 });
    // The token is gone for good: whoever may sign in gets another one.
    expect(await access()).toEqual({ ...everything, token: false });
  }, 300_000);

  test('a standing order is made, signed, taken in and shown in the console', async () => {
    const { page, home } = await stage.visit({ withSample: true });
    const objects = new ConsoleObjects(page);
    await objects.openSample();
    await objects.goTo('Respond');
    const keys = new Map(['anna', 'ben', 'cleo'].map((name) => [name, newKey(home, name)]));
    await makeAndPinRoster(page, home, keys);
    await page.getByRole('tab', { name: 'Providers' }).click();
    await add(page, 'scim', 'accounts', scimToken, { url: accounts.url });
    await page.getByRole('tab', { name: 'Who may approve' }).click();

    await page.getByRole('button', { name: 'Make one …' }).click();
    await page.getByRole('dialog').getByLabel('Days').fill('7');
    await choose(page, 'Choose my key file …', 'anna.key', page.getByRole('dialog'));
    expect(await violations(page)).toEqual([]);
    const order = await saved(page, home, () => page.getByRole('button', { name: 'Sign and save' }).click());
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await takeIn(page, order);
    await page.getByText('it is signed by 1 of 2 who may').waitFor();

    const panel = page.getByRole('region', { name: 'Standing orders' });
    await panel.getByRole('button', { name: 'Sign one …' }).click();
    await choose(page, 'Choose the file …', fileOf(order), page.getByRole('dialog'));
    await choose(page, 'Choose my key file …', 'ben.key', page.getByRole('dialog'));
    const signed = await saved(page, home, () => page.getByRole('button', { name: 'Sign and save' }).click());
    await page.getByText('signed by anna, ben').waitFor();
    await page.getByRole('button', { name: 'Close' }).last().click();
    await takeIn(page, signed);
    await panel.getByText('✓ holds').waitFor();
    expect(await violations(page)).toEqual([]);

    // A roster that its people have not signed is not pinned, whoever made it.
    await page.getByRole('button', { name: 'Make the next …' }).click();
    const next = await saved(page, home, () => page.getByRole('button', { name: 'Save the file' }).click());
    await choose(page, 'Pin the next …', fileOf(next), page);
    await page.getByText('Of roster 1, 2 people must sign the next one; 0 have.').waitFor();
  }, 200_000);
});

function rescind(home: string, ...words: string[]): Record<string, unknown> {
  const program = join(projectRoot, 'electron/headless/bin.mjs');
  const said = execFileSync(process.execPath, [program, 'respond', ...words], {
    env: { ...process.env, RESCIND_HOME: home },
    encoding: 'utf8',
  });
  return JSON.parse(said) as Record<string, unknown>;
}

/** A key on disk; its public half. */
function newKey(home: string, name: string): string {
  return String(rescind(home, 'key', join(home, `${name}.key`))['publicKey']);
}

async function makeAndPinRoster(page: Page, home: string, keys: ReadonlyMap<string, string>): Promise<void> {
  await page.getByRole('tab', { name: 'Who may approve' }).click();
  await page.getByRole('button', { name: 'Make a roster …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a roster' });
  await dialog.getByText('Not yet: nobody is named.').waitFor();
  await dialog.getByRole('button', { name: 'Another person' }).click();
  for (const [index, [name, key]] of [...keys].entries()) {
    const person = dialog.getByRole('group', { name: `Person ${index + 1}` });
    await person.getByLabel('Id').fill(name);
    await person.getByLabel('Public key').fill(key);
  }
  expect(await violations(page)).toEqual([]);
  const roster = await saved(page, home, () => dialog.getByRole('button', { name: 'Save the file' }).click());
  expect(JSON.parse(readFileSync(roster, 'utf8'))).toMatchObject({ version: 1, quorum: 2 });
  await dialog.waitFor({ state: 'detached' });
  await choose(page, 'Pin a roster …', fileOf(roster), page);
  const people = page.getByRole('table', { name: 'People' });
  for (const key of keys.values()) await people.getByText(key).waitFor();
  expect(await violations(page)).toEqual([]);
}

/** Saves a download among the files of the host's user. */
async function saved(page: Page, home: string, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  const path = join(home, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

async function choose(
  page: Page,
  button: string,
  file: string,
  within: Pick<Page, 'getByRole'>,
): Promise<void> {
  await within.getByRole('button', { name: button }).click();
  await page.getByRole('checkbox', { name: file }).check();
  await page.getByRole('button', { name: 'Use 1 chosen' }).click();
}

function takeIn(page: Page, file: string): Promise<void> {
  return choose(page, 'Take one in …', fileOf(file), page.getByRole('region', { name: 'Standing orders' }));
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function add(
  page: Page,
  kind: string,
  name: string,
  secret: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  await page.getByRole('button', { name: 'Add a provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a provider' });
  await dialog.getByLabel('Kind').selectOption({ value: kind });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  for (const [field, value] of Object.entries({ ...settings, logs: 'none' })) {
    await dialog.getByLabel(new RegExp(`^${field}\\b`)).fill(value);
  }
  await dialog.locator('input[type=password]').fill(secret);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function sign(page: Page, key: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign with my key …' }).click();
  await choose(page, 'Choose the key file …', key, page);
  await page.getByRole('button', { name: 'Sign the approval' }).click();
}

async function isActive({ issuer }: OidcServer, token: string): Promise<boolean> {
  const response = await fetch(`${issuer}/token/introspection`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`other:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: `token=${token}`,
  });
  return ((await response.json()) as { active: boolean }).active;
}
