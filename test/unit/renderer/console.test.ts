import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Screen, consoleOfThisFile, testAccessibility } from '../../support/console-suite.ts';
import { caseSummary, failing, fileIds } from '../../support/fake-answers.ts';
import type { FakeAnswer, FakeAnswers } from '../../support/fake-bridge.ts';
import { inputsOf } from '../../support/fake-calls.ts';

const browser = consoleOfThisFile();

const firstFile = fileIds[0] ?? '';

const noCase: FakeAnswers = { 'case.current': { result: { ok: true, value: null }, delay: 0 } };

const screens: readonly Screen[] = [
  ['start screen', '', noCase, 'Recent cases'],
  ['files', '#/evidence', {}, 'Custody journal'],
  ['file’s detail', `#/evidence?selected=${encodeURIComponent(`file:${firstFile}`)}`, {}, 'Copy SHA-256'],
  ['rejected records', '#/evidence/rejected', {}, 'At byte'],
  ['custody journal', '#/evidence/custody', {}, 'Root hash'],
  ['verification', '#/evidence/verify', {}, 'Verify now'],
  [
    'empty evidence',
    '#/evidence',
    { 'evidence.list': { result: { ok: true, value: [] }, delay: 0 } },
    'no evidence',
  ],
  [
    'failed evidence',
    '#/evidence',
    { 'evidence.list': failing('crashed', 'The reader ended.') },
    'The reader ended.',
  ],
  ['overview', '#/overview', {}, 'Quiet identities'],
  [
    'failed overview',
    '#/overview',
    { 'overview.get': failing('crashed', 'The reader is gone.') },
    'The reader is gone.',
  ],
  ['events', '#/events', {}, '40 000'.replace(' ', '\u2009')],
  ['event’s detail', '#/events?selected=event:x', {}, 'In the log’s words'],
  ['wrong query', '#/events?query=nosuch:1', {}, 'There is no field “nosuch”'],
  [
    'events that none match',
    '#/events?query=outcome:deny&from=2026-05-01T00:00:00Z',
    { 'events.page': { list: 'rows', rows: [], total: 0, delay: 0 } },
    'No event matches',
  ],
  [
    'failed events',
    '#/events',
    { 'events.page': failing('crashed', 'The page is gone.') },
    'The page is gone.',
  ],
  ['host that does not answer', '', { 'app.info': failing('crashed', 'No answer.') }, 'No answer.'],
];

testAccessibility(browser, screens);

test('the sample case is one click away, with its progress in sight', async () => {
  const page = await browser.open('', noCase);
  await page.getByRole('button', { name: 'Open the sample case' }).click();
  await page.getByText(/Preparing the sample case \d+ %/).waitFor();
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  expect(await page.title()).toBe('Leaked CI key – Rescind');
  await page.close();
});

test('everything is reached by keyboard: view, row, detail, palette, and back', async () => {
  const page = await browser.open('#/overview');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  const files = page.getByRole('grid', { name: 'Evidence files' });
  await files.focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary', { name: 'the detail panel' });
  await detail.getByText('Every record is accounted for.').waitFor();
  expect(new URL(page.url()).hash).toContain('selected=file');
  await page.keyboard.press('Escape');
  await detail.waitFor({ state: 'detached' });

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command' }).fill('verify');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Verify now' }).waitFor();
  await page.goBack();
  await files.waitFor();
  await page.close();
});

test('an import starts from files of the host, shows its progress and can be cancelled', async () => {
  const page = await browser.open('#/evidence');
  await page.getByRole('button', { name: 'Import logs' }).click();
  await page.getByRole('button', { name: 'Browse this host …' }).click();
  await page.getByLabel('Choose audit.log').check();
  await page.getByRole('button', { name: 'Use 1 chosen' }).click();
  await page.getByRole('combobox', { name: 'Format' }).selectOption({ label: 'Kubernetes audit' });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText(/Importing \d+ % · .* ev\/s · 0:\d\d left/).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Importing: cancelled').waitFor();
  expect(await inputsOf(page, 'ingest.start')).toEqual([
    {
      tokens: ['file-token-1'],
      format: 'kubernetes-audit',
      timeZone: null,
    },
  ]);
  await page.close();
});

