import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileLog, logIds } from '#electron/platform/log.ts';
import { appFolders, ensureFolder } from '#electron/platform/paths.ts';

describe('the folders of the application', () => {
  test('follow the XDG Base Directory Specification on Linux', () => {
    expect(appFolders({}, 'linux')).toEqual({
      config: join(homedir(), '.config', 'rescind'),
      data: join(homedir(), '.local', 'share', 'rescind'),
    });
    const moved = { XDG_CONFIG_HOME: '/elsewhere/config', XDG_DATA_HOME: 'relative' };
    expect(appFolders(moved, 'linux')).toEqual({
      config: '/elsewhere/config/rescind',
      // "All paths set in these environment variables must be absolute"; others are ignored.
      data: join(homedir(), '.local', 'share', 'rescind'),
    });
  });

  test.runIf(process.platform === 'linux')(
    'a place where the system has no folders to give is refused',
    () => {
      expect(() => ensureFolder('/proc/nowhere/rescind')).toThrow(/cannot be made .* Set RESCIND_HOME/);
    },
  );

  test('move together with RESCIND_HOME on every system', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(appFolders({ RESCIND_HOME: 'here' }, platform).config).toBe(resolve('here'));
    }
  });

  test('compiled code, which is run, lies where nobody else may write, whatever the umask', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'rescind-code-')), 'cache');
    const module = join(import.meta.dirname, '../../../electron/platform/compiled-code.ts');
    const text = `process.umask(0); (await import(${JSON.stringify(module)})).keepCompiledCode(process.argv[1]);`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text, folder], {
      encoding: 'utf8',
      env: { ...process.env, NODE_COMPILE_CACHE: undefined },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(statSync(folder).mode & 0o077 & (process.platform === 'win32' ? 0 : 0o777)).toBe(0);
  });

  test('are for the user alone', () => {
    const folder = ensureFolder(join(mkdtempSync(join(tmpdir(), 'rescind-paths-')), 'a', 'b'));
    expect(statSync(folder).mode & 0o077 & (process.platform === 'win32' ? 0 : 0o777)).toBe(0);
  });
});

test('the log has one JSON object a line and one earlier file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-log-'));
  const log = fileLog(folder, () => new Date('2026-01-02T03:04:05Z'));
  log.write('error', logIds.readerCrashed, 'line\nbreak', { count: 2 });
  expect(JSON.parse(readFileSync(join(folder, 'rescind.log'), 'utf8'))).toEqual({
    time: '2026-01-02T03:04:05.000Z',
    level: 'error',
    id: logIds.readerCrashed,
    message: 'line\nbreak',
    count: 2,
  });
  const large = 'x'.repeat(2_000_000);
  for (let turn = 0; turn < 10; turn++) log.write('info', logIds.hostStarted, large);
  expect(readdirSync(folder).toSorted()).toEqual(['rescind.log', 'rescind.log.1']);
});
