import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { channels } from '#shared/ipc/channels.ts';
import { newHome } from '../e2e/desktop.ts';
import { type Double, type DoubleDesktop, endStage, runMain, startOnDouble } from '../e2e/desktop-double.ts';

const opened: DoubleDesktop[] = [];
async function open(
  home = newHome(),
  prepare: (electron: Double) => void = () => undefined,
): Promise<DoubleDesktop> {
  const desktop = await startOnDouble(home, [], prepare);
  opened.push(desktop);
  return desktop;
}
afterEach(async () => {
  for (const desktop of opened.splice(0)) {
    if (desktop.electron.double.exitCode === null) await desktop.close();
  }
});
// Each test starts an application with processes of its own.
vi.setConfig({ testTimeout: 120_000 });

afterAll(endStage);

/** A busy machine takes its time. */
const patience = { timeout: 15_000 };

async function scheme() {
  const handler = (await open()).electron.protocol.handlers.get('app')!;
  return { answer: (address: string, init?: RequestInit) => handler(new Request(address, init)) };
}

describe('before anything is shown', () => {
  test('sandbox, scheme, folders and the single instance are settled before Electron is ready', async () => {
    const { electron } = await open();
    const { order, schemes } = electron.double;
    expect(order.indexOf('ready')).toBe(order.length - 1);
    expect(order.slice(0, -1).toSorted()).toEqual([
      'enableSandbox',
      'registerSchemesAsPrivileged',
      'requestSingleInstanceLock',
      'setPath userData',
    ]);
    // The lock belongs to the folder of the user's data.
    expect(order.indexOf('setPath userData')).toBeLessThan(order.indexOf('requestSingleInstanceLock'));
    expect(schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  test('the window is sandboxed and isolated, without Node, webviews or developer tools', async () => {
    const { electron } = await open();
    expect(electron.double.windows).toHaveLength(1);
    expect(electron.double.windows[0]?.options['webPreferences']).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      devTools: false,
    });
    expect(electron.double.windows[0]?.options['webPreferences']).not.toHaveProperty('experimentalFeatures');
  });

  test('a second instance shows nothing and only hands its folder over', async () => {
    const electron = await runMain(newHome(), ['--inspect', 'open', '/cases/one'], ({ double }) => {
      double.locked = false;
    });
    expect(electron.double).toMatchObject({ exitCode: 0, windows: [], handedOver: { folder: '/cases/one' } });
  });
});

describe('the session', () => {
  test('denies every permission', async () => {
    const { session } = (await open()).electron;
    const { handlers } = session.defaultSession;
    const call = (name: string, ...parameters: unknown[]): unknown =>
      (handlers.get(name) as unknown as (...all: unknown[]) => unknown)(...parameters);
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal']) {
      const answer = vi.fn<(allowed: boolean) => void>();
      call('permission-request', null, permission, answer, {});
      expect(answer, permission).toHaveBeenCalledExactlyOnceWith(false);
      expect(call('permission-check', null, permission, 'app://rescind', {}), permission).toBe(false);
    }
    expect(call('device-permission', { deviceType: 'usb' })).toBe(false);
    const media = vi.fn<(streams: object) => void>();
    call('display-media', {}, media);
    expect(media).toHaveBeenCalledExactlyOnceWith({});
  });

  test('lets the page reach its own files and nothing else', async () => {
    const { session } = (await open()).electron;
    expect(await session.defaultSession.allows('app://rescind/index.html')).toBe(true);
    for (const address of [
      'app://rescind.example.com/',
      'app://other/',
      'https://example.com/',
      'http://127.0.0.1:80/',
      'ws://127.0.0.1:80/',
      'file:///etc/passwd',
      'data:text/html,x',
      'blob:app://rescind/1',
      'not an address',
    ]) {
      expect(await session.defaultSession.allows(address), address).toBe(false);
    }
  });

  test('prevents redirects, frames, webviews and downloads', async () => {
    const { electron } = await open();
    const { webContents } = electron.double.windows[0]!;
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const [url, prevented] of [
        ['https://example.com/', true],
        ['file:///etc/passwd', true],
        ['app://rescind/#/events', false],
      ] as const) {
        const event = { url, preventDefault: vi.fn<() => void>() };
        webContents.emit(name, event);
        expect(event.preventDefault, `${name} ${url}`).toHaveBeenCalledTimes(prevented ? 1 : 0);
      }
    }
    for (const [target, name] of [
      [webContents, 'will-attach-webview'],
      [electron.session.defaultSession, 'will-download'],
    ] as const) {
      const event = { preventDefault: vi.fn<() => void>() };
      target.emit(name, event);
      expect(event.preventDefault, name).toHaveBeenCalledOnce();
    }
  });
});

