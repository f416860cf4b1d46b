import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from '#electron/platform/installation.ts';
import type { HandlerServices, Handlers } from './handler.ts';

/** Runs the rules that the caller gives, else those that come with the program. */
export function findingsHandlers({ engine }: HandlerServices): Handlers<'findings.run'> {
  return {
    'findings.run': ({ rules, rule }, { signal }) =>
      engine.read('findings.run', { rules: rules.length === 0 ? builtInRules() : rules, rule }, { signal }),
  };
}

function builtInRules(): { path: string; text: string }[] {
  const folder = join(installation().root, 'resources', 'rules');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .toSorted()
    .map((name) => ({ path: name, text: readFileSync(join(folder, name), 'utf8') }));
}
