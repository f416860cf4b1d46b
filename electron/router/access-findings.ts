import { createHash } from 'node:crypto';
import { behaviourFindings } from '#shared/analysis/behaviour/findings.ts';
import { judgeBehaviour } from '#shared/analysis/behaviour/judge.ts';
import { unexplainedFindings } from '#shared/analysis/drift/findings.ts';
import { pathFindings } from '#shared/analysis/paths/findings.ts';
import type { Finding, KeyedFinding } from '#shared/domain/finding.ts';
import { Attempts, type Unanswered } from './attempts.ts';
import { bundlesInForce } from './bundles-in-force.ts';
import { runDriftSeries } from './drift-job.ts';
import type { Engine } from './engine.ts';

/** Steps from bundle to bundle of each system that are looked into for findings: the latest. */
const mostSteps = 12;

/** What the bundles in force at the end of the evidence lead to, and who left its own habits, as findings. */
export async function accessFindings(
  engine: Engine,
  signal: AbortSignal,
): Promise<{ readonly found: readonly Finding[]; readonly unanswered: readonly Unanswered[] }> {
  const { asOf, reaches } = await engine.accessUses(null, [], signal);
  const attempts = new Attempts<KeyedFinding>(signal);
  for (const { id, importedAt } of await bundlesInForce(engine, asOf, signal)) {
    await attempts.make(`Ways to more rights under bundle ${id}`, async () => {
      const kept = await engine.keptBundle(id, signal);
      const paths = await engine.policy('paths', { kept, subject: null, at: asOf ?? importedAt }, { signal });
      return pathFindings(paths, id);
    });
  }
  await attempts.make('Habits of identities', async () =>
    behaviourFindings(judgeBehaviour(await engine.behaviourFacts(null, signal))),
  );
  await attempts.make('Changes of permissions from bundle to bundle', async () =>
    unexplainedFindings(await runDriftSeries(engine, null, signal, mostSteps), reaches),
  );
  return { found: attempts.found.map(withId), unanswered: attempts.unanswered };
}

/** The same finding has the same id in every run. */
function withId({ key, ...finding }: KeyedFinding): Finding {
  const id = createHash('sha256')
    .update(JSON.stringify([finding.rule, key]))
    .digest('hex')
    .slice(0, 32);
  return { id, ...finding };
}
