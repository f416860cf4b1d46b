import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import {
  type Postgres,
  operatorPassword,
  postgresMissing,
  startPostgres,
  suspectPassword,
} from '../support/respond/servers/postgres.ts';
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
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByRole('region', { name: 'Test result' }).getByText('✓ ready').waitFor();
    expect(await page.content()).not.toContain(operatorPassword);
    expect(await violations(page)).toEqual([]);

    await page.getByRole('tab', { name: 'Plans' }).click();
    await page.getByRole('textbox', { name: 'Name or id' }).fill('mallory');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Make the plan' }).click();
    await page.getByRole('heading', { name: 'Plan', level: 1 }).waitFor();
    const code = await page.getByLabel('Code of the plan').innerText();
    await page.getByText('The exact call').first().click();
    await page
      .getByText(/nologin/i)
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'To execution …' }).click();
    const surface = page.getByRole('dialog', { name: 'Execute this plan' });
    expect(await surface.getByLabel('Code of the plan').innerText()).toBe(code);
    expect(await surface.innerText()).not.toContain('mallory');
    const hold = surface.getByRole('button', { name: 'Hold to take access away' });
    expect(await hold.isDisabled()).toBe(true);
    await surface.getByRole('checkbox').check();
    await surface.getByLabel('Reason').fill('stolen laptop');
    expect(await violations(page)).toEqual([]);
    await hold.press('Enter');
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(true);
    await hold.focus();
    await page.keyboard.down('Enter');
    await page.getByRole('heading', { name: 'Run', level: 1 }).waitFor({ timeout: 60_000 });
    await page.keyboard.up('Enter');

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
});
