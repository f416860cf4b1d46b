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
 * A decision trace opens in Chromium on the loopback host, to the frame that shows its layers: from the link in the
 * panel of its event, as an analyst comes to it, and by its address, which nothing was asked of before. For the newest
 * events of the sample case whose policies are in it; the policies are compiled before, each trace is new.
 */
export async function benchTraces(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === null) return;
  const home = mkdtempSync(join(tmpdir(), 'rescind-bench-'));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const served = await serveConsole(home);
    try {
      const { first, byAddress, fromPanel } = await measure(browser, served.address);
      printTable(
        'A trace opens in the console, ms',
        ['', 'measured', 'goal'],
        [
          ['the first of the process', milliseconds(first), ''],
          ['from the panel of its event, median', milliseconds(percentile(fromPanel, 0.5)), '≤ 50'],
          ['from the panel of its event, p95', milliseconds(percentile(fromPanel, 0.95)), ''],
          ['by its address, median', milliseconds(percentile(byAddress, 0.5)), '≤ 50'],
          ['by its address, p95', milliseconds(percentile(byAddress, 0.95)), ''],
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

interface Times {
  readonly first: number;
  readonly byAddress: readonly number[];
  readonly fromPanel: readonly number[];
}

async function measure(browser: Browser, address: string): Promise<Times> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(address);
  const objects = new ConsoleObjects(page);
  await objects.openSample();
  const ids = await newest(page);
  await objects.goTo('Traces');
  const [first = '', ...others] = ids.slice(0, traces);
  const firstTime = await openTrace(page, first, null);
  const byAddress: number[] = [];
  for (const id of others) byAddress.push(await openTrace(page, id, null));
  const fromPanel: number[] = [];
  for (const id of ids.slice(traces)) {
    await page.evaluate((event) => {
      window.location.hash = `#/events?selected=${encodeURIComponent(`event:${event}`)}`;
    }, id);
    await objects.detail.getByRole('tab', { name: 'Decision' }).click();
    const link = objects.detail.locator(`a[href*="${encodeURIComponent(id)}"]`, {
      hasText: 'Open the trace',
    });
    await link.waitFor();
    fromPanel.push(await openTrace(page, id, await link.getAttribute('href')));
  }
  return { first: firstTime, byAddress, fromPanel };
}

/** Ids of the newest events with a decision. */
function newest(page: Page): Promise<readonly string[]> {
  return page.evaluate(async (limit) => {
    const query = 'format:aws-cloudtrail (outcome:deny OR outcome:allow)';
    const body = JSON.stringify({ query, from: null, to: null, sort: '-time', offset: 0, limit });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('api/events.page', { method: 'POST', headers, body });
    const { result } = JSON.parse(await answer.text()) as {
      result: { value: { rows: { id: string }[] } };
    };
    return result.value.rows.map(({ id }) => id);
  }, 2 * traces);
}

/** Clicks the link, or goes to the address where there is none. */
function openTrace(page: Page, id: string, link: string | null): Promise<number> {
  return page.evaluate(
    ([event, href, layers]) =>
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
        if (href === null) window.location.hash = `#/traces/event/${event}`;
        else document.querySelector<HTMLAnchorElement>(`a[href="${href}"]`)?.click();
      }),
    [id, link, 'ol.layers[aria-label="Layers in the order of evaluation"]'] as const,
  );
}