test('files that are dropped anywhere are offered for import', async () => {
  const page = await browser.open('#/overview');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['{}'], 'dropped.json'));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true }));
  });
  const chosen = page.getByRole('list', { name: 'Chosen' });
  await chosen.waitFor();
  expect(await chosen.innerText()).toContain('dropped.json');
  await page.close();
});

/** Lets a file fall on the page, or nothing. */
async function drop(page: Page, name: string | null): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    if (given !== null) transfer.items.add(new File(['{}'], given));
    const event = new DragEvent('drop', { dataTransfer: transfer, cancelable: true });
    // What the browser says of an empty folder.
    if (given === null) {
      const items = { types: ['Files'], items: [], files: [] };
      Object.defineProperty(event, 'dataTransfer', { value: items });
    }
    window.dispatchEvent(event);
  }, name);
}

test('what holds no file says so when it is dropped', async () => {
  const page = await browser.open('#/overview');
  await drop(page, null);
  await page.getByText('There is no file in what was dropped.').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.close();
});

test('files that are dropped during an import wait for its end instead of being lost', async () => {
  const page = await browser.open('#/evidence');
  await drop(page, 'first.json');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText(/Importing \d+ %/).waitFor();
  await drop(page, 'second.json');
  const begin = page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true });
  await page.getByText('An import is running. This one can begin').waitFor();
  expect(await begin.isDisabled()).toBe(true);
  // The bottom bar lies behind the dialog: the first import ends by itself.
  await expect.poll(() => begin.isEnabled(), { timeout: 20_000 }).toBe(true);
  expect(await page.getByRole('list', { name: 'Chosen' }).innerText()).toContain('second.json');
  await page.close();
});

test('an import that found nothing is no success, and leads to the reasons', async () => {
  const nothing = { records: 0, events: 0, duplicates: 0, rejected: 0 };
  const page = await browser.open('#/overview', {
    'ingest.start': {
      result: {
        ok: true,
        value: {
          ...nothing,
          files: 0,
          skipped: [{ path: 'notes.txt', reason: 'It holds no records.' }],
          bytes: 3,
          outcomes: { allow: 0, deny: 0, error: 0, challenge: 0, unknown: 0 },
          sources: [],
          directories: [],
          cancelled: false,
          seconds: 0.2,
        },
      },
      delay: 0,
    },
  });
  await drop(page, 'notes.txt');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('Nothing could be imported: 1 entry skipped').first().waitFor();
  await page.getByRole('button', { name: 'Show why' }).click();
  await page.getByRole('tab', { name: /^Skipped/, selected: true }).waitFor();
  expect(new URL(page.url()).hash).toBe('#/evidence/skipped');
  await page.close();
});

test('a file whose end is missing is not called complete, and says from where on', async () => {
  const page = await browser.open(`#/evidence?selected=${encodeURIComponent(`file:${fileIds[2] ?? ''}`)}`);
  const left = page.getByRole('region', { name: 'Left out' });
  await left.waitFor();
  expect(await left.innerText()).toContain('From byte 91234 on nothing was read');
  const detail = page.getByRole('complementary', { name: 'the detail panel' });
  expect(await detail.innerText()).toContain('cut short');
  await page.getByRole('tab', { name: /^Skipped/ }).click();
  await page.getByRole('grid', { name: 'Skipped files' }).getByText('From byte 91234').waitFor();
  await page.close();
});

const readOnlyHost: FakeAnswer = {
  result: {
    ok: true,
    value: {
      version: '0.1.0',
      host: 'headless',
      platform: 'linux',
      nativeDialogs: false,
      readOnly: true,
      recent: [],
    },
  },
  delay: 0,
};

test('a read-only host offers no import, and says why it takes nothing that is dropped', async () => {
  const page = await browser.open('#/evidence', { 'app.info': readOnlyHost });
  const button = page.getByRole('button', { name: 'Import logs' });
  await button.waitFor();
  expect(await button.isDisabled()).toBe(true);
  await drop(page, 'dropped.json');
  await page.getByText('This host is read-only: it imports nothing.').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.close();
});

