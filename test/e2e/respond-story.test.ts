import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { violations } from '../support/axe.ts';
import { projectRoot } from '../support/imports.ts';
import {
  type Postgres,
  operatorPassword,
  postgresMissing,
  startPostgres,
  superPassword,
  suspectPassword,
} from '../support/respond/servers/postgres.ts';
import { holdToRun, openSurface } from './confirm-page.ts';
import { ConsoleObjects } from './console-objects.ts';
import { type Stage, openStage } from './served.ts';

describe.skipIf(postgresMissing !== null)('runs in the browser, on a real PostgreSQL', () => {
  let stage: Stage;
  let server: Postgres;
  beforeAll(async () => {
    // The vault has to outlive the host that is killed.
    vi.stubEnv('RESCIND_PASSPHRASE', 'correct horse battery staple');
    [stage, server] = await Promise.all([openStage(), startPostgres()]);
  }, 180_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await stage.close();
    await server.stop();
  });

  test('is stopped midway, outlives its host, goes on after looking, and is given back in slices', async () => {
    const { page, home, restart } = await stage.visit({ withSample: true });
    const admin = await server.connect('postgres', superPassword);
    await admin.query(`create role oscar login password '${suspectPassword}'`);
    await admin.query('grant oscar to operator with admin true, inherit false, set false');
    pinRoster(home);

    const objects = new ConsoleObjects(page);
    await objects.openSample();
    await objects.goTo('Respond');
    await addLedger(page, server.port);
    await page.getByRole('tab', { name: 'Plans' }).click();
    for (const name of ['mallory', 'oscar']) {
      await page.getByRole('textbox', { name: 'Name or id' }).fill(name);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
    }
    await page.getByRole('button', { name: 'Make the plan' }).click();
    await page.getByRole('heading', { name: 'Plan', level: 1 }).waitFor();
    await sign(page, 'anna.key');
    await page.getByText('1 of 2').waitFor();
    await sign(page, 'ben.key');
    await page.getByText('✓ may be executed').waitFor();

    // Somebody else is at the roles: the first action is sent and waits, and nothing after it has begun.
    await admin.query('begin');
    for (const name of ['mallory', 'oscar']) await admin.query(`alter role ${name} connection limit 7`);
    await holdToRun(page, await openSurface(page));
    const board = page.getByRole('table', { name: 'Actions of the run' });
    await board.getByText('being sent').first().waitFor();
    await page.getByRole('button', { name: 'Stop: send nothing more' }).click();
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(true);
    await admin.query('rollback');
    await page.getByText('stopped').first().waitFor({ timeout: 60_000 });
    expect(await board.getByText('not sent').count()).toBeGreaterThan(0);
    expect(await page.getByText('✓ contained').count()).toBe(0);
    expect(await violations(page)).toEqual([]);

    const address = new URL(page.url()).hash;
    await page.goto('about:blank');
    await page.goto(await restart());
    await objects.openSample();
    await page.evaluate((hash) => void (window.location.hash = hash), address);
    await page.getByRole('button', { name: 'Resume: observe first, then go on' }).click({ timeout: 90_000 });
    await page.getByText('✓ contained').waitFor({ timeout: 60_000 });
    for (const name of ['mallory', 'oscar']) {
      expect(await server.mayLogin(name, suspectPassword), name).toBe(false);
    }

    const revoked = page.url();
    await page.getByLabel('Watch each slice for').selectOption({ label: 'slices at once' });
    await page.getByRole('button', { name: 'Plan a restore' }).click();
    await page.getByRole('heading', { name: 'Restore plan', level: 1 }).waitFor({ timeout: 60_000 });
    const early = await openSurface(page);
    await early.getByText('A restore is never an emergency').waitFor();
    expect(await early.getByRole('checkbox').count()).toBe(0);
    expect(await early.getByRole('button', { name: 'Hold to restore' }).isDisabled()).toBe(true);
    await early.getByRole('button', { name: 'Back, without executing' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await sign(page, 'anna.key');
    await page.getByText('1 of 2').waitFor();
    await sign(page, 'ben.key');
    await page.getByText('✓ may be executed').waitFor();
    await holdToRun(page, await openSurface(page));
    await page.getByText('finished').first().waitFor({ timeout: 60_000 });
    for (const slice of ['slice 1', 'slice 2']) await page.getByText(slice, { exact: true }).waitFor();
    for (const name of ['mallory', 'oscar']) {
      expect(await server.mayLogin(name, suspectPassword), name).toBe(true);
    }
    // The independent client: what was there before is there again.
    const { rows } = await admin.query(
      `select rolname, rolconnlimit from pg_roles where rolname in ('mallory', 'oscar') order by 1`,
    );
    expect(rows).toEqual([
      { rolname: 'mallory', rolconnlimit: 7 },
      { rolname: 'oscar', rolconnlimit: -1 },
    ]);
    await admin.end();
    // What was contained is so no longer, and its page does not claim it.
    await page.goto(revoked);
    await page.getByText('Access was given back from').waitFor();
    await page.getByText('was contained', { exact: true }).waitFor();
    expect(await page.getByText('✓ contained').count()).toBe(0);
  }, 300_000);

  test('three clicks lead from a finding to a running plan under a standing order', async () => {
    const { page, home } = await stage.visit({ withSample: true });
    pinRoster(home);
    const objects = new ConsoleObjects(page);
    await objects.openSample();
    // The suspect of a finding has a role in the database too, by the name that the log gives it.
    const { id, subject } = await findingWithSuspect(page);
    const admin = await server.connect('postgres', superPassword);
    await admin.query(`create role "${subject}" login password '${suspectPassword}'`);
    await admin.query(`grant "${subject}" to operator with admin true, inherit false, set false`);
    await admin.end();
    await objects.goTo('Respond');
    await addLedger(page, server.port);
    const order = join(home, 'order.json');
    const key = (name: string) => ['--key', join(home, `${name}.key`)];
    rescind(home, 'order', 'new', '--provider', 'ledger', ...key('anna'), '--out', order);
    rescind(home, 'order', 'sign', order, ...key('ben'));
    rescind(home, 'order', 'add', order);
    await page.getByRole('tab', { name: 'Who may approve' }).click();
    await page.getByRole('button', { name: 'Choose my key file …' }).click();
    await page.getByRole('checkbox', { name: 'anna.key' }).check();
    await page.getByRole('button', { name: 'Use 1 chosen' }).click();
    await page.getByRole('button', { name: 'Keep it ready' }).click();
    await page.getByText('is kept ready until this host ends').waitFor();
    expect(await violations(page)).toEqual([]);

    let clicks = 0;
    await page.context().exposeBinding('countPress', () => void clicks++);
    await page.context().addInitScript(countPresses);
    await page.evaluate(countPresses);
    await page.evaluate(
      (finding) => void (window.location.hash = finding),
      `#/findings?selected=finding:${id}`,
    );
    await page.getByRole('button', { name: 'Revoke …' }).click();
    const [surface] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: 'Emergency: make it, then to execution' }).click(),
    ]);
    await surface.getByText('A standing order signed by').waitFor();
    expect(await surface.getByRole('checkbox').count()).toBe(0);
    expect(await violations(surface)).toEqual([]);
    await surface.getByRole('button', { name: 'Hold to take access away' }).hover();
    await surface.mouse.down();
    await page.getByRole('heading', { name: 'Run', level: 1 }).waitFor({ timeout: 60_000 });
    expect(clicks).toBe(3);
    await page.getByText('By standing order: anna').waitFor();
    await page.getByText('✓ contained').waitFor({ timeout: 60_000 });
    expect(await server.mayLogin(subject, suspectPassword)).toBe(false);
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

function pinRoster(home: string): void {
  const people = ['anna', 'ben'].flatMap((name) => [
    '--person',
    `${name}=${String(rescind(home, 'key', join(home, `${name}.key`))['publicKey'])}`,
  ]);
  const roster = join(home, 'roster.json');
  rescind(home, 'roster', 'new', ...people, '--needed', '2', '--out', roster);
  rescind(home, 'roster', 'pin', roster);
}

interface Suspected {
  readonly id: string;
  readonly subject: string;
}

/** A finding whose suspect has a name that PostgreSQL takes for a role's: of less than 64 letters. */
async function findingWithSuspect(page: Page): Promise<Suspected> {
  const text = await page.evaluate(async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch('api/findings.run', { method: 'POST', headers, body: '{}' });
    return response.text();
  });
  const { result } = JSON.parse(text.trim().split('\n').at(-1) ?? '') as {
    readonly result: { readonly value: { readonly findings: readonly Partial<Suspected>[] } };
  };
  for (const { id, subject } of result.value.findings) {
    if (typeof id === 'string' && typeof subject === 'string' && subject.length < 64) return { id, subject };
  }
  throw new Error('No finding of the sample has a suspect with a short name.');
}

/** Runs in a page: counts what is pressed. */
function countPresses(): void {
  const { countPress } = window as unknown as { readonly countPress: () => void };
  window.addEventListener('pointerdown', () => countPress(), true);
}

async function addLedger(page: Page, port: number): Promise<void> {
  await page.getByRole('tab', { name: 'Providers' }).click();
  await page.getByRole('button', { name: 'Add a provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a provider' });
  await dialog.getByLabel('Kind').selectOption({ value: 'postgresql' });
  await dialog.getByLabel('Name', { exact: true }).fill('ledger');
  await dialog.getByLabel(/^host\b/).fill('127.0.0.1');
  await dialog.getByLabel(/^port\b/).fill(String(port));
  await dialog.getByLabel(/^user\b/).fill('operator');
  await dialog.locator('input[type=password]').first().fill(operatorPassword);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Test', exact: true }).waitFor();
}

async function sign(page: Page, key: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign with my key …' }).click();
  await page.getByRole('button', { name: 'Choose the key file …' }).click();
  await page.getByRole('checkbox', { name: key }).check();
  await page.getByRole('button', { name: 'Use 1 chosen' }).click();
  await page.getByRole('button', { name: 'Sign the approval' }).click();
}
