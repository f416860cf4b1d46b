import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journalEntries } from '#electron/custody/read.ts';
import { caseFolder } from '#electron/platform/case-folder.ts';
import { openReadable } from '#electron/store/connection.ts';
import { bundleFiles, bundleQueries, findBundle, listBundles } from '#electron/store/read/bundles.ts';
import { checkBundles } from '#electron/store/read/verify-bundles.ts';
import { newCase } from './support.ts';

function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const text = 'kind: Role\n';
const bundle = {
  system: 'kubernetes-rbac',
  revision: null,
  digest: `sha256:${sum(`${sum(text)}  roles.yaml\n`)}`,
  inForceFrom: '2026-05-01T00:00:00Z',
  path: 'policies',
  policies: 1,
  subjects: 0,
  signature: null,
  problems: [{ severity: 'warning', path: 'roles.yaml', locator: '1:1', message: 'No name.' }],
  identities: [],
  files: [{ path: 'roles.yaml', sha256: sum(text), bytes: text.length }],
} as const;

test('a bundle is entered once for a time, and the journal says so', () => {
  const { writer, folder } = newCase();
  const first = writer.addBundle(bundle);
  expect(first).toMatchObject({
    system: 'kubernetes-rbac',
    inForceFrom: bundle.inForceFrom,
    problems: bundle.problems,
  });
  expect(writer.addBundle({ ...bundle, path: 'elsewhere' })).toEqual(first);
  const later = writer.addBundle({ ...bundle, inForceFrom: '2026-06-01T00:00:00Z' });
  expect(later.id).not.toBe(first.id);
  writer.close({});
  const db = openReadable(caseFolder(folder).database);
  expect(listBundles(db).map(({ id }) => id)).toEqual([first.id, later.id]);
  expect(bundleFiles(db, later.id)).toEqual(bundle.files);
  expect(() => findBundle(db, 'none')).toThrow(/no bundle none/);
  expect(
    JSON.stringify(db.prepare(`explain query plan ${bundleQueries.files}` as never).all('x')),
  ).not.toContain('SCAN bundle_file');
  db.close();
  const entries = [...journalEntries(caseFolder(folder).journal)].filter(
    ({ type }) => type === 'bundle-added',
  );
  expect(entries.map(({ data }) => [data['bundle'], data['digest'], data['inForceFrom']])).toEqual([
    [first.id, bundle.digest, '2026-05-01T00:00:00Z'],
    [later.id, bundle.digest, '2026-06-01T00:00:00Z'],
  ]);
});

test('verification finds a file of a bundle that is missing or was changed', async () => {
  const { writer, folder } = newCase();
  const added = writer.addBundle(bundle);
  writer.close({});
  const { bundles, journal } = caseFolder(folder);
  const check = () => checkBundles([{ bundle: added, files: bundle.files }], bundles, journal);
  expect((await check()).map(({ message }) => message)).toEqual(['roles.yaml is missing']);
  mkdirSync(bundles, { recursive: true });
  writeFileSync(join(bundles, sum(text)), text);
  expect(await check()).toEqual([]);
  writeFileSync(join(bundles, sum(text)), 'kind: ClusterRole\n');
  expect((await check()).map(({ message }) => message)).toEqual([
    `roles.yaml was changed: its SHA-256 is not ${sum(text)}`,
  ]);
  expect((await checkBundles([], bundles, journal)).map(({ what }) => what)).toEqual([`bundle ${added.id}`]);
});
