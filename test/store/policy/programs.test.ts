import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findPrograms, runProgram } from '#electron/policy/programs.ts';
import { projectRoot } from '#test/support/imports.ts';

const cerbos = join(projectRoot, 'node_modules/@cerbos/cerbos-linux-x64/cerbos-linux-x64');
const never = new AbortController().signal;
const node = { opa: { path: process.execPath, version: '1' }, cerbos: null, problems: [] };

describe('the user’s own programs', () => {
  test.skipIf(!existsSync(cerbos))('are asked for their version', async () => {
    const found = await findPrograms({ opa: null, cerbos });
    expect(found.cerbos?.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(found.opa).toBeNull();
    expect(found.problems).toEqual([]);
  });

  test('one that cannot be run is not used, and it is said why', async () => {
    const found = await findPrograms({ opa: '/nowhere/opa', cerbos: null });
    expect(found.opa).toBeNull();
    expect(found.problems[0]).toContain('/nowhere/opa');
  });

  test('run in a private folder with what they were given, and see nothing of the host', async () => {
    process.env['RESCIND_CANARY'] = 'secret';
    const script =
      'const fs = require("fs"); process.stdin.on("data", (d) => console.log(JSON.stringify({ d: String(d), f: fs.readFileSync("a/b.txt", "utf8"), cwd: process.cwd(), mode: fs.statSync(".").mode & 0o777, env: Object.keys(process.env).sort() })))';
    const files = [{ path: 'a/b.txt', bytes: Buffer.from('policy') }];
    const run = { engine: 'opa', files, args: ['-e', script, '; echo $HOME'], input: 'question' } as const;
    const { exitCode, stdout } = await runProgram(node, run, never);
    const told = JSON.parse(stdout) as { d: string; f: string; cwd: string; mode: number; env: string[] };
    expect(exitCode).toBe(0);
    expect(told).toMatchObject({ d: 'question', f: 'policy', mode: 0o700 });
    expect(told.env).not.toContain('RESCIND_CANARY');
    expect(existsSync(told.cwd)).toBe(false);
    delete process.env['RESCIND_CANARY'];
  });

  test('are ended when they are no longer waited for', async () => {
    const stop = new AbortController();
    const run = {
      engine: 'opa',
      files: [],
      args: ['-e', 'setInterval(() => {}, 1000)'],
      input: null,
    } as const;
    const running = runProgram(node, run, stop.signal);
    stop.abort();
    await expect(running).rejects.toMatchObject({ failure: { kind: 'unusable' } });
  });

  test('get no file that leads out of the folder', async () => {
    const files = [{ path: '../x', bytes: Buffer.from('') }];
    const run = { engine: 'opa', files, args: [], input: null } as const;
    await expect(runProgram(node, run, never)).rejects.toMatchObject({ failure: { kind: 'unusable' } });
  });
});
