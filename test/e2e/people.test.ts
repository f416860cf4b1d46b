import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { ConsoleObjects } from './console-objects.ts';
import { type Stage, openStage, sampleTruth } from './served.ts';

const { truth } = sampleTruth();
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);
afterAll(() => stage.close());
afterEach(() => stage.leave());

async function onSample(): Promise<ConsoleObjects> {
  const { page } = await stage.visit({ withSample: true });
  const objects = new ConsoleObjects(page);
  await objects.openSample();
  return objects;
}

test('the identities that fell silent are dormant, each with its last use, and no other is', async () => {
  const objects = await onSample();
  const { page } = objects;
  await objects.goTo('Identities');
  await page.getByRole('textbox', { name: 'Dormant after days' }).fill('20');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Dormancy' }).selectOption('dormant');
  const grid = page.getByRole('grid', { name: 'Identities' });
  const column = await grid.getByRole('columnheader', { name: 'Events' }).getAttribute('aria-colindex');
  // Who is in a directory and in no log at all is silent too, and another matter.
  const seen = async (): Promise<number> =>
    (await grid.locator(`[role=gridcell][aria-colindex="${column}"]`).allInnerTexts()).filter(
      (events) => events !== '0',
    ).length;
  await expect.poll(seen).toBe(truth.dormant.length);
  for (const { subject, lastSeen } of truth.dormant) {
    await page.getByRole('textbox', { name: 'Part of the id, name or account' }).fill(subject);
    await grid.getByText(subject, { exact: true }).first().waitFor();
    await expect.poll(() => grid.getByRole('row').count()).toBe(2);
    await grid.focus();
    await page.keyboard.press('Enter');
    await objects.detail.getByText('It lies dormant.').waitFor();
    const seen = objects.detail.getByRole('definition').filter({ has: page.locator('time') });
    expect((await seen.last().locator('time').getAttribute('datetime'))?.slice(0, 19)).toBe(
      lastSeen.slice(0, 19),
    );
    await page.keyboard.press('Escape');
  }
}, 180_000);

test('every finding is about the planted incident, and leads to its events and its identity', async () => {
  const objects = await onSample();
  const { page } = objects;
  await objects.goTo('Findings');
  const grid = page.getByRole('grid', { name: 'Findings' });
  const planted = truth.incident.steps.map(({ subject }) => subject);
  // What happened, told by techniques; others are about what policies allow and about upkeep.
  await page.getByRole('textbox', { name: 'Part of a finding' }).fill('attack.');
  const happened = grid
    .locator('[role=row]')
    .filter({ has: page.locator('[aria-colindex="6"] time'), hasNotText: /Orphaned|exception/ });
  await page.getByRole('button', { name: /^high / }).click();
  const severities = grid.locator('[role=gridcell][aria-colindex="2"]');
  await expect.poll(async () => [...new Set(await severities.allInnerTexts())]).toEqual(['high']);
  await grid.getByText('Administrator rights were granted').waitFor();
  const links = happened.locator('[aria-colindex="4"] a');
  const targets = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  for (const target of targets) {
    const selected = new URLSearchParams(target?.split('?')[1]).get('selected');
    expect(planted).toContain(selected?.replace('identity:', ''));
  }
  expect(targets.length).toBeGreaterThan(2);
  await grid.getByText('Administrator rights were granted').click();

  const step = truth.incident.steps.find(({ id }) => id === 'new-credentials')!;
  const evidence = objects.detail.getByRole('region', { name: 'Evidence' });
  await evidence.getByRole('listitem').getByRole('link').first().click();
  await objects.detail.getByRole('tab', { name: 'Fields' }).waitFor();
  const time = await objects.detail.locator('time').first().getAttribute('datetime');
  expect(Date.parse(time!)).toBeGreaterThanOrEqual(Date.parse(step.from));
  expect(Date.parse(time!)).toBeLessThanOrEqual(Date.parse(step.to));

  await objects.detail.getByRole('link', { name: 'role/halden-production-deploy' }).first().click();
  await page.getByRole('heading', { name: 'Identities', level: 1 }).waitFor();
  expect(objects.address.get('selected')).toBe(`identity:${step.subject}`);
  await objects.detail.getByRole('link', { name: 'Administrator rights were granted' }).waitFor();
}, 180_000);

test('the leaked key’s user: by which statement it may do what it did, and one key from there into a plan', async () => {
  const objects = await onSample();
  const { page } = objects;
  const { subject } = truth.incident.steps[0]!;
  const tab = new URLSearchParams({ identity: subject, part: 'paths' });
  await page.goto(new URL(`#/identities/${tab.toString()}`, page.url()).href);
  const graph = page.getByRole('application', { name: /Ways to what it may do/ });
  await graph.getByRole('img', { name: /^sts:AssumeRole, on role\/halden-dep.*used 1×/ }).waitFor();
  for (const theme of ['light', 'dark']) {
    await objects.runCommand('switch between dark and light');
    await page.locator(`html[data-theme="${theme}"]`).waitFor();
    expect(await violations(page)).toEqual([]);
  }
  await graph.focus();
  await page.keyboard.press('r');
  await page.getByRole('heading', { name: 'Respond', level: 1 }).waitFor();
  await page.getByRole('list', { name: 'To be taken away' }).getByText(subject).waitFor();
}, 180_000);

test('owners come from a CODEOWNERS file; an exception that ended is shown as ended and still used', async () => {
  const { page, home } = await stage.visit({ withSample: true });
  const objects = new ConsoleObjects(page);
  writeFileSync(join(home, 'CODEOWNERS'), '* @platform\n/accounts/ @cloud @audit\nnobody!\n');
  await objects.openSample();
  await objects.goTo('Ownership');
  await page.getByRole('button', { name: 'Import CODEOWNERS or CSV …' }).click();
  await page.getByRole('checkbox', { name: 'CODEOWNERS' }).check();
  await page.getByRole('button', { name: 'Use 1 chosen' }).click();
  await page.getByLabel('Reason').fill('From the policy repository.');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Done' }).click();
  const grid = page.getByRole('grid', { name: 'Owners' });
  await grid.getByText('@cloud, @audit').first().waitFor();
  expect(await violations(page)).toEqual([]);

  const { subject } = truth.incident.steps[0]!;
  const tab = new URLSearchParams({ identity: subject });
  await page.goto(new URL(`#/identities/${tab.toString()}`, page.url()).href);
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('menuitem', { name: /^Standing/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Standing', { exact: true }).selectOption('exception');
  await dialog.getByLabel('Until').fill(truth.from);
  await dialog.getByLabel('Reason').fill('Until the pipeline is moved.');
  await page.keyboard.press('Enter');
  await page.getByText('expired', { exact: true }).waitFor();
  await objects.goTo('Ownership');
  await page.getByRole('tab', { name: 'Exceptions' }).click();
  await page.getByRole('grid', { name: 'Exceptions' }).getByText('expired, still used').waitFor();
  expect(await violations(page)).toEqual([]);
}, 180_000);
