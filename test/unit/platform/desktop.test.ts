import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { desktopObstacle, hasDisplay } from '#electron/platform/desktop.ts';
import { electronBinary } from '#electron/platform/installation.ts';
import { projectRoot } from '../../support/imports.ts';

const run = promisify(execFile);
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A checkout with Electron's runtime as its installer leaves it. */
function checkout(isBuilt: boolean) {
  const root = mkdtempSync(join(tmpdir(), 'rescind-checkout-'));
  const electron = join(root, 'node_modules', 'electron');
  mkdirSync(join(electron, 'dist'), { recursive: true });
  writeFileSync(join(electron, 'path.txt'), 'electron');
  writeFileSync(join(electron, 'dist', 'electron'), '');
  const desktopEntry = join(root, 'main.js');
  if (isBuilt) writeFileSync(desktopEntry, '');
  return { root, version: '0.0.0', page: root, desktopEntry };
}

describe.runIf(process.platform === 'linux')('what keeps the desktop application from starting', () => {
  test('is named, one thing after another', () => {
    const empty = mkdtempSync(join(tmpdir(), 'rescind-checkout-'));
    expect(desktopObstacle({ ...checkout(true), root: empty })).toMatch(/runtime is not here/);
    vi.stubEnv('DISPLAY', '');
    vi.stubEnv('WAYLAND_DISPLAY', '');
    expect(desktopObstacle(checkout(true))).toMatch(/no display/);
    vi.stubEnv('WAYLAND_DISPLAY', 'wayland-0');
    const user = vi.spyOn(process as { getuid: () => number }, 'getuid');
    user.mockReturnValue(0);
    expect(desktopObstacle(checkout(true))).toMatch(/as root/);
    user.mockReturnValue(1000);
    expect(desktopObstacle(checkout(false))).toMatch(/not been built/);
    expect(desktopObstacle(checkout(true))).toBeNull();
  });
});

test('only Linux needs a display server to be named', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'darwin')).toBe(true);
  expect(hasDisplay({}, 'win32')).toBe(true);
});

function fetchElectron(mirror: string, environment: Record<string, string> = { DISPLAY: ':0' }) {
  return run(process.execPath, [join(projectRoot, 'scripts/fetch-electron.mjs')], {
    env: { PATH: process.env['PATH'], ELECTRON_MIRROR: mirror, ...environment },
  });
}

describe.skipIf(electronBinary(projectRoot) !== null)('without Electron’s runtime, a start', () => {
  test('asks once for it, and goes on in silence where it cannot be had', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(403).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await fetchElectron(mirror)).toMatchObject({ stdout: '', stderr: '' });
    expect(asked).toEqual([expect.stringMatching(/^HEAD \/v\d+\.\d+\.\d+\/SHASUMS256\.txt$/)]);
  });

  test.runIf(process.platform === 'linux')('does not even ask where nothing could be shown', async () => {
    expect(await fetchElectron('http://127.0.0.1:1/', {})).toMatchObject({ stdout: '', stderr: '' });
  });

  test('gives up on a network that swallows everything', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => server.closeAllConnections());
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await fetchElectron(`http://127.0.0.1:${port}/`)).toMatchObject({ stdout: '', stderr: '' });
  });
});
