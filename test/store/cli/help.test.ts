import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rescind, root } from './run.ts';

describe('on an older Node', () => {
  const source = join(root, 'electron/headless/bin.mjs');
  const older = ['/usr/bin/node', '/usr/local/bin/node'].find(
    (path) =>
      existsSync(path) && Number.parseInt(execFileSync(path, ['-v'], { encoding: 'utf8' }).slice(1), 10) < 24,
  );
  // Where the machine has an older Node it is tried for real; else the version is replaced before the file runs.
  const preload = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.19.0"})';
  const run = (file: string, ...words: string[]) =>
    older === undefined
      ? spawnSync(process.execPath, ['--import', preload, file, ...words], { encoding: 'utf8' })
      : spawnSync(older, [file, ...words], { encoding: 'utf8' });

  test('without the right one at hand, it says what to do and loads nothing', () => {
    const text = readFileSync(source, 'utf8');
    expect(text.indexOf('process.versions.node')).toBeLessThan(text.indexOf('await import('));
    const file = join(mkdtempSync(join(tmpdir(), 'rescind-bin-')), 'electron', 'headless', 'bin.mjs');
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(source, file);
    const { status, stderr } = run(file, 'doctor');
    expect(status).toBe(2);
    expect(stderr).toMatch(/needs Node\.js 24 or newer/);
    expect(stderr).toMatch(/npm start/);
  });

  test('the Node of the checkout takes over, with the words and the exit code', () => {
    const asked = run(source, '--version');
    expect(asked).toMatchObject({ status: 0, stderr: '' });
    expect(asked.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(run(source, 'no-such-command').status).toBe(2);
  });
});

describe('help', () => {
  test('names every command, and explains each', async () => {
    const { code, out } = await rescind(['--help']);
    expect(code).toBe(0);
    for (const name of [
      'ingest',
      'rejected',
      'evidence',
      'verify',
      'events',
      'count',
      'event',
      'sql',
      'serve',
      'open',
      'doctor',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    const one = await rescind(['count', '--help']);
    expect(one.code).toBe(0);
    expect(one.out).toMatch(/^Usage: rescind count --case DIR/);
    expect(one.out).toMatch(/--bucket hour\|day/);
  });

  test('doctor tells what there is and what is missing', async () => {
    const { code, out } = await rescind(['doctor', '--json']);
    expect(code).toBe(0);
    const { checks } = JSON.parse(out) as { checks: { name: string; ok: boolean; advice: string }[] };
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Runtime', 'Electron', 'Chromium', 'Secrets', 'Configuration', 'Providers']),
    );
    // What is wrong comes with what to do.
    expect(checks.filter(({ ok, advice }) => !ok && advice === '')).toEqual([]);
  });
});
