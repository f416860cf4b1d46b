import { readFile, rm } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';
import { buildPage } from './build-page.ts';
import { fakeAnswers } from './fake-answers.ts';
import { type FakeAnswers, installFakeBridge } from './fake-bridge.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** As both hosts send it. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface ConsoleBrowser {
  /** Opens the console at an address such as `#/evidence`, on a host with fixed answers. */
  open(address: string, answers?: FakeAnswers, preferences?: object): Promise<Page>;
  /** What went wrong in any page so far: exceptions and console errors, refusals of the policy among them. */
  readonly errors: string[];
  close(): Promise<void>;
}

/** Builds the console's page, serves it under the hosts' content security policy, and starts Chromium. */
export async function launchConsole(): Promise<ConsoleBrowser> {
  const folder = await buildPage();
  const server = await serve(folder);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const path = findChromium();
  if (path === null) throw new Error('There is no Chromium. "npm test" installs it or says how.');
  const browser: Browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
  const errors: string[] = [];
  return {
    errors,
    async open(hash, answers = {}, preferences = {}) {
      const page = await browser.newPage({ viewport: { width: 1024, height: 700 } });
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.addInitScript(installFakeBridge, fakeAnswers(answers));
      await page.addInitScript((text) => {
        if (localStorage.getItem('rescind.preferences') === null) {
          localStorage.setItem('rescind.preferences', text);
        }
      }, JSON.stringify(preferences));
      await page.goto(address + hash);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => void answer(folder, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const file = join(folder, pathname === '/' ? 'index.html' : pathname);
  const content = await readFile(file).catch(() => null);
  response.writeHead(content === null ? 404 : 200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  });
  response.end(content);
}