test('hidden characters of a query are told and can be removed', async () => {
  const page = await browser.open('#/events');
  const query = page.getByRole('combobox', { name: 'Query' });
  await query.fill('subject.id:\u202Emallory\u200B');
  const remove = page.getByRole('button', { name: 'Remove 2 hidden' });
  expect(await remove.getAttribute('title')).toContain('subject.id:\\u{202e}mallory\\u{200b}');
  await remove.click();
  expect(await query.inputValue()).toBe('subject.id:mallory');
  await remove.waitFor({ state: 'detached' });
  await page.close();
});

test.each([800, 640])(
  'with %i pixels the detail panel and its controls lie within the window',
  async (width) => {
    const page = await browser.open('#/events?selected=event:x');
    await page.setViewportSize({ width, height: 600 });
    const close = page.getByRole('button', { name: 'Close (Esc)' });
    await close.waitFor();
    const box = await close.boundingBox();
    expect((box?.x ?? width) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.keyboard.press('Escape');
    await close.waitFor({ state: 'detached' });
    await page.close();
  },
);

test('where the system sets the colours, what is chosen still shows', async () => {
  const page = await browser.open('#/events?selected=event:x');
  await page.emulateMedia({ forcedColors: 'active' });
  const styles = ['nav [aria-current]', '[role=tab][aria-selected=true]'].map((place) =>
    page
      .locator(place)
      .first()
      .evaluate((element) => getComputedStyle(element).outlineStyle),
  );
  expect(await Promise.all(styles)).toEqual(['solid', 'solid']);
  await page.close();
});

test('control and bidirectional characters of a rejected record are shown escaped', async () => {
  const page = await browser.open('#/evidence/rejected');
  const record = page.getByRole('region', { name: 'The chosen record' });
  await record.waitFor();
  const text = await record.innerText();
  expect(text).toContain('curl\\0\\u{001b}[31m \\u{202e}gnp.exe');
  expect(text).not.toContain('\u202e');
  expect(text).not.toContain('\u001b');
  await page.close();
});

test('theme, time zone and address survive a reload', async () => {
  const page = await browser.open('#/evidence/custody');
  await page.getByRole('button', { name: 'UTC' }).click();
  await page.getByRole('menuitemradio', { name: /^Local/ }).click();
  await page.getByRole('button', { name: 'Leaked CI key' }).click();
  await page.getByRole('menuitem', { name: 'Light theme' }).click();
  await page.reload();
  await page.getByRole('button', { name: /^Local/ }).waitFor();
  expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
  expect(new URL(page.url()).hash).toBe('#/evidence/custody');
  await page.close();
});

test('a new case needs a name and a folder', async () => {
  const page = await browser.open('', noCase);
  await page.getByRole('button', { name: 'New case' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Incident 7');
  const create = page.getByRole('button', { name: 'Create case' });
  expect(await create.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Choose a folder …' }).click();
  await page.getByRole('button', { name: 'Use this folder' }).click();
  await create.click();
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
  await page.close();
});

test('a table of two million rows shows its last row, and single steps near it', async () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => ({
    path: 'big.json',
    sha256: '0'.repeat(64),
    offset: index,
    length: 1,
    reason: 'The record is no object.',
    excerpt: `excerpt ${index}`,
  }));
  const page = await browser.open('#/evidence/rejected', {
    'evidence.rejected': { list: 'rows', rows, total: 2_000_000, delay: 0 },
  });
  const table = page.getByRole('grid', { name: 'Rejected records' });
  const record = page.getByRole('region', { name: 'The chosen record' });
  await record.waitFor();
  await table.focus();
  await page.keyboard.press('End');
  await record.getByText('excerpt 999', { exact: true }).waitFor();
  await page.keyboard.press('k');
  await record.getByText('excerpt 998', { exact: true }).waitFor();
  const row = table.locator('[aria-rowindex="2000000"]');
  const [rowBox, tableBox] = [await row.boundingBox(), await table.boundingBox()];
  expect(rowBox!.y).toBeGreaterThan(tableBox!.y);
  expect(rowBox!.y + rowBox!.height).toBeLessThanOrEqual(tableBox!.y + tableBox!.height);
  await page.mouse.move(tableBox!.x + 50, tableBox!.y + 100);
  await page.mouse.wheel(0, -56);
  await expect.poll(async () => Math.round((await row.boundingBox())!.y - rowBox!.y)).toBe(56);
  await page.close();
});

test('a case without events says how to get some, in both views', async () => {
  const empty = { ...caseSummary, events: 0, files: 0, from: null, to: null };
  const answers: FakeAnswers = { 'case.current': { result: { ok: true, value: empty }, delay: 0 } };
  for (const view of ['#/overview', '#/events']) {
    const page = await browser.open(view, answers);
    await page.getByText('This case has no events yet').waitFor();
    await page.getByRole('button', { name: 'Import logs' }).click();
    await page.getByRole('dialog', { name: 'Import logs' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.close();
  }
});

test('a million events scroll to the last, and the detail panel follows the cursor', async () => {
  const page = await browser.open('#/events');
  const table = page.getByRole('grid', { name: 'Events' });
  await table.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'the detail panel' }).waitFor();
  await page.keyboard.press('End');
  await expect.poll(() => new URL(page.url()).hash).toContain((499).toString(16).padStart(32, '0'));
  await table
    .locator('[aria-rowindex="1000001"]')
    .getByText(/\d\d:\d\d:\d\d/)
    .waitFor();
  await page.keyboard.press('k');
  await expect.poll(() => new URL(page.url()).hash).toContain((498).toString(16).padStart(32, '0'));
  await page.close();
});

test('text of a log is shown escaped in facets, sentence and raw record, and its numbers are not rounded', async () => {
  const page = await browser.open('#/events?selected=event:x');
  const detail = page.getByRole('complementary', { name: 'the detail panel' });
  await detail.getByText('aws-cli/2.15').waitFor();
  expect(await detail.innerText()).toContain('aws-cli/2.15 \\u{001b}[31m');
  await page.keyboard.press('2');
  const raw = detail.getByRole('region', { name: 'Record, laid out' });
  await raw.waitFor();
  const text = await raw.innerText();
  expect(text).toContain('"count": 12345678901234567890,');
  expect(text).toContain('"empty": {}');
  await page.keyboard.press('Escape');
  const facets = page.getByRole('complementary', { name: 'Facets' });
  await facets.getByText('mallory').first().waitFor();
  expect(await facets.innerText()).not.toContain('\u202e');
  await page.close();
});

test('completion quotes what needs it and takes the value over with Tab', async () => {
  const page = await browser.open('#/events');
  const query = page.getByRole('combobox', { name: 'Query' });
  await query.fill('action:s');
  await page.getByRole('option', { name: '"sts:Assume Role"' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(await query.inputValue()).toBe('action:"sts:Assume Role" ');
  await page.keyboard.press('Enter');
  await expect.poll(() => decodeURIComponent(new URL(page.url()).hash)).toContain('action:"sts:Assume+Role"');
  await page.close();
});

test('columns are chosen, and stay chosen after a reload', async () => {
  const page = await browser.open('#/events');
  const table = page.getByRole('grid', { name: 'Events' });
  await table.waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Region' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Resource' }).click();
  await page.keyboard.press('Escape');
  await page.reload();
  await table.waitFor();
  const titles = await table.getByRole('columnheader').allInnerTexts();
  expect(titles).toContain('Region');
  expect(titles).not.toContain('Resource');
  await page.close();
});

test('a time range is typed, with its whole last day, and a reversed one is refused', async () => {
  const page = await browser.open('#/events');
  await page.getByRole('button', { name: /^Time range/ }).click();
  await page.getByRole('menuitem', { name: 'From … to …' }).click();
  await page.getByRole('textbox', { name: 'From' }).fill('2026-05-03');
  await page.getByRole('textbox', { name: 'To, inclusive' }).fill('2026-05-02');
  await page.getByText('The end lies before the start.').waitFor();
  const use = page.getByRole('button', { name: 'Use this range' });
  expect(await use.isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'To, inclusive' }).fill('2026-05-04');
  await use.click();
  const address = new URLSearchParams(new URL(page.url()).hash.split('?')[1]);
  expect(address.get('from')).toBe('2026-05-03T00:00:00.000000000Z');
  expect(address.get('to')).toBe('2026-05-04T23:59:59.999999999Z');
  await page.close();
});
