import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderIn, folderOf, isCommandLine } from '#electron/main/launch-arguments.ts';

test.each([
  [[], null],
  [['case'], 'case'],
  [['open', 'case'], 'case'],
  [['open'], null],
  [['./open'], 'open'],
  [['--no-sandbox', '--inspect=9229', 'case'], 'case'],
  [['--', '--case'], '--case'],
  [['open', '--', 'open'], 'open'],
  [['--', ''], null],
  [['a\0b'], null],
] as const)('the words %j name the folder %j', (words, folder) => {
  expect(folderOf(words, '/home/analyst')).toBe(folder === null ? null : resolve('/home/analyst', folder));
});

test('whatever the words are, they give an absolute path without surprises, or none', () => {
  const word = fc.oneof(fc.constantFrom('--', 'open', '--inspect', '', 'a\0b', '../..'), fc.string());
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (words) => {
      const folder = folderOf(words, '/home/analyst');
      expect(folder === null || folder === resolve(folder)).toBe(true);
      // What the first instance reads of it is the same.
      expect(folderIn({ folder })).toBe(folder);
    }),
  );
});

test.each([
  [['ingest', '--case', 'x', 'logs'], true],
  [['--version'], true],
  [['open', 'case'], false],
  [['./evidence'], false],
  [['/cases/one'], false],
  [['--no-sandbox'], false],
  [[], false],
] as const)('the words %j are a command: %s', (words, expected) => {
  expect(isCommandLine(words)).toBe(expected);
});
