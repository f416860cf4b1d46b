import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from '#electron/platform/installation.ts';
import { type Finding, severities } from '#shared/domain/finding.ts';
import { accessFindings } from '../access-findings.ts';
import { Attempts } from '../attempts.ts';
import { withRights } from '../dormant-rights.ts';
import type { Engine } from '../engine.ts';
import type { HandlerServices, Handlers } from './handler.ts';

/**
 * Runs the rules that the caller gives, else those that come with the program, and the program's own analyses. Given
 * rules take the place of both.
 */
export function findingsHandlers({ engine }: HandlerServices): Handlers<'findings.run'> {
  return {
    'findings.run': async ({ rules, rule }, { signal }) => {
      if (rules.length > 0) return engine.read('findings.run', { rules, rule }, { signal });
      const answer = await engine.read('findings.run', { rules: builtInRules(), rule }, { signal });
      const access = await accessFindings(engine, signal);
      const rights = await rightsOfSilent(engine, await engine.identityFindings(signal), signal);
      const own = [...access.found, ...rights.found];
      const wanted = rule === null ? own : own.filter((finding) => finding.rule === rule);
      return {
        ...answer,
        findings: [...answer.findings, ...wanted].toSorted(byWeight),
        unanswered: [...access.unanswered, ...rights.unanswered],
      };
    },
  };
}

/** Without their rights the findings about silent identities hold all the same. */
async function rightsOfSilent(
  engine: Engine,
  silent: readonly Finding[],
  signal: AbortSignal,
): Promise<Attempts<Finding>> {
  const attempts = new Attempts<Finding>(signal);
  await attempts.make('Rights of silent identities', () => withRights(engine, silent, signal));
  if (attempts.unanswered.length > 0) attempts.found.push(...silent);
  return attempts;
}

function byWeight(one: Finding, other: Finding): number {
  const heavier = severities.indexOf(other.severity) - severities.indexOf(one.severity);
  if (heavier !== 0) return heavier;
  return (
    compare(one.rule, other.rule) || compare(one.first ?? '', other.first ?? '') || compare(one.id, other.id)
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function builtInRules(): { path: string; text: string }[] {
  const folder = join(installation().root, 'resources', 'rules');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .toSorted()
    .map((name) => ({ path: name, text: readFileSync(join(folder, name), 'utf8') }));
}
