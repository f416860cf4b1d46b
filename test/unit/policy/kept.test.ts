import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepBundle } from '#electron/policy/bundle/kept.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rescind-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a kept file that was damaged is whole again once its bundle is added again', async () => {
  const bytes = Buffer.from('permit (principal, action, resource);');
  const source = {
    kind: 'files' as const,
    files: [{ path: 'a.cedar', text: bytes.toString(), bytes }],
  };
  const [kept] = await keepBundle(source, folder);
  const file = join(folder, kept?.sha256 ?? '');
  writeFileSync(file, 'forbid (principal, action, resource);');
  await keepBundle(source, folder);
  expect(readFileSync(file)).toEqual(bytes);
  expect(readdirSync(folder)).toEqual([kept?.sha256]);
});
