import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecentCases } from '#electron/router/recent-cases.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rescind-recent-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const summary = { id: 'one', name: 'Incident', folder: '/cases/one' };

test('the case that was opened last comes first, a copy of it in place of the other', () => {
  const recent = new RecentCases(join(folder, 'config'));
  recent.remember(summary, new Date(1_000));
  recent.remember({ ...summary, id: 'two', folder: '/cases/two' }, new Date(2_000));
  recent.remember({ ...summary, folder: '/copies/one' }, new Date(3_000));
  expect(recent.list().map((known) => known.folder)).toEqual(['/copies/one', '/cases/two']);
  expect(recent.folderOf('one')).toBe('/copies/one');
});

test('a disk that takes nothing keeps no case from being opened', () => {
  writeFileSync(join(folder, 'config'), 'no folder');
  const recent = new RecentCases(join(folder, 'config'));
  expect(() => recent.remember(summary, new Date(1_000))).not.toThrow();
  expect(recent.list()).toEqual([]);
});
