import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../support/imports.ts';

// What can be seen in the source: places where something dangerous may be named, and places where it may not.

/** Files of the product with their text, comments left out: what they say is no code. */
const files = ['electron', 'renderer', 'shared'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|tsx|mjs|html)$/.test(entry.name))
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const text = readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
      return { path: path.slice(projectRoot.length + 1).replaceAll('\\', '/'), text };
    }),
);

function filesWith(pattern: RegExp): string[] {
  return files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

/** One for each page: the console's and the confirm surface's. */
const preloads = ['electron/preload/confirm.ts', 'electron/preload/preload.ts'];

describe('in one place only', () => {
  test.each([
    ['windows are made', /new (?:BrowserWindow|WebContentsView|BaseWindow)\b/, ['electron/main/window.ts']],
    ['handlers of the page are registered', /\bipcMain\b/, ['electron/main/ipc.ts']],
    ['a page’s object is exposed', /exposeInMainWorld/, preloads],
    ['a page’s messages are sent', /\bipcRenderer\b/, preloads],
    ['an address is opened elsewhere', /\bshell\b[^;]*from 'electron'/, ['electron/main/security.ts']],
    ['the system’s key store is used', /safeStorage/, ['electron/main/vault.ts']],
    ['children of Electron are started', /utilityProcess\b/, ['electron/main/utility-children.ts']],
    [
      'the page’s files are served',
      /protocol\.registerSchemes|\.handle\('app'/,
      ['electron/main/protocol.ts'],
    ],
  ])('%s', (_what, pattern, places) => {
    expect(filesWith(pattern)).toEqual(places);
  });
});

describe('nowhere', () => {
  test.each([
    ['a path is opened by the system', /shell\.(?:openPath|showItemInFolder)/],
    ['a page is loaded from a file', /loadFile\(|file:\/\//],
    ['text is run as code', /\beval\(|new Function\(|\bsetTimeout\(\s*['"`]|vm\.run|executeJavaScript/],
    ['markup is set as text', /dangerouslySetInnerHTML|\.innerHTML\b|insertAdjacentHTML|document\.write/],
    ['a shell runs a command', /\bexec(?:Sync)?\b[^;]*from 'node:child_process'|shell:\s*true/],
    ['protections are switched off', /no-sandbox|disable-web-security|webSecurity: false|sandbox: false/],
    ['isolation is switched off', /contextIsolation: false|nodeIntegration: true|webviewTag: true/],
    ['TLS is not verified', /rejectUnauthorized: false|NODE_TLS_REJECT|setCertificateVerifyProc/],
    ['a synchronous key store is used', /\b(?:encryptString|decryptString|isEncryptionAvailable)\(/],
    ['plain-text encryption is asked for', /setUsePlainTextEncryption/],
    ['the remote module or an inspector is used', /@electron\/remote|node:inspector|remote-debugging/],
  ])('%s', (_what, pattern) => {
    expect(filesWith(pattern)).toEqual([]);
  });

  test('the patterns above find what they are for', () => {
    expect(filesWith(/webviewTag: false/)).toEqual(['electron/main/window.ts']);
    expect(files.length).toBeGreaterThan(200);
  });
});

test.each(['index', 'confirm'])(
  'the markup of %s has no inline script, style or handler, and loads from its own folder',
  (name) => {
    const markup = readFileSync(join(projectRoot, `renderer/${name}.html`), 'utf8');
    expect(markup).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
    expect(markup).not.toMatch(/(?:src|href)="(?!\.\/|\/)/);
  },
);

test('both hosts send the same policy for content', () => {
  // A report is a document of its own and has a policy of its own.
  const hosts = files.filter(({ path }) => !path.startsWith('electron/headless/report/'));
  const policies = hosts.flatMap(({ path, text }) => {
    const found = text.replaceAll(/"\s*\+\s*"/g, '').match(/default-src 'none'[^"]*/);
    return found === null ? [] : [{ path, policy: found[0] }];
  });
  expect(policies.map(({ path }) => path)).toHaveLength(2);
  expect(new Set(policies.map(({ policy }) => policy)).size).toBe(1);
});
