import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import { type SampleFile, type SampleTruth, generateCompany, sampleCase } from '#shared/sample/index.ts';
import { findChromium } from '../../scripts/chromium.mjs';
import { type ServedConsole, serveConsole } from '../../scripts/served-console.ts';

/** A page of the console on its own host, with a folder for the user's files of its own. */
export interface Visit {
  readonly page: Page;
  readonly home: string;
  /** Kills the host at once and serves the same folder again; answers with the new address. */
  readonly restart: () => Promise<string>;
}

/** The stage of the served console's tests: one browser, one sample case that each visit gets a copy of. */
export interface Stage {
  /** `withSample`: the sample case has been opened there before. */
  visit(options?: { readonly withSample?: boolean; readonly height?: number }): Promise<Visit>;
  /** Ends the visits of a test; throws what their pages reported. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('There is no Chromium. "npm test" installs it or says how.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const folders: string[] = [];
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'rescind-served-'));
    folders.push(folder);
    return folder;
  };
  let open: { readonly served: ServedConsole; readonly page: Page }[] = [];
  const errors: string[] = [];
  let prepared: Promise<string> | null = null;

  const start = async (home: string, height = 800): Promise<Page> => {
    const served = await serveConsole(home);
    const page = await newPage(browser, errors, height);
    open.push({ served, page });
    await page.goto(served.address);
    return page;
  };
  const leave = async (): Promise<void> => {
    for (const { served, page } of open.splice(0)) {
      await page.context().close();
      await served.close();
    }
    const found = errors.splice(0);
    if (found.length > 0) throw new Error(`The page reported: ${found.join('; ')}`);
  };
  const prepare = async (): Promise<string> => {
    const home = newFolder();
    const page = await start(home);
    await page.getByRole('button', { name: 'Open the sample case' }).click();
    await page.getByRole('navigation', { name: 'Views' }).waitFor({ timeout: 120_000 });
    const mine = open.filter((visit) => visit.page === page);
    open = open.filter((visit) => visit.page !== page);
    for (const { served } of mine) {
      await page.context().close();
      await served.close();
    }
    return home;
  };
  return {
    async visit({ withSample = false, height } = {}) {
      const home = newFolder();
      if (withSample) {
        prepared ??= prepare();
        cpSync(await prepared, home, { recursive: true });
      }
      const page = await start(home, height);
      const restart = async (): Promise<string> => {
        const mine = open.find((visit) => visit.page === page);
        await mine?.served.kill();
        const served = await serveConsole(home);
        open = [...open.filter((visit) => visit !== mine), { served, page }];
        return served.address;
      };
      return { page, home, restart };
    },
    leave,
    async close() {
      await leave();
      await browser.close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function newPage(browser: Browser, errors: string[], height: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: height < 800 ? 1024 : 1280, height } });
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return page;
}

/** The sample's files and what a correct reading of them finds, from its generator. */
export function sampleTruth(): { readonly files: readonly SampleFile[]; readonly truth: SampleTruth } {
  const company = generateCompany({ ...sampleCase, sha256 });
  const files: SampleFile[] = [];
  for (;;) {
    const { done, value } = company.next();
    if (done) return { files, truth: value };
    files.push(value);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
