import { createHash } from 'node:crypto';
import { behaviourFindings } from '#shared/analysis/behaviour/findings.ts';
import { judgeBehaviour } from '#shared/analysis/behaviour/judge.ts';
import { unexplainedFindings } from '#shared/analysis/drift/findings.ts';
import { pathFindings } from '#shared/analysis/paths/findings.ts';
import type { Finding, KeyedFinding } from '#shared/domain/finding.ts';
import { bundlesInForce } from './bundles-in-force.ts';
import { runDriftSeries } from './drift-job.ts';
import type { Engine } from './engine.ts';

/** Steps from bundle to bundle of each system that are looked into for findings: the latest. */
const mostSteps = 12;

/** What the bundles in force at the end of the evidence lead to, and who left its own habits, as findings. */
export async function accessFindings(engine: Engine, signal: AbortSignal): Promise<Finding[]> {
  const { asOf, reaches } = await engine.accessUses(null, [], signal);
  const found: KeyedFinding[] = [];
  for (const { id, importedAt } of await bundlesInForce(engine, asOf, signal)) {
    const kept = await engine.keptBundle(id, signal);
    const paths = await engine.policy('paths', { kept, subject: null, at: asOf ?? importedAt }, { signal });
    found.push(...pathFindings(paths, id));
  }
  found.push(...behaviourFindings(judgeBehaviour(await engine.behaviourFacts(null, signal))));
  found.push(...unexplainedFindings(await runDriftSeries(engine, null, signal, mostSteps), reaches));
  return found.map(withId);
}

/** The same finding has the same id in every run. */
function withId({ key, ...finding }: KeyedFinding): Finding {
  const id = createHash('sha256')
    .update(JSON.stringify([finding.rule, key]))
    .digest('hex')
    .slice(0, 32);
  return { id, ...finding };
}
