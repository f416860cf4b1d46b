import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { ConsoleObjects } from './console-objects.ts';
import { type Stage, openStage, sampleTruth } from './served.ts';

const { files, truth } = sampleTruth();
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);
afterAll(() => stage.close());
afterEach(() => stage.leave());

async function onSample(height?: number): Promise<ConsoleObjects> {
  const { page } = await stage.visit({ withSample: true, ...(height === undefined ? {} : { height }) });
  const objects = new ConsoleObjects(page);
  await objects.openSample();
  return objects;
}

const shown = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, '\u2009');

test('from the start screen to the sample’s overview, whose figures are those of its generator', async () => {
  const { page } = await stage.visit();
  const objects = new ConsoleObjects(page);
  await objects.openSample();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  const figures = page.getByRole('link', { name: shown(truth.events), exact: true });
  await figures.waitFor();
  for (const outcome of ['allow', 'deny', 'error', 'unknown'] as const) {
    await page
      .getByRole('link', { name: shown(truth.outcomes[outcome]), exact: true })
      .first()
      .waitFor();
  }
  const coverage = page.getByRole('figure', { name: 'Coverage' });
  for (const source of truth.sources) {
    await coverage
      .getByText(`${shown(source.events)} events`)
      .first()
      .waitFor();
  }
  await page.getByRole('button', { name: 'Outcomes over time as table' }).click();
  const numbers = page.getByRole('region', { name: 'Outcomes over time: numbers' });
  const column = (await numbers.getByRole('columnheader').allInnerTexts()).indexOf('deny');
  const cells = await numbers
    .getByRole('row')
    .locator(`td:nth-child(${column + 1})`)
    .allInnerTexts();
  expect(cells.reduce((sum, cell) => sum + Number(cell.replaceAll('\u2009', '')), 0)).toBe(
    truth.outcomes.deny,
  );
}, 180_000);

