import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../support/imports.ts';

test('every file that SECURITY.md names as holding or showing something is there', () => {
  const text = readFileSync(join(projectRoot, 'SECURITY.md'), 'utf8');
  const named = [
    ...text.matchAll(/`((?:electron|renderer|shared|scripts|test)\/[^`\s]+|electron-builder\.yml)`/g),
  ];
  expect(named.length).toBeGreaterThan(50);
  const missing = named.map(([, path]) => path ?? '').filter((path) => !existsSync(join(projectRoot, path)));
  expect(missing).toEqual([]);
});
