import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';
import { serveConsole } from '../../scripts/served-console.ts';
import { ConsoleObjects } from '../e2e/console-objects.ts';
import { milliseconds, percentile, printTable } from './figures.ts';

const traces = 30;

/**
 * From the click on an event's trace to the frame that shows its layers, in Chromium on the loopback host, for the
 * newest events of the sample case whose policies are in it. The policies are compiled before; each trace is new.
 */
export async function benchTraces(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === null) return;
  const home = mkdtempSync(join(tmpdir(), 'rescind-bench-'));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const served = await serveConsole(home);
    try {
      const times = await measure(browser, served.address);
      printTable(
        'A trace opens in the console, ms',
        ['', 'measured', 'goal'],
        [
          ['the first of the process', milliseconds(times[0] ?? Number.NaN), ''],
          ['others, median', milliseconds(percentile(times.slice(1), 0.5)), '≤ 50'],
          ['others, p95', milliseconds(percentile(times.slice(1), 0.95)), ''],
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

async function measure(browser: Browser, address: string): Promise<readonly number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(address);
  const objects = new ConsoleObjects(page);
  await objects.openSample();
  const ids = await page.evaluate(async (limit) => {
    const query = 'format:aws-cloudtrail (outcome:deny OR outcome:allow)';
    const body = JSON.stringify({ query, from: null, to: null, sort: '-time', offset: 0, limit });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('api/events.page', { method: 'POST', headers, body });
    const { result } = JSON.parse(await answer.text()) as {
      result: { value: { rows: { id: string }[] } };
    };
    return result.value.rows.map(({ id }) => id);
  }, traces);
  await objects.goTo('Traces');
  const times: number[] = [];
  for (const id of ids) times.push(await openTrace(page, id));
  return times;
}

function openTrace(page: Page, id: string): Promise<number> {
  return page.evaluate(
    ([event, layers]) =>
      new Promise<number>((resolve) => {
        const before = document.querySelector(layers);
        const started = performance.now();
        const observer = new MutationObserver(() => {
          const now = document.querySelector(layers);
          if (now === null || now === before) return;
          observer.disconnect();
          // The frame with it has been painted when the task after its animation callbacks runs.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.addEventListener('message', () => resolve(performance.now() - started));
            port1.start();
            port2.postMessage(null);
          });
        });
        observer.observe(document.body, { subtree: true, childList: true });
        window.location.hash = `#/traces/event/${event}`;
      }),
    [id, '[aria-label="Layers in the order of evaluation"]'] as const,
  );
}