describe('app://', () => {
  test('serves the page with a policy that allows nothing but its own files', async () => {
    const { answer } = await scheme();
    const response = await answer('app://rescind/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('answers 404 to what is not of the build, and to all but GET', async () => {
    const { answer } = await scheme();
    for (const address of [
      'app://rescind/../package.json',
      'app://rescind/..%2f..%2fpackage.json',
      'app://rescind/%2e%2e/%2e%2e/package.json',
      'app://rescind/..%5c..%5cpackage.json',
      'app://rescind/index.html%00.js',
      'app://rescind/%E0%A4%A',
      'app://rescind//etc/passwd',
      'app://other/index.html',
      'app://rescind/no-such-file.js',
      'app://rescind/assets',
    ]) {
      expect((await answer(address)).status, address).toBe(404);
    }
    for (const method of ['HEAD', 'POST', 'PUT', 'DELETE']) {
      expect((await answer('app://rescind/', { method })).status, method).toBe(404);
    }
  });
});

describe('messages to the main process', () => {
  test('are refused unless they come from the main frame of the window’s own page', async () => {
    const { electron } = await open();
    const { ipcMain, eventFromPage } = electron;
    const request = ipcMain.handlers.get(channels.request)!;
    const register = ipcMain.handlers.get(channels.register)!;
    const true_ = eventFromPage() as { sender: object; senderFrame: { url: string } };
    expect(await request(true_, 1, 'case.current', {})).toMatchObject({ ok: true });
    const forged = [
      { ...true_, sender: {} },
      { ...true_, senderFrame: null },
      // Another frame, even of the same origin.
      { ...true_, senderFrame: { url: 'app://rescind/' } },
    ];
    for (const event of forged) {
      expect(await request(event, 2, 'case.current', {})).toMatchObject({ error: { kind: 'refused' } });
      expect(await register(event, ['/etc/passwd'])).toMatchObject({ error: { kind: 'refused' } });
    }
    for (const url of ['https://example.com/', 'app://rescind.evil/', 'about:blank', '']) {
      true_.senderFrame.url = url;
      expect(await request(true_, 3, 'case.current', {}), url).toMatchObject({ error: { kind: 'refused' } });
    }
  });

  test('are refused when they are malformed', async () => {
    const { electron } = await open();
    const { ipcMain, eventFromPage } = electron;
    const request = ipcMain.handlers.get(channels.request)!;
    const register = ipcMain.handlers.get(channels.register)!;
    const event = eventFromPage();
    for (const id of ['1', null, undefined, {}]) {
      expect(await request(event, id, 'case.current', {})).toMatchObject({
        error: { kind: 'invalid-input' },
      });
    }
    for (const name of [1, null, { toString: () => 'case.current' }, ['case.current']]) {
      expect(await request(event, 1, name, {})).toMatchObject({ error: { kind: 'refused' } });
    }
    for (const paths of ['/etc/passwd', null, [1], { 0: '/etc/passwd' }]) {
      expect(await register(event, paths)).toMatchObject({ error: { kind: 'invalid-input' } });
    }
    // The path of a dropped file becomes a token with its name; the path does not come back.
    const folder = newHome();
    writeFileSync(join(folder, 'log.json'), '{}');
    const registered = await register(event, [join(folder, 'log.json'), join(folder, 'missing')]);
    expect(registered).toMatchObject({ ok: true, value: [{ name: 'log.json', kind: 'file', bytes: 2 }] });
    expect(JSON.stringify(registered)).not.toContain(folder);
  });

  test('of a page that was loaded again do not stand in the way of those before, and get nothing of theirs', async () => {
    const { electron } = await open();
    const { ipcMain, eventFromPage } = electron;
    const { webContents } = electron.double.windows[0]!;
    const request = ipcMain.handlers.get(channels.request)!;
    const before = Promise.resolve(request(eventFromPage(), 1, 'case.openSample', {}));
    const sent = vi.spyOn(webContents, 'send');
    webContents.emit('did-start-loading');
    expect(await request(eventFromPage(), 1, 'app.info', {})).toMatchObject({ ok: true });
    await before;
    expect(sent.mock.calls.filter(([channel]) => channel === channels.item)).toEqual([]);
  });

  test('what a second instance sends is data', async () => {
    const { electron, page } = await open();
    const { app, double } = electron;
    const window = double.windows[0]!;
    window.minimized = true;
    for (const data of [
      null,
      undefined,
      7,
      'folder',
      [],
      { folder: 7 },
      { folder: '' },
      { folder: 'a\0b' },
    ]) {
      app.emit('second-instance', {}, ['rescind', '--disable-web-security'], '/', data);
    }
    expect(window).toMatchObject({ minimized: false, focused: 8 });
    expect(double.windows).toHaveLength(1);
    expect(double.messageBoxes).toEqual([]);
    await page.getByRole('button', { name: 'Open the sample case' }).waitFor();
  });
});

describe('when something dies', () => {
  test('a page is loaded again, and the second time only when told to', async () => {
    const { electron } = await open();
    const window = electron.double.windows[0]!;
    const crash = () =>
      window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    crash();
    await window.loaded;
    expect(window.webContents.reloads).toBe(1);
    electron.double.messageBoxAnswers.push(0);
    crash();
    await vi.waitFor(() => expect(window.webContents.reloads).toBe(2), patience);
    await window.loaded;
    await window.page!.getByRole('button', { name: 'Open the sample case' }).waitFor();
    expect(electron.double.messageBoxes.map(({ message }) => message)).toEqual([
      'The console has crashed twice.',
    ]);
  });

  test('an import is asked about before the window closes, is cut off in order, and goes on later', async () => {
    const first = await open();
    const { double } = first.electron;
    const window = double.windows[0]!;
    await first.page.getByRole('button', { name: 'Open the sample case' }).click();
    await first.page.getByText(/Preparing the sample case \d+ %/).waitFor({ timeout: 60_000 });
    expect(window.close()).toBe(false);
    await vi.waitFor(() => expect(double.messageBoxes).toHaveLength(1), patience);
    // “Keep running” is what Escape means.
    expect(window.isDestroyed()).toBe(false);
    expect(double.exitCode).toBeNull();
    double.messageBoxAnswers.push(0);
    await first.close();
    expect(double.exitCode).toBe(0);
    await vi.waitFor(() => expect([...double.children]).toEqual([]), patience);

    const second = await open(first.home);
    await second.page.getByRole('button', { name: 'Open the sample case' }).click();
    await second.page.getByRole('navigation', { name: 'Views' }).waitFor({ timeout: 60_000 });
  }, 180_000);

  test('a killed reader is started again, and the page does not notice', async () => {
    const { page, electron } = await open();
    await page.getByRole('button', { name: 'Open the sample case' }).click();
    await page.getByRole('navigation', { name: 'Views' }).waitFor({ timeout: 60_000 });
    const reader = [...electron.double.children].find(({ serviceName }) => serviceName === 'Rescind reader');
    expect(reader).toBeDefined();
    process.kill(reader!.pid!, 'SIGKILL');
    await vi.waitFor(() => expect([...electron.double.children]).not.toContain(reader), patience);
    const counted = await electron.ipcRenderer.invoke(channels.request, 9_999, 'events.count', {
      by: [],
    });
    expect(counted).toMatchObject({ ok: true });
  }, 120_000);
});

async function place(stored: string): Promise<Record<string, unknown>> {
  const home = newHome();
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'window.json'), stored);
  return (await open(home)).electron.double.windows[0]!.options;
}

