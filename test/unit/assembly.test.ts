import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { assembled, modules } from '../../scripts/assemble.mjs';
import { projectRoot } from '../support/imports.ts';

it.each(modules)(
  'the module %s is what its source compiles to',
  async (source, target) => {
    const compiled = await assembled(source);
    // Not as text: what differs is not for reading.
    expect(compiled === readFileSync(join(projectRoot, target), 'utf8')).toBe(true);
  },
  30_000,
);
