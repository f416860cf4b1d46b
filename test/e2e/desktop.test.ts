import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { Result } from '#shared/util/result.ts';
import { ConsoleObjects } from './console-objects.ts';
import { type Desktop, newHome, runtimes } from './desktop.ts';
import { endStage } from './desktop-double.ts';

interface PageApi {
  start(name: string, input: unknown, onItem: (item: unknown) => void): { result: Promise<Result<unknown>> };
  registerFiles(files: readonly File[]): Promise<Result<unknown>>;
}
type PageWindow = typeof globalThis & { readonly rescind: PageApi };

/** Asks the host as a script on the page could. */
function ask(page: Page, name: string, input: unknown): Promise<Result<unknown>> {
  return page.evaluate(
    ([operation, given]) =>
      (window as unknown as PageWindow).rescind.start(operation, given, () => {}).result,
    [name, input] as const,
  );
}

async function pick(desktop: Desktop, purpose: string, path: string): Promise<string> {
  await desktop.chooseFiles([path]);
  const picked = await ask(desktop.page, 'files.pick', { purpose });
  expect(picked).toMatchObject({ ok: true, value: [{ kind: 'folder' }] });
  return (picked as { value: readonly { token: string }[] }).value[0]!.token;
}

async function newCase(desktop: Desktop, name: string): Promise<string> {
  const folder = newHome();
  const token = await pick(desktop, 'create-case', folder);
  expect(await ask(desktop.page, 'case.create', { token, name })).toMatchObject({ ok: true });
  return folder;
}

// Each test starts an application with processes of its own.
vi.setConfig({ testTimeout: 120_000 });

afterAll(endStage);

for (const { name, missing, start } of runtimes) {
  const reason = missing === null ? '' : ` (not tried: ${missing})`;
  describe.skipIf(missing !== null)(`the desktop application ${name}${reason}`, () => {
    suite(start);
  });
}