describe('events', () => {
  test('a query is completed, narrowed by facet and by brush, and undone by going back', async () => {
    const objects = await onSample();
    const { page } = objects;
    await objects.goTo('Events');
    await expect.poll(() => objects.total()).toBe(truth.events);

    await objects.query.fill('outc');
    await page.getByRole('option', { name: /^outcome:/ }).waitFor();
    await objects.query.press('Tab');
    await page.keyboard.type('de');
    await page.getByRole('option', { name: 'deny' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => objects.address.get('query')).toBe('outcome:deny');
    await expect.poll(() => objects.total()).toBe(truth.outcomes.deny);

    const denied = truth.subjects.toSorted((one, other) => other.denied - one.denied)[0]!;
    const value = objects.facet('Subject').getByRole('button', { name: `Filter for ${denied.subject}:` });
    await value.click();
    await expect.poll(() => objects.total()).toBe(denied.denied);
    expect(await value.getAttribute('aria-pressed')).toBe('true');
    expect(await objects.query.inputValue()).toContain('subject.id:');

    const box = (await objects.brush.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => objects.address.get('from')).not.toBeNull();
    const from = Date.parse(objects.address.get('from')!);
    const to = Date.parse(objects.address.get('to')!);
    expect(from).toBeLessThan(to);
    const rowTime = await objects.row(0).locator('time').getAttribute('datetime');
    expect(Date.parse(rowTime!)).toBeGreaterThanOrEqual(from);
    expect(Date.parse(rowTime!)).toBeLessThanOrEqual(to);

    for (const expected of [denied.denied, truth.outcomes.deny, truth.events]) {
      await page.goBack();
      await expect.poll(() => objects.total()).toBe(expected);
    }
  }, 120_000);

  test('the planted incident is found by its address, and a value is filtered out by the menu of a row', async () => {
    const objects = await onSample();
    await objects.goTo('Events');
    await objects.filter(`ip:${truth.incident.address}`);
    await expect.poll(() => objects.total()).toBeLessThan(truth.events);
    const before = await objects.total();
    await objects.table.focus();
    await objects.page.keyboard.press('f');
    await objects.page.getByRole('menuitem', { name: /^Outcome/ }).click();
    await objects.page.getByRole('menuitem', { name: 'Filter out' }).click();
    await expect.poll(() => objects.total()).toBeLessThan(before);
    expect(await objects.query.inputValue()).toMatch(/^ip:\S+ -outcome:(allow|deny|error)$/);
  }, 120_000);

  test('what is wrong with a query is said where it stands, and nothing is asked', async () => {
    const objects = await onSample();
    await objects.goTo('Events');
    await objects.filter('outcome:deny AND (action:s3:*');
    await objects.page.getByRole('alert').getByText('This parenthesis is not closed').waitFor();
    expect(await objects.query.getAttribute('aria-invalid')).toBe('true');
    expect(objects.address.get('query')).toBeNull();
    await objects.query.fill('nosuch:1');
    await objects.query.press('Enter');
    await objects.page.getByRole('alert').getByText('There is no field “nosuch”').waitFor();
  }, 120_000);

  test('an event is read down to its bytes', async () => {
    const objects = await onSample();
    const { page } = objects;
    await objects.goTo('Events');
    await objects.filter('outcome:deny format:aws-cloudtrail');
    await objects.row(0).getByText('deny').click();
    const { detail } = objects;
    const sentence = detail.getByRole('paragraph').filter({ hasText: ' was denied ' });
    await sentence.waitFor();
    expect(await sentence.innerText()).toMatch(/^.+ was denied .+\.$/);

    await detail.getByRole('tab', { name: 'Raw record' }).click();
    await detail.getByRole('button', { name: 'Exact bytes' }).click();
    const text = async (term: string): Promise<string> =>
      detail
        .getByRole('definition')
        .filter({ hasNot: page.locator('dl') })
        .nth((await detail.getByRole('term').allInnerTexts()).indexOf(term))
        .innerText();
    const download = page.waitForEvent('download');
    await detail.getByRole('button', { name: 'Save' }).click();
    const saved = readFileSync(await (await download).path());

    const path = await text('File');
    const source = Buffer.from(files.find((file) => path.endsWith(file.path))!.text);
    const [offset, length] = [await text('Offset'), await text('Length')].map((number) =>
      Number(number.replaceAll('\u2009', '')),
    ) as [number, number];
    expect(saved.equals(source.subarray(offset, offset + length))).toBe(true);
    const digest = createHash('sha256').update(saved).digest('hex');
    await expect.poll(() => text('Record SHA-256')).toBe(`${digest.slice(0, 14)}…${digest.slice(-13)}`);
    expect(JSON.parse(saved.toString())).toMatchObject({ errorCode: expect.any(String) as string });
  }, 120_000);

  test('everything goes by keyboard alone', async () => {
    const { page } = await stage.visit({ withSample: true });
    const objects = new ConsoleObjects(page);
    await page.getByRole('button', { name: 'Open the sample case' }).waitFor();
    await page.keyboard.press('s');
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await objects
      .row(0)
      .getByRole('gridcell')
      .nth(1)
      .getByText(/allow|deny|error|unknown/)
      .waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('outcome:deny');
    await page.keyboard.press('Enter');
    await expect.poll(() => objects.total()).toBe(truth.outcomes.deny);

    // The brush: two bars from the first on, then back to the whole.
    await objects.brush.focus();
    for (const key of ['Home', 'Shift+ArrowRight', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => objects.address.get('from')).not.toBeNull();
    expect(Date.parse(objects.address.get('from')!)).toBeLessThanOrEqual(Date.parse(truth.from) + 86_400_000);
    await page.keyboard.press('z');
    await expect.poll(() => objects.address.get('from')).toBeNull();

    await page.keyboard.press('j');
    await expect.poll(() => objects.table.evaluate((grid) => grid === document.activeElement)).toBe(true);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await objects.detail.getByText(/ was denied /).waitFor();
    const first = objects.address.get('selected');
    await page.keyboard.press('j');
    await expect.poll(() => objects.address.get('selected')).not.toBe(first);
    await page.keyboard.press('d');
    expect(await objects.detail.evaluate((panel) => panel.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await objects.detail.waitFor({ state: 'detached' });
    expect(await objects.table.evaluate((grid) => grid === document.activeElement)).toBe(true);
    await page.keyboard.press('End');
    await objects
      .row(truth.outcomes.deny - 1)
      .getByText('deny')
      .waitFor();
    await page.keyboard.press('s');
    await expect.poll(() => objects.address.get('sort')).toBe('time');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Write a query').waitFor();
  }, 120_000);

  test('a reload finds query, time range, order, selection and row again', async () => {
    const objects = await onSample();
    const { page } = objects;
    await objects.goTo('Events');
    await objects.filter('outcome:deny');
    await expect.poll(() => objects.total()).toBe(truth.outcomes.deny);
    await objects.table.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('k');
    const at = truth.outcomes.deny - 2;
    await objects.row(at).getByText('deny').waitFor();
    await page.keyboard.press('Enter');
    await objects.detail.getByText(/ was denied /).waitFor();
    const { hash } = new URL(page.url());
    await page.reload();
    await objects.detail.getByText(/ was denied /).waitFor();
    expect(new URL(page.url()).hash).toBe(hash);
    await expect.poll(() => objects.row(at).getAttribute('aria-selected')).toBe('true');
    expect(await objects.query.inputValue()).toBe('outcome:deny');
  }, 120_000);

  test('related events lead along a session', async () => {
    const objects = await onSample();
    await objects.goTo('Events');
    await objects.filter('outcome:deny format:aws-cloudtrail session.id:*');
    await objects.row(0).getByText('deny').click();
    await objects.detail.getByRole('tab', { name: 'Related' }).click();
    const current = objects.detail.locator('[aria-current="true"]');
    await current.waitFor();
    const before = objects.address.get('selected');
    const other = objects.detail.getByRole('list').last().locator('a:not([aria-current])').first();
    await other.click();
    await expect.poll(() => objects.address.get('selected')).not.toBe(before);
    await objects.page.goBack();
    await expect.poll(() => objects.address.get('selected')).toBe(before);
  }, 120_000);
});

/** A denial by Kubernetes RBAC, as the API server's audit log writes it. */
function record(id: string, user: string): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: id,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/pay/secrets',
    verb: 'list',
    user: { username: user },
    sourceIPs: ['203.0.113.9'],
    objectRef: { resource: 'secrets', namespace: 'pay', apiVersion: 'v1' },
    responseStatus: { code: 403 },
    requestReceivedTimestamp: '2026-05-01T10:00:00.000000Z',
    stageTimestamp: '2026-05-01T10:00:00.100000Z',
    annotations: { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': '' },
  });
}

test('logs that are uploaded are read, and a broken record is kept with its place and reason', async () => {
  const { page } = await stage.visit();
  const objects = new ConsoleObjects(page);
  await page.getByRole('button', { name: 'New case' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Upload');
  await page.getByRole('button', { name: 'Choose a folder …' }).click();
  await page.getByRole('button', { name: 'Use this folder' }).click();
  await page.getByRole('button', { name: 'Create case' }).click();
  await page.getByText('This case has no events yet').waitFor();

  const good = [record('a', 'mallory'), record('b', 'mallory')];
  const broken = `{"kind":"Event","auditID":"c`;
  await page.getByRole('button', { name: 'Import logs' }).click();
  await page.getByLabel('Files to upload').setInputFiles({
    name: 'audit.log',
    mimeType: 'application/json',
    buffer: Buffer.from(`${good[0]}\n${broken}\n${good[1]}\n`),
  });
  await page.getByRole('list', { name: 'Chosen' }).getByText('audit.log').waitFor();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('3 records = 2 + 0 duplicates + 1 rejected').first().waitFor({ timeout: 30_000 });

  await objects.goTo('Events');
  await expect.poll(() => objects.total()).toBe(2);
  await objects.row(0).getByText('mallory').waitFor();
  await objects.goTo('Evidence');
  await page.getByRole('tab', { name: /^Rejected/ }).click();
  const rejected = page.getByRole('region', { name: 'The chosen record' });
  await rejected.getByText(`at byte ${shown(good[0]!.length + 1)} of audit.log`).waitFor();
  await rejected.getByText('"auditID":"c').waitFor();
}, 120_000);

describe.each(['dark', 'light'])('in the %s theme axe finds nothing on real data', (theme) => {
  test.each([
    ['overview', 'Quiet identities'],
    ['events', 'Facets'],
  ])(
    'in the %s',
    async (view, sign) => {
      const objects = await onSample(700);
      const { page } = objects;
      if (theme === 'light') await objects.runCommand('switch between dark and light');
      await objects.goTo(view === 'events' ? 'Events' : 'Overview');
      await page.getByText(sign, { exact: true }).first().waitFor();
      if (view === 'events') {
        await objects.row(0).getByRole('gridcell').nth(1).click();
        await objects.detail.getByRole('tab', { name: 'Fields' }).waitFor();
      }
      expect(await violations(page)).toEqual([]);
    },
    120_000,
  );
});
