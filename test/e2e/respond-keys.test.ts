import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { violations } from '../support/axe.ts';
import { type ScimServer, scimToken, startScim } from '../support/respond/servers/scim.ts';
import { ConsoleObjects } from './console-objects.ts';
import { type Stage, openStage } from './served.ts';

let stage: Stage;
let accounts: ScimServer;
beforeAll(async () => {
  vi.stubEnv('RESCIND_PASSPHRASE', 'correct horse battery staple');
  [stage, accounts] = await Promise.all([openStage(), startScim()]);
}, 180_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await stage.close();
  await accounts.stop();
});

test('from a finding to a restore by keys alone; the focus is seen wherever it is', async () => {
  const { page } = await stage.visit({ withSample: true });
  const objects = new ConsoleObjects(page);
  await objects.openSample();
  await addAccounts(page, accounts.url);
  // Two keys of a chord are one only where they follow each other closely, which a busy machine may not manage.
  await vi.waitFor(
    async () => {
      await press(page, 'g', 'f');
      await page.getByRole('heading', { name: 'Findings', level: 1 }).waitFor({ timeout: 2_000 });
    },
    { timeout: 60_000 },
  );
  const rows = page.getByRole('grid', { name: 'Findings' }).getByRole('row');
  await rows.nth(1).waitFor({ timeout: 90_000 });
  await press(page, 'j', 'Enter');
  await tabTo(page, 'Revoke …');
  await press(page, 'Enter');
  await focused(page, 'Make the plan');
  await tabTo(page, 'Name or id', 'Shift+Tab');
  await page.keyboard.type('mallory');
  await press(page, 'Enter');
  await tabTo(page, 'Make the plan');
  await press(page, 'Enter');
  await focused(page, 'Plan');
  await tabTo(page, 'To execution …');
  const [surface] = await Promise.all([page.context().waitForEvent('page'), press(page, 'Enter')]);
  await surface.getByLabel('Code of the plan').waitFor();
  await tabTo(surface, 'Break the glass');
  await press(surface, 'Space', 'Tab');
  await surface.keyboard.type('stolen laptop');
  await tabTo(surface, 'Hold to take access away');
  await surface.keyboard.down('Enter');
  await page.getByText('✓ contained').waitFor({ timeout: 60_000 });
  await focused(page, 'Run');
  expect(accounts.accounts.get('u-1')?.['active']).toBe(false);
  await tabTo(page, 'Issue and check');
  await press(page, 'Enter');
  await page.getByText('✓ the receipt holds').waitFor({ timeout: 60_000 });
  await focused(page, 'Issue and check');
  await tabTo(page, 'Plan a restore', 'Shift+Tab');
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'Restore plan', level: 1 }).waitFor({ timeout: 60_000 });
  await focused(page, 'Restore plan');
  expect(await violations(page)).toEqual([]);
}, 200_000);

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** The name of what has the focus; that it can be seen is a condition. */
async function focusOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return '(nowhere)';
    // A field may show it on the box around it.
    const shown = [element, element.parentElement].some(
      (each) => each !== null && getComputedStyle(each).outlineStyle !== 'none',
    );
    const isSeen = element.matches(':focus-visible') && shown;
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.innerText : undefined;
    const name = element.getAttribute('aria-label') ?? label ?? element.innerText;
    return isSeen ? name.trim() : `(not seen) ${name}`;
  });
}

async function focused(page: Page, name: string): Promise<void> {
  await expect.poll(() => focusOf(page)).toBe(name);
}

async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let step = 0; step < 60; step++) {
    const found = await focusOf(page);
    expect(found).not.toContain('(not seen)');
    if (found === name || found.startsWith(`${name}:`)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${name} is not reached by ${key}.`);
}

async function addAccounts(page: Page, url: string): Promise<void> {
  await page.evaluate(
    async ([body]) => {
      const headers = { 'content-type': 'application/json' };
      await (await fetch('api/provider.add', { method: 'POST', headers, body: body ?? '' })).text();
    },
    [
      JSON.stringify({
        name: 'accounts',
        type: 'scim',
        settings: { url, logs: 'none' },
        secrets: { token: scimToken },
      }),
    ],
  );
}