function suite(start: (typeof runtimes)[number]['start']): void {
  const opened: Desktop[] = [];
  const open: typeof start = async (options) => {
    const desktop = await start(options);
    opened.push(desktop);
    return desktop;
  };
  afterEach(async () => {
    for (const desktop of opened.splice(0)) await desktop.close();
  });
  test('opens the sample case with one click, and leads to its events', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Open the sample case' }).click();
    await page.getByRole('navigation', { name: 'Views' }).waitFor({ timeout: 60_000 });
    const counted = await ask(page, 'events.count', { by: ['outcome'] });
    expect(counted).toMatchObject({ ok: true });
    expect(await ask(page, 'evidence.verify', {})).toMatchObject({ ok: true, value: { ok: true } });
  }, 120_000);

  test('gives the page three functions and nothing of Electron or Node', async () => {
    const { page } = await open();
    const seen = await page.evaluate(() => {
      const { rescind } = window as unknown as PageWindow;
      const globals = window as unknown as Record<string, unknown>;
      return {
        names: Object.keys(rescind).toSorted(),
        frozen: Object.isFrozen(rescind),
        leaks: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter(
          (name) => globals[name] !== undefined,
        ),
      };
    });
    expect(seen).toEqual({ names: ['onEvent', 'registerFiles', 'start'], frozen: true, leaks: [] });
  });

  test('refuses what is no operation, is for others, or is malformed', async () => {
    const { page } = await open();
    for (const name of ['fs.readFile', 'sql.run', 'constructor', '__proto__', '']) {
      expect(await ask(page, name, { sql: 'select 1' }), name).toMatchObject({
        ok: false,
        error: { kind: 'refused' },
      });
    }
    expect(await ask(page, 'case.current', { extra: 1 })).toMatchObject({
      ok: false,
      error: { kind: 'invalid-input' },
    });
    expect(await ask(page, 'files.browse', { token: null })).toMatchObject({
      ok: false,
      error: { kind: 'refused' },
    });
  });

  test('takes files as tokens from the dialog that work once, and never a path', async () => {
    const desktop = await open();
    const folder = await newCase(desktop, 'Tokens');
    const token = await pick(desktop, 'open-case', folder);
    expect(await ask(desktop.page, 'case.open', { token })).toMatchObject({
      ok: true,
      value: { name: 'Tokens' },
    });
    for (const used of [token, folder]) {
      expect(await ask(desktop.page, 'case.open', { token: used })).toMatchObject({
        ok: false,
        error: { kind: 'refused' },
      });
    }
    expect(await ask(desktop.page, 'case.open', { path: folder })).toMatchObject({
      ok: false,
      error: { kind: 'invalid-input' },
    });
    // A dialog that was left gives nothing; a file that a script made up has no path.
    expect(await ask(desktop.page, 'files.pick', { purpose: 'evidence' })).toEqual({ ok: true, value: [] });
    const madeUp = await desktop.page.evaluate(() =>
      (window as unknown as PageWindow).rescind.registerFiles([new File(['x'], '/etc/passwd')]),
    );
    expect(madeUp).toEqual({ ok: true, value: [] });
  });

  test('saves a text where the dialog says, and nowhere when it is left', async () => {
    const desktop = await open();
    const target = join(desktop.home, 'policy.json');
    await desktop.chooseTarget(target);
    const input = { name: '../../policy.json', text: '{}' };
    expect(await ask(desktop.page, 'files.save', input)).toEqual({ ok: true, value: { saved: true } });
    expect(readFileSync(target, 'utf8')).toBe('{}');
    expect(await ask(desktop.page, 'files.save', input)).toEqual({ ok: true, value: { saved: false } });
    expect(await ask(desktop.page, 'files.save', { ...input, path: target })).toMatchObject({
      ok: false,
      error: { kind: 'invalid-input' },
    });
    // Both kinds of content at once are neither.
    expect(await ask(desktop.page, 'files.save', { ...input, base64: 'e30=' })).toMatchObject({
      ok: false,
      error: { kind: 'invalid-input' },
    });
  });

  test('saves a raw record byte for byte where the dialog says: the window takes no downloads', async () => {
    const desktop = await open();
    const { page, home } = desktop;
    const objects = new ConsoleObjects(page);
    await objects.openSample();
    await objects.goTo('Events');
    await objects.row(0).waitFor();
    await objects.table.press('Enter');
    await objects.detail.getByRole('tab', { name: 'Raw record' }).click();
    const target = join(home, 'record.json');
    await desktop.chooseTarget(target);
    await objects.detail.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/[0-9a-f]{32}\.json was saved\./).waitFor();
    const [, id = ''] = objects.address.get('selected')?.split(':') ?? [];
    const raw = (await ask(page, 'events.raw', { id })) as { value: { base64: string } };
    expect(readFileSync(target)).toEqual(Buffer.from(raw.value.base64, 'base64'));
  });

  test('stays on its own page, and opens listed links elsewhere only when told to', async () => {
    const desktop = await open();
    const { page } = desktop;
    const address = page.url();
    const leave = (target: string) =>
      page.evaluate((to) => {
        window.location.href = to;
      }, target);
    for (const target of ['https://example.com/', 'http://127.0.0.1:1/', 'data:text/html,hello']) {
      await leave(target).catch(() => undefined);
    }
    await page.getByRole('button', { name: 'Open the sample case' }).waitFor();
    expect(page.url()).toBe(address);

    const link = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/';
    const openWindow = (target: string) => page.evaluate((to) => void window.open(to, '_blank'), target);
    await openWindow('https://example.com/');
    await openWindow('http://docs.aws.amazon.com/');
    await openWindow(link);
    await expect.poll(() => desktop.messages()).toEqual(['Open this address in the browser?']);
    expect(await desktop.externallyOpened()).toEqual([]);
    await desktop.pressButton(0);
    await openWindow(link);
    await expect.poll(() => desktop.externallyOpened()).toEqual([link]);
    expect(page.context().pages()).toHaveLength(1);
  });

  test('reaches no other address, and runs nothing that stands in the page', async () => {
    const { page } = await open();
    const tried = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = "script"';
      const button = document.createElement('button');
      button.setAttribute('onclick', 'window.ran = "attribute"');
      document.body.append(script, button);
      button.click();
      const [elsewhere, file] = await Promise.allSettled([
        fetch('https://example.com/'),
        fetch('file:///etc/hosts'),
      ]);
      return {
        elsewhere: elsewhere.status,
        file: file.status,
        missing: (await fetch('./../../package.json')).status,
        posted: (await fetch('./index.html', { method: 'POST' })).status,
        ran: (window as unknown as { ran?: string }).ran ?? null,
      };
    });
    expect(tried).toEqual({ elsewhere: 'rejected', file: 'rejected', missing: 404, posted: 404, ran: null });
  });

  test('opens the case that it was started with; a second start hands its own over', async () => {
    const desktop = await open();
    const first = await newCase(desktop, 'First');
    await newCase(desktop, 'Second');
    await desktop.startAgain(['open', first]);
    await expect
      .poll(() => ask(desktop.page, 'case.current', {}))
      .toMatchObject({ value: { name: 'First' } });
    await desktop.page.getByRole('navigation', { name: 'Views' }).waitFor();
    await desktop.startAgain([join(first, 'nothing-here')]);
    await expect.poll(() => desktop.messages()).toEqual(['The case cannot be opened.']);
    expect(await ask(desktop.page, 'case.current', {})).toMatchObject({ value: { name: 'First' } });
    await desktop.close();
    opened.pop();

    const again = await open({ home: desktop.home, words: [first] });
    await again.page.getByRole('navigation', { name: 'Views' }).waitFor();
    expect(await again.page.title()).toContain('First');
  });

  test('its menu runs the commands of the palette', async () => {
    const desktop = await open();
    await newCase(desktop, 'Menus');
    await desktop.page.getByRole('navigation', { name: 'Views' }).waitFor();
    await desktop.clickMenu('Evidence');
    await expect.poll(() => new URL(desktop.page.url()).hash).toContain('evidence');
    await desktop.clickMenu('All commands …');
    await desktop.page.getByRole('combobox', { name: 'Command' }).waitFor();
    await desktop.page.keyboard.press('Escape');
    await desktop.clickMenu('Close case');
    await desktop.page.getByRole('button', { name: 'Open the sample case' }).waitFor();
  });

  test('remembers where its window was, for the user alone', async () => {
    const desktop = await open();
    await desktop.close();
    opened.pop();
    const file = join(desktop.home, 'window.json');
    const stored = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    expect(stored).toMatchObject({ bounds: { width: expect.any(Number) as number }, maximized: false });
    // Windows has no such modes.
    expect(statSync(file).mode & (process.platform === 'win32' ? 0 : 0o077)).toBe(0);
  });
}
