import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot, sourceFiles } from '../support/imports.ts';

// A process or thread that is not built is only missed in a package.
test('the build knows every entry of a process and of a thread', () => {
  const build = readFileSync(join(projectRoot, 'scripts/build.mjs'), 'utf8');
  const entries = sourceFiles(join(projectRoot, 'electron'))
    .map((file) => relative(projectRoot, file).replaceAll('\\', '/'))
    .filter((file) => /(?:-process|\/worker)\.ts$/.test(file));
  expect(entries).toEqual(
    expect.arrayContaining(['electron/store/writer-process.ts', 'electron/ingest/worker.ts']),
  );
  expect(entries.filter((entry) => !build.includes(`'${entry}'`))).toEqual([]);
});

test('every child that the host can start has an entry', () => {
  const table = readFileSync(join(projectRoot, 'electron/platform/entries.ts'), 'utf8');
  const named = [...table.matchAll(/: '(electron\/[\w/-]+)',/g)].map(([, path]) => `${path ?? ''}.ts`);
  expect(named.length).toBeGreaterThan(2);
  const files = new Set(
    sourceFiles(join(projectRoot, 'electron')).map((file) =>
      relative(projectRoot, file).replaceAll('\\', '/'),
    ),
  );
  expect(named.filter((file) => !files.has(file))).toEqual([]);
});
