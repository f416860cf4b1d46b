import { chooseBundle } from '#shared/analysis/requests/choose-bundle.ts';
import { judgeUsage } from '#shared/analysis/usage/judge.ts';
import type { EntitlementUsage } from '#shared/domain/usage.ts';
import { FailureError } from '#shared/util/result.ts';
import { runDrift } from '../drift-job.ts';
import type { Engine } from '../engine.ts';
import type { HandlerServices, Handlers } from './handler.ts';

/** Systems whose permissions can be listed. */
const listable = ['aws-iam', 'kubernetes-rbac'];

export function permissionHandlers({ engine }: HandlerServices): Handlers<'drift.run' | 'usage.run'> {
  return {
    'drift.run': async ({ from, to, offset, limit }, { signal }) => {
      const changes = await runDrift(engine, { from, to }, signal);
      return { changes: changes.slice(offset, offset + limit), total: changes.length };
    },
    'usage.run': async ({ subject, bundle, asOf: at, offset, limit }, { signal }) => {
      const { asOf, uses, reaches } = await engine.accessUses(at, signal);
      const bundles = bundle === null ? await inForceAt(engine, asOf, signal) : [bundle];
      const rows: EntitlementUsage[] = [];
      for (const id of bundles) {
        const kept = await engine.keptBundle(id, signal);
        rows.push(
          ...judgeUsage(await engine.policy('entitlements', { kept, subject }, { signal }), uses, reaches),
        );
      }
      return {
        bundle: bundles.join(', '),
        asOf,
        total: rows.length,
        rows: rows.slice(offset, offset + limit),
      };
    },
  };
}

/** The bundle of each system that was in force at the reference time. Throws kind `not-found` where there is none. */
async function inForceAt(engine: Engine, asOf: string | null, signal: AbortSignal): Promise<string[]> {
  const bundles = await engine.read('bundles.list', {}, { signal });
  const chosen = listable.flatMap((system) => chooseBundle(bundles, system, asOf ?? '')?.bundle.id ?? []);
  if (chosen.length > 0) return chosen;
  throw new FailureError(
    'not-found',
    'The case has no bundle of AWS IAM or Kubernetes RBAC to tell what was granted. Add one: rescind bundle add.',
  );
}
