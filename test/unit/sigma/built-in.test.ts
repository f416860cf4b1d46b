import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSigma } from '#shared/analysis/sigma/parse.ts';
import { formats } from '#shared/formats/index.ts';
import { projectRoot } from '../../support/imports.ts';

const folder = join(projectRoot, 'resources', 'rules');
const files = readdirSync(folder).map((name) => ({
  name,
  ...parseSigma(name, readFileSync(join(folder, name), 'utf8')),
}));

describe('the rules that come with the program', () => {
  test.each(files)('$name is understood, says what to do and is about a log that is read', (file) => {
    expect(file.problems).toEqual([]);
    const [main] = file.rules.slice(-1);
    expect(main?.advice).not.toBeNull();
    expect(main?.tags.length).toBeGreaterThan(0);
    const known = [...formats.map(({ sigma }) => sigma?.product), 'aws'];
    for (const rule of file.rules) {
      expect(rule.kind === 'correlation' || known.includes(rule.logsource.product ?? '')).toBe(true);
    }
  });

  test('have ids of their own', () => {
    const ids = files.flatMap(({ rules }) => rules.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
