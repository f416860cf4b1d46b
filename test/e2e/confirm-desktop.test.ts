import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channels } from '#shared/ipc/channels.ts';
import type { PreloadApi } from '#shared/ipc/client.ts';
import type { PlanView } from '#shared/ipc/respond-views.ts';
import type { Result } from '#shared/util/result.ts';
import { violations } from '../support/axe.ts';
import {
  type Postgres,
  operatorPassword,
  postgresMissing,
  startPostgres,
  suspectPassword,
} from '../support/respond/servers/postgres.ts';
import { ConsoleObjects } from './console-objects.ts';
import { type DoubleDesktop, endStage, startOnDouble } from './desktop-double.ts';
import { newHome } from './desktop.ts';

type WithApi = Window & { readonly rescind: PreloadApi };

/** Asks as a script in the console's page could. */
function ask(page: Page, name: string, input: unknown): Promise<Result<unknown>> {
  return page.evaluate(
    ([operation, given]) =>
      (window as unknown as WithApi).rescind.start(operation, given, () => undefined).result,
    [name, input] as const,
  );
}

describe.skipIf(postgresMissing !== null)('the confirm window of the desktop, on a real PostgreSQL', () => {
  let desktop: DoubleDesktop;
  let server: Postgres;
  beforeAll(async () => {
    [desktop, server] = await Promise.all([startOnDouble(newHome(), []), startPostgres()]);
  }, 180_000);
  afterAll(async () => {
    await desktop.close();
    await endStage();
    await server.stop();
  });

  /** The newest window's page, once it shows the plan. */
  async function surfaceWindow() {
    const { windows } = desktop.electron.double;
    await expect.poll(() => windows.filter((window) => !window.isDestroyed()).length).toBe(2);
    const window = windows.at(-1)!;
    await window.loaded;
    const page = window.page!;
    await page.getByLabel('Code of the plan').waitFor();
    return { window, page };
  }

  async function makePlan(): Promise<PlanView> {
    const references = [{ kind: 'identity', id: 'mallory' }];
    const made = await ask(desktop.page, 'respond.plan', { references });
    expect(made).toMatchObject({ ok: true });
    return (made as { value: PlanView }).value;
  }

  test('executes what was held there, and the console’s page nothing by itself', async () => {
    const { page, electron } = desktop;
    await new ConsoleObjects(page).openSample();
    const added = await ask(page, 'provider.add', {
      name: 'ledger',
      type: 'postgresql',
      settings: { host: '127.0.0.1', port: String(server.port), user: 'operator' },
      secrets: { password: operatorPassword },
    });
    expect(added).toMatchObject({ ok: true });
    const view = await makePlan();
    const plan = { id: view.plan.id };

    // Whatever took the page over has this much: it is refused.
    const alone = { plan, hash: view.hash, emergency: { reason: 'now' } };
    expect(await ask(page, 'respond.execute', alone)).toMatchObject({ error: { kind: 'refused' } });
    const made = { plan, confirmation: 'A'.repeat(43) };
    expect(await ask(page, 'respond.execute', made)).toMatchObject({ error: { kind: 'refused' } });
    const other = { plan, hash: 'a'.repeat(64), theme: 'dark' };
    expect(await ask(page, 'respond.confirm', other)).toMatchObject({ error: { kind: 'refused' } });
    expect(electron.double.windows).toHaveLength(1);

    await page.evaluate((id) => void (window.location.hash = `#/respond/plan/${id}`), plan.id);
    await page.getByRole('button', { name: 'To execution …' }).click();
    const surface = await surfaceWindow();

    const { options } = surface.window;
    expect([options['parent'] === electron.double.windows[0], options['modal']]).toEqual([true, true]);
    expect(options['webPreferences']).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      devTools: false,
    });
    const own = surface.window.webContents.session;
    expect(own === electron.session.defaultSession).toBe(false);
    for (const address of ['app://rescind/', 'https://example.com/', 'file:///etc/passwd']) {
      expect(await own.allows(address), address).toBe(false);
    }
    expect(await electron.session.defaultSession.allows('app://confirm/confirm.html')).toBe(false);
    expect(
      await surface.page.evaluate(() => [
        'rescind' in window,
        Object.keys((window as unknown as { rescindConfirm: object }).rescindConfirm).toSorted(),
      ]),
    ).toEqual([false, ['hold', 'leave', 'pick', 'show']]);

    expect(await surface.page.getByLabel('Code of the plan').innerText()).toBe(view.code);
    expect(await surface.page.content()).not.toContain('mallory');
    expect(await violations(surface.page)).toEqual([]);
    // It goes nowhere, not even to another page of the program.
    for (const address of ['/', '/index.html', 'https://example.com/']) {
      await surface.page.evaluate((to) => void (window.location.href = to), address);
    }
    expect(surface.page.url()).toMatch(/\/confirm\.html$/);
    // The console's page cannot speak for it.
    const confirm = electron.ipcMain.handlers.get(channels.confirm)!;
    const main = electron.eventFromPage(electron.double.windows[0]);
    const refused = { error: { kind: 'refused' } };
    expect(await confirm(main, 'hold', { emergency: null, signature: null })).toMatchObject(refused);
    const right = electron.eventFromPage(surface.window);
    expect(await confirm({ ...right, senderFrame: null }, 'show', {})).toMatchObject(refused);
    expect(await confirm(right, 'execute', {})).toMatchObject({ error: { kind: 'invalid-input' } });

    const hold = surface.page.getByRole('button', { name: 'Hold to take access away' });
    expect(await hold.isDisabled()).toBe(true);
    await surface.page.getByRole('checkbox').check();
    await surface.page.getByLabel('Reason').fill('stolen laptop');
    await hold.press('Enter');
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(true);
    await hold.focus();
    await surface.page.keyboard.down('Enter');
    await page.getByRole('heading', { name: 'Run', level: 1 }).waitFor({ timeout: 60_000 });
    expect(surface.window.isDestroyed()).toBe(true);
    await page.getByText('✓ contained').waitFor({ timeout: 60_000 });
    expect(await server.mayLogin('mallory', suspectPassword)).toBe(false);
  }, 180_000);

  test('ends with the page that asked, by being closed, and by Escape; nothing is executed then', async () => {
    const { page } = desktop;
    const { plan, hash } = await makePlan();
    const wanted = { plan: { id: plan.id }, hash, theme: 'light' };
    const closed = ask(page, 'respond.confirm', wanted);
    (await surfaceWindow()).window.close();
    expect(await closed).toEqual({ ok: true, value: { confirmation: null } });

    const left = ask(page, 'respond.confirm', wanted);
    const surface = await surfaceWindow();
    expect(await surface.page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    // The window may be gone before the key is let go again: what the console's page is told is what counts.
    await surface.page.keyboard.press('Escape').catch(() => undefined);
    expect(await left).toEqual({ ok: true, value: { confirmation: null } });

    await page.evaluate((id) => void (window.location.hash = `#/respond/plan/${id}`), plan.id);
    await page.getByRole('button', { name: 'To execution …' }).click();
    const third = await surfaceWindow();
    await page.getByRole('dialog', { name: 'To execution' }).getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => third.window.isDestroyed()).toBe(true);
    expect(await ask(page, 'respond.runs', {})).toMatchObject({ ok: true, value: { length: 1 } });

    // Half a minute after the run it was looked at again: the system tells, without a name out of the case.
    const { notifications } = desktop.electron.double;
    await expect.poll(() => notifications.length, { timeout: 45_000 }).toBe(1);
    expect(notifications[0]).toMatchObject({
      title: 'Still contained',
      body: expect.stringMatching(/^run-[0-9a-f]+-[0-9a-f]+, \+30s$/) as string,
    });
    await page.getByText(/^Still contained: run-/).waitFor();
  }, 120_000);
});
