// `npm run screenshots:respond`: the steps of an emergency, on a real PostgreSQL, in both themes.
import type { Page } from 'playwright-core';
import { take } from '../../scripts/take-screenshot.ts';
import { operatorPassword, postgresMissing, startPostgres } from '../support/respond/servers/postgres.ts';
import { holdToRun, openSurface } from './confirm-page.ts';
import { ConsoleObjects } from './console-objects.ts';
import { openStage } from './served.ts';

const themes = ['dark', 'light'] as const;

/** The page as it is in each theme: a dialog would not outlive a reload. */
async function takeBoth(page: Page, name: string): Promise<void> {
  for (const theme of themes) {
    await page.evaluate((wanted) => (document.documentElement.dataset['theme'] = wanted), theme);
    await take(page, `respond-${name}-${theme}`);
  }
}

if (postgresMissing !== null) throw new Error(postgresMissing);
const [stage, server] = await Promise.all([openStage(), startPostgres()]);
try {
  const { page } = await stage.visit({ withSample: true, height: 900 });
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
  await takeBoth(page, 'provider');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('region', { name: 'Test result' }).getByText('✓ ready').waitFor();
  await takeBoth(page, 'providers');
  await page.getByRole('tab', { name: 'Plans' }).click();
  await page.getByRole('textbox', { name: 'Name or id' }).fill('mallory');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await takeBoth(page, 'builder');
  await page.getByRole('button', { name: 'Make the plan' }).click();
  await page.getByRole('heading', { name: 'Plan', level: 1 }).waitFor();
  await page.getByText('The exact call').first().click();
  await takeBoth(page, 'plan');
  await page.getByRole('button', { name: 'Show as QR codes' }).click();
  await page.getByRole('img', { name: /^Code 1 of/ }).waitFor();
  await takeBoth(page, 'codes');
  await page.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const surface = await openSurface(page);
  await surface.getByRole('checkbox').check();
  await surface.getByLabel('Reason').fill('stolen laptop');
  await takeBoth(surface, 'confirm');
  await holdToRun(page, surface);
  await page.getByText('✓ contained').waitFor({ timeout: 60_000 });
  await takeBoth(page, 'run');
  await page.getByRole('button', { name: 'Plan a restore' }).click();
  await page.getByRole('heading', { name: 'Restore plan', level: 1 }).waitFor({ timeout: 60_000 });
  await takeBoth(page, 'restore');
} finally {
  await stage.close();
  await server.stop();
}
