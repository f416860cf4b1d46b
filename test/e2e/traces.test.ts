import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { ConsoleObjects } from './console-objects.ts';
import { type Stage, openStage } from './served.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);
afterAll(() => stage.close());
afterEach(() => stage.leave());

async function onSample(prepare: (home: string) => void = () => undefined): Promise<ConsoleObjects> {
  const { page, home } = await stage.visit({ withSample: true });
  prepare(home);
  const objects = new ConsoleObjects(page);
  await objects.openSample();
  return objects;
}

/** The decision of the newest event with an action. */
async function openTrace(objects: ConsoleObjects, action: string): Promise<void> {
  const { page } = objects;
  await objects.goTo('Events');
  await objects.filter(`action:${action}`);
  // Until then the newest of all events may still stand there.
  await objects.row(0).getByText(action).first().waitFor();
  await objects.table.press('Enter');
  await objects.detail.getByRole('tab', { name: 'Decision' }).click();
  await objects.detail.getByRole('link', { name: 'Open the trace' }).press('Enter');
  await page.getByRole('list', { name: 'Layers in the order of evaluation' }).waitFor();
}

test('a denial by the organization is traced, undone in a what-if, kept, tested and replayed', async () => {
  const objects = await onSample();
  const { page } = objects;
  await openTrace(objects, 'cloudtrail:StopLogging');
  const layers = page.getByRole('list', { name: 'Layers in the order of evaluation' });
  const root = layers.getByRole('listitem').filter({ hasText: 'Service control policies: Root' }).first();
  await root.getByText('blocks', { exact: true }).waitFor();
  await root.getByText('decides', { exact: true }).waitFor();
  const text = page.getByRole('region', { name: 'Text of KeepTheTrail' });
  await text.locator('.lit', { hasText: '"Effect": "Deny"' }).waitFor();
  // Who pushes the trail away has rights enough: the layer is folded, and opens by key.
  expect(await layers.getByText('AdministratorAccess').count()).toBe(0);
  await layers.getByRole('button', { name: 'Identity policies' }).press('Enter');
  await layers.getByRole('button', { name: /AdministratorAccess/ }).waitFor();

  await page.getByRole('button', { name: 'Add as a test …' }).click();
  await page.getByRole('textbox', { name: 'Its name' }).fill('The trail');
  await page.getByRole('textbox', { name: 'Note' }).fill('nobody ends logging');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('textbox', { name: 'Text of The trail' }).getByText('nobody ends logging').waitFor();
  await page.goBack();

  await page.getByRole('link', { name: 'What if …' }).click();
  const summary = page.getByRole('region', { name: 'What the change does' });
  await summary.getByText('Nothing is changed yet').waitFor();
  await expect.poll(() => summary.locator('.outcome.deny').count()).toBe(2);
  await page.getByRole('button', { name: 'Remove the lit rule' }).click();
  await summary.getByText('The decision is another.').waitFor();
  await summary.getByText('Service control policies: Root: denies → allows').waitFor();
  const was = page.getByRole('region', { name: 'As it is', exact: true });
  await was.locator('.step', { hasText: 'KeepTheTrail' }).getByText('only here').waitFor();
  // Another subject, who has no right to it anywhere.
  const subject = page.getByRole('textbox', { name: 'Subject', exact: true });
  const before = await subject.inputValue();
  await subject.fill('arn:aws:iam::391746205883:user/nobody-of-this-name');
  await expect.poll(() => summary.locator('.outcome.allow').count()).toBe(0);
  await subject.fill(before);
  await summary.locator('.outcome.allow').waitFor();
  await page.getByRole('button', { name: 'Save as a new bundle …' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('region', { name: /^Text of/ }).waitFor();

  // What was kept differs from what it was made of in that policy alone.
  await page.getByRole('combobox', { name: 'What changes to' }).selectOption({ index: 2 });
  await page.getByText('0 added, 0 removed, 1 changed').waitFor();
  await page
    .getByRole('region', { name: 'Changes of KeepTheTrail' })
    .getByText('cloudtrail:StopLogging')
    .waitFor();

  // The test passes under the bundle as it was and fails under the changed one.
  await page.getByRole('tab', { name: 'Policy tests' }).click();
  await page.getByRole('grid', { name: 'Policy tests' }).press('Enter');
  const against = page.getByRole('combobox', { name: 'Run against' });
  await against.selectOption({ index: 2 });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('all passed').waitFor();
  await against.selectOption({ index: 5 });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('1 failed').waitFor();
  const tests = page.getByRole('textbox', { name: 'Text of The trail' });
  await tests.getByText('failed: expected deny, got allow').waitFor();
  await page.getByRole('grid', { name: 'Results' }).press('Enter');
  await page
    .getByRole('region', { name: 'What if', exact: true })
    .getByText('Allowed:', { exact: false })
    .waitFor();

  await page.getByRole('tab', { name: 'Replay' }).click();
  await page.getByRole('combobox', { name: 'Under' }).selectOption({ index: 5 });
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByRole('button', { name: 'Newly allowed' }).click();
  const impact = page.getByRole('grid', { name: 'Impact' });
  await impact.getByText('cloudtrail:StopLogging').first().waitFor();
}, 180_000);

test('a folder of policies becomes a bundle, with its problems at their places', async () => {
  const objects = await onSample((home) => {
    mkdirSync(join(home, 'my-manifests'));
    writeFileSync(
      join(home, 'my-manifests', 'roles.yaml'),
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: pods }\nrules:\n  - verbs: 7\n',
    );
  });
  const { page } = objects;
  await objects.goTo('Traces');
  await page.getByRole('tab', { name: 'Policy bundles' }).click();
  await page.getByRole('button', { name: 'Add a bundle' }).click();
  await page.getByRole('button', { name: 'Choose a file or folder …' }).click();
  await page.getByLabel('Choose my-manifests').check();
  await page.getByRole('button', { name: 'Use 1 chosen' }).click();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const text = page.getByRole('region', { name: 'Text of roles.yaml' });
  await text.getByText('kind: ClusterRole').waitFor();
  await expect.poll(() => text.locator('.code-problem').count()).toBeGreaterThan(0);
}, 180_000);

test('axe finds nothing in traces, what-ifs, tests, bundles and replays, in both themes', async () => {
  const objects = await onSample();
  const { page } = objects;
  const check = async (): Promise<void> => {
    for (const theme of ['first', 'other']) {
      expect(await violations(page), `${page.url()} in the ${theme} theme`).toEqual([]);
      await objects.runCommand('switch between dark and light');
    }
  };
  await openTrace(objects, 'cloudtrail:StopLogging');
  await page.locator('.cm-content').first().waitFor();
  await check();
  await page.getByRole('combobox', { name: 'Beside it, under' }).selectOption({ index: 1 });
  await page.getByText('The decision stays, but it comes about differently.').waitFor();
  await check();
  await page.getByRole('link', { name: 'What if …' }).click();
  await page.getByRole('region', { name: 'What if', exact: true }).getByRole('list').first().waitFor();
  await check();
  await page.getByRole('tab', { name: 'Policy bundles' }).click();
  await page.getByRole('grid', { name: 'Policy bundles' }).press('Enter');
  await page.locator('.cm-content').first().waitFor();
  await check();
  await page.getByRole('tab', { name: 'Policy tests' }).click();
  await page.getByRole('button', { name: 'New tests' }).click();
  await page.locator('.cm-content').first().waitFor();
  await check();
}, 180_000);
