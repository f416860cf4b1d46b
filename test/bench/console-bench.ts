import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type JSHandle, type Locator, chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';
import { ensureBuild, serveConsole } from '../../scripts/served-console.ts';
import { ConsoleObjects } from '../e2e/console-objects.ts';
import { milliseconds, percentile, printTable } from './figures.ts';

/** What an analyst types one after the other; each finds another number of events than the one before. */
const questions = [
  'outcome:deny',
  'action:s3:*',
  'outcome:error',
  'terraform',
  'ip:10.0.0.0/8',
  '-outcome:allow',
];

/**
 * From the key press in the query bar to the frame that shows the new number of events and the new rows, in Chromium
 * on the loopback host; and from the start of the host to the first view of the case.
 */
export async function benchConsole(caseFolder: string, rounds: number): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === null) {
    console.log('\nThe console is not measured: there is no Chromium here (npm test brings it).');
    return;
  }
  ensureBuild();
  const home = mkdtempSync(join(tmpdir(), 'rescind-bench-'));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const starts: number[] = [];
    for (let round = 0; round < 3; round++) starts.push(await startToUsable(browser, home, caseFolder));
    const served = await serveConsole(home, ['--case', caseFolder]);
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      page.setDefaultTimeout(120_000);
      await page.goto(`${served.address}#/events`);
      const objects = new ConsoleObjects(page);
      await objects.row(0).waitFor();
      const first: number[] = [];
      const later: number[] = [];
      for (let round = 0; round < rounds; round++) {
        for (const question of questions) {
          (round === 0 ? first : later).push(await answered(objects, question));
        }
      }
      printTable(
        'The console in Chromium, ms',
        ['', 'measured', 'goal'],
        [
          ['start to usable, case open, first time', milliseconds(starts[0] ?? Number.NaN), ''],
          ['start to usable, case open, later', milliseconds(Math.min(...starts.slice(1))), '< 2,000'],
          ['key press to painted result, first time, p95', milliseconds(percentile(first, 0.95)), ''],
          ['key press to painted result, p95', milliseconds(percentile(later, 0.95)), '< 150'],
        ],
      );
    } finally {
      await served.close();
    }
  } finally {
    await browser.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * From the start of the host's process to the first row of the events in a browser that runs already, with a profile
 * that has never seen the page. The first time nothing is kept of the compiled code.
 */
async function startToUsable(browser: Browser, home: string, caseFolder: string): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(120_000);
  await page.goto('data:text/html,');
  const started = performance.now();
  const served = await serveConsole(home, ['--case', caseFolder]);
  try {
    await page.goto(`${served.address}#/events`, { waitUntil: 'commit' });
    await new ConsoleObjects(page).row(0).waitFor();
    return performance.now() - started;
  } finally {
    await page.close();
    await served.close();
  }
}

async function answered({ query, histogram, table }: ConsoleObjects, text: string): Promise<number> {
  await query.fill(text);
  const before = await table.getAttribute('aria-rowcount');
  const watch = await watchFor(histogram, table);
  await query.press('Enter');
  const time = await watch.evaluate(({ painted }) => painted);
  await watch.dispose();
  if ((await table.getAttribute('aria-rowcount')) !== before) return time;
  throw new Error(`“${text}” found as many events as the question before: nothing can be measured.`);
}

/** Sets the page up to measure from the next key press to the frame in which both have changed. */
async function watchFor(histogram: Locator, table: Locator): Promise<JSHandle<{ painted: Promise<number> }>> {
  const grid = await table.elementHandle();
  return histogram.evaluateHandle((figure, rows) => {
    const before = [figure.textContent, rows?.getAttribute('aria-rowcount')];
    const painted = new Promise<number>((resolve) => {
      let pressed = 0;
      addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp), { capture: true, once: true });
      const observer = new MutationObserver(() => {
        if (figure.textContent === before[0] || rows?.getAttribute('aria-rowcount') === before[1]) return;
        observer.disconnect();
        // The frame after the change has been painted when the task after its animation callbacks runs.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.addEventListener('message', () => resolve(performance.now() - pressed));
          port1.start();
          port2.postMessage(null);
        });
      });
      const all = { subtree: true, childList: true, characterData: true, attributes: true };
      observer.observe(figure, all);
      if (rows !== null) observer.observe(rows, all);
    });
    return { painted };
  }, grid);
}
