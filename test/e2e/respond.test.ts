import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../support/imports.ts';
import { violations } from '../support/axe.ts';
import {
  type Postgres,
  operatorPassword,
  postgresMissing,
  startPostgres,
  suspectPassword,
} from '../support/respond/servers/postgres.ts';
import { holdToRun, openSurface } from './confirm-page.ts';
import { ConsoleObjects } from './console-objects.ts';
import { type Stage, openStage } from './served.ts';

describe.skipIf(postgresMissing !== null)('Respond, on a real PostgreSQL', () => {
  let stage: Stage;
  let server: Postgres;
  beforeAll(async () => {
    [stage, server] = await Promise.all([openStage(), startPostgres()]);
  }, 180_000);
  afterEach(() => stage.leave());
  afterAll(async () => {
    await stage.close();
    await server.stop();
  });

  test('a role loses its access by one held key, and the board says what is known of it', async () => {
    const { page } = await stage.visit({ withSample: true });
    const objects = new ConsoleObjects(page);
    await objects.openSample();
    await objects.goTo('Respond');
    await addLedger(page);
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('region', { name: 'Test result' }).getByText('✓ ready').waitFor();
    expect(await page.content()).not.toContain(operatorPassword);
    expect(await violations(page)).toEqual([]);

    await planMallory(page);
    const code = await page.getByLabel('Code of the plan').innerText();
    await page.getByText('The exact call').first().click();
    await page
      .getByText(/nologin/i)
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);

    const surface = await openSurface(page);
    expect(await surface.getByLabel('Code of the plan').innerText()).toBe(code);
    expect(await surface.content()).not.toContain('mallory');
    // Another site than the console: no way from one page to the other, and nothing of the session.
    expect(new URL(surface.url()).hostname).not.toBe(new URL(page.url()).hostname);
    expect(await surface.evaluate(() => window.opener)).toBeNull();
    expect(await page.context().cookies(surface.url())).toEqual([]);
    const hold = surface.getByRole('button', { name: 'Hold to take access away' });
    expect(await hold.isDisabled()).toBe(true);
    await surface.getByRole('checkbox').check();
    await surface.getByLabel('Reason').fill('stolen laptop');
    expect(await violations(surface)).toEqual([]);
    await hold.press('Enter');
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(true);
    await holdToRun(page, surface);
    await page.getByText('✓ contained').waitFor({ timeout: 60_000 });
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(false);
    const board = page.getByRole('table', { name: 'Actions of the run' });
    await board.getByText('in effect', { exact: true }).first().waitFor();
    await page.getByText(/countersignature/).waitFor();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Plan a restore' }).click();
    await page.getByRole('heading', { name: 'Restore plan', level: 1 }).waitFor({ timeout: 60_000 });
    expect(await page.content()).not.toContain(operatorPassword);
  }, 240_000);

  test('two people sign, one here and one in a file that is exchanged, and nobody has to break the glass', async () => {
    const { page, home } = await stage.visit({ withSample: true });
    const rescind = (...words: string[]): Record<string, unknown> =>
      JSON.parse(
        execFileSync(
          process.execPath,
          [join(projectRoot, 'electron/headless/bin.mjs'), 'respond', ...words],
          {
            env: { ...process.env, RESCIND_HOME: home },
            encoding: 'utf8',
          },
        ),
      ) as Record<string, unknown>;
    const people = ['anna', 'ben'].map(
      (name) => `${name}=${String(rescind('key', join(home, `${name}.key`))['publicKey'])}`,
    );
    const roster = join(home, 'roster.json');
    rescind(
      'roster',
      'new',
      ...people.flatMap((person) => ['--person', person]),
      '--needed',
      '2',
      '--out',
      roster,
    );
    rescind('roster', 'pin', roster);

    const objects = new ConsoleObjects(page);
    await objects.openSample();
    await objects.goTo('Respond');
    await page.getByRole('tab', { name: 'Who may approve' }).click();
    await page.getByRole('table', { name: 'People' }).getByText('anna').first().waitFor();
    await addLedger(page);
    await planMallory(page);
    await page.getByText('0 of 2').waitFor();

    await sign(page, 'anna.key');
    await page.getByText('1 of 2').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the plan' }).click(),
    ]);
    const copy = join(home, 'copy.json');
    await download.saveAs(copy);
    rescind('approve', copy, '--key', join(home, 'ben.key'));
    await page.locator('input[type=file]').setInputFiles(copy);
    await page.getByText('2 of 2').waitFor();
    await page.getByText('✓ may be executed').waitFor();

    const surface = await openSurface(page);
    expect(await surface.getByRole('checkbox').count()).toBe(0);
    await holdToRun(page, surface);
    await page.getByText('✓ contained').waitFor({ timeout: 60_000 });
    expect(await page.getByText(/countersignature/).count()).toBe(0);
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(false);
  }, 240_000);

  async function addLedger(page: Page): Promise<void> {
    await page.getByRole('tab', { name: 'Providers' }).click();
    await page.getByRole('button', { name: 'Add a provider' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a provider' });
    await dialog.getByLabel('Kind').selectOption({ value: 'postgresql' });
    await dialog.getByLabel('Name', { exact: true }).fill('ledger');
    await dialog.getByLabel(/^host\b/).fill('127.0.0.1');
    await dialog.getByLabel(/^port\b/).fill(String(server.port));
    await dialog.getByLabel(/^user\b/).fill('operator');
    await dialog.locator('input[type=password]').first().fill(operatorPassword);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Test', exact: true }).waitFor();
  }
});

async function planMallory(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Plans' }).click();
  await page.getByRole('textbox', { name: 'Name or id' }).fill('mallory');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Make the plan' }).click();
  await page.getByRole('heading', { name: 'Plan', level: 1 }).waitFor();
}

async function sign(page: Page, key: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign with my key …' }).click();
  await page.getByRole('button', { name: 'Choose the key file …' }).click();
  await page.getByRole('checkbox', { name: key }).check();
  await page.getByRole('button', { name: 'Use 1 chosen' }).click();
  await page.getByRole('button', { name: 'Sign the approval' }).click();
}
