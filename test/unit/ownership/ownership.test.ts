import { describe, expect, test } from 'vitest';
import { coversPath } from '#shared/analysis/ownership/glob.ts';
import { dutiesOf, matrixOf } from '#shared/analysis/ownership/matrix.ts';
import { readCodeOwners, readOwnership } from '#shared/analysis/ownership/read.ts';
import type { Ownership } from '#shared/domain/decision.ts';
import { decision } from '#test/support/people.ts';

/** The example of GitHub's documentation, “About code owners”. */
const codeowners = `# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
**/logs @octocat
/apps/ @octocat
/apps/github
`;

describe('a CODEOWNERS file', () => {
  const { rows, problems } = readCodeOwners(codeowners);
  const ownersOf = (path: string) => dutiesOf(rows, { about: 'policy', path }).answers?.who ?? [];

  test('covers what GitHub says that it covers', () => {
    expect(problems).toEqual([]);
    expect(ownersOf('README')).toEqual(['@global-owner1', '@global-owner2']);
    expect(ownersOf('src/app.js')).toEqual(['@js-owner']);
    expect(ownersOf('deep/er/main.go')).toEqual(['docs@example.com']);
    expect(ownersOf('build/logs/x/y')).toEqual(['@octocat']);
    expect(ownersOf('docs/getting-started.md')).toEqual(['@doctocat']);
    expect(ownersOf('deeply/nested/logs/a')).toEqual(['@octocat']);
    expect(ownersOf('apps/other/a')).toEqual(['@octocat']);
    expect(ownersOf('apps/github/a')).toEqual([]);
    expect(coversPath('docs/*', 'docs/build-app/troubleshooting.md')).toBe(false);
    expect(coversPath('/build/logs/', 'src/build/logs/a')).toBe(false);
    expect(coversPath('apps/', 'src/apps/a')).toBe(true);
    expect(coversPath('a/**/b', 'a/b')).toBe(true);
  });

  test('what is no owner is told with its line', () => {
    const { problems: told } = readCodeOwners(
      '*.js js-owner\n!docs @x\n[Section][2] @y\nname\\ with\\ blanks @z\n',
    );
    expect(told.map(({ line }) => line)).toEqual([1, 2]);
    expect(readCodeOwners('name\\ with\\ blanks @z').rows[0]?.pattern).toBe('name with blanks');
  });
});

test('a table, and what of it counts: the last row that names somebody, each duty by itself', () => {
  const { rows, problems } = readOwnership(
    'about,pattern,writes,approves,monitors,answers\n' +
      'policy,iam/**,dev,"sec;lead",,platform\n' +
      'policy,iam/prod/*,,ciso,,\n' +
      'identity,arn:aws:iam::*:user/ci-*,,,soc,platform\n' +
      'thing,x,,,,\n',
  );
  expect(problems).toMatchObject([{ line: 5 }]);
  const matrix = matrixOf([decision(1, { kind: 'ownership', rows, replace: false })]);
  expect(dutiesOf(matrix, { about: 'policy', path: 'iam/prod/a.json' })).toEqual({
    writes: { who: ['dev'], pattern: 'iam/**' },
    approves: { who: ['ciso'], pattern: 'iam/prod/*' },
    monitors: null,
    answers: { who: ['platform'], pattern: 'iam/**' },
  });
  const ids = ['arn:aws:iam::111122223333:user/ci-deploy'];
  expect(dutiesOf(matrix, { about: 'identity', ids }).monitors?.who).toEqual(['soc']);
});

const row = (pattern: string, answers: string): Ownership => ({
  about: 'policy',
  pattern,
  writes: [],
  approves: [],
  monitors: [],
  answers: [answers],
});

test('a later row takes the place of the one with its pattern; a decision that was taken back counts for nothing', () => {
  const first = decision(1, { kind: 'ownership', rows: [row('a', 'x'), row('b', 'x')], replace: false });
  const second = decision(2, { kind: 'ownership', rows: [row('a', 'y')], replace: false });
  expect(matrixOf([first, second]).map(({ pattern, answers }) => [pattern, ...answers])).toEqual([
    ['b', 'x'],
    ['a', 'y'],
  ]);
  expect(matrixOf([first, { ...second, undoneBy: 3 }])).toHaveLength(2);
  const whole = decision(3, { kind: 'ownership', rows: [row('c', 'z')], replace: true });
  expect(matrixOf([first, second, whole]).map(({ pattern }) => pattern)).toEqual(['c']);
});