describe('the window', () => {
  test('opens where it was, unless that display is gone or the file is broken', async () => {
    const bounds = { x: 40, y: 50, width: 1100, height: 750 };
    expect(await place(JSON.stringify({ bounds, maximized: false }))).toMatchObject(bounds);
    const first = { width: 1440, height: 900 };
    for (const stored of [
      JSON.stringify({ bounds: { ...bounds, x: 5_000 } }),
      JSON.stringify({ bounds: { x: 'left' } }),
      JSON.stringify(null),
      '{',
    ]) {
      const options = await place(stored);
      expect(options, stored).toMatchObject(first);
      expect(options).not.toHaveProperty('x');
    }
  });
});

async function vaultOf(prepare: (electron: Double) => void) {
  const { home } = await open(newHome(), prepare);
  const { createVault } = await import('#electron/main/vault.ts');
  const accept = vi.fn<() => Promise<boolean>>();
  const filesNow = (): string =>
    readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  return { vault: createVault(join(home, 'secrets.json'), accept), accept, filesNow };
}

describe('secrets', () => {
  const canary = 'canary-AKIAIOSFODNN7EXAMPLE';
  test('are kept sealed by the system', async () => {
    const { vault, accept, filesNow } = await vaultOf(() => undefined);
    await vault.set('okta', canary);
    expect([await vault.get('okta'), await vault.get('other')]).toEqual([canary, null]);
    expect(filesNow()).toContain('"okta"');
    expect(filesNow()).not.toContain(canary);
    await vault.remove('okta');
    expect(await vault.get('okta')).toBeNull();
    expect(accept).not.toHaveBeenCalled();
  });

  test('are all kept that are set at once', async () => {
    const { vault, filesNow } = await vaultOf(() => undefined);
    const names = Array.from({ length: 20 }, (_, number) => `provider-${number}`);
    await Promise.all(names.map((name) => vault.set(name, canary)));
    for (const name of names) expect(filesNow()).toContain(`"${name}"`);
  });

  test.each([
    ['has no store of its own', (double: Double['double']) => void (double.storageBackend = 'basic_text')],
    ['cannot encrypt', (double: Double['double']) => void (double.encryption = false)],
  ])('are refused where the system %s, or stay in memory when that is accepted', async (_, change) => {
    // Only Linux has a backend that keeps plain text.
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'linux' });
    try {
      const { vault, accept, filesNow } = await vaultOf(({ double }) => change(double));
      expect(await vault.backend()).toBe('memory');
      accept.mockResolvedValueOnce(false);
      await expect(vault.set('okta', canary)).rejects.toMatchObject({ failure: { kind: 'refused' } });
      expect(await vault.get('okta')).toBeNull();
      accept.mockResolvedValueOnce(true);
      await vault.set('okta', canary);
      await vault.set('aws', canary);
      expect(accept).toHaveBeenCalledTimes(2);
      expect(await vault.get('okta')).toBe(canary);
      expect(filesNow()).not.toMatch(/okta|canary/);
      await vault.remove('okta');
      expect(await vault.get('okta')).toBeNull();
    } finally {
      Object.defineProperty(process, 'platform', { value: platform });
    }
  });
});
