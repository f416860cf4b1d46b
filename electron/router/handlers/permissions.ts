import { judgeUsage } from '#shared/analysis/usage/judge.ts';
import type { EntitlementUsage } from '#shared/domain/usage.ts';
import { chosenBundles } from '../bundles-in-force.ts';
import { runDrift } from '../drift-job.ts';
import { runProposal } from '../proposal-job.ts';
import type { HandlerServices, Handlers } from './handler.ts';

export function permissionHandlers({
  engine,
}: HandlerServices): Handlers<'drift.run' | 'usage.run' | 'usage.propose'> {
  return {
    'drift.run': async ({ from, to, offset, limit }, { signal }) => {
      const changes = await runDrift(engine, { from, to }, signal);
      return { changes: changes.slice(offset, offset + limit), total: changes.length };
    },
    'usage.propose': (input, { signal }) => runProposal(engine, input, signal),
    'usage.run': async ({ subject, bundle, asOf: at, offset, limit }, { signal }) => {
      const { asOf, uses, reaches } = await engine.accessUses(at, signal);
      const bundles = await chosenBundles(engine, bundle, asOf, signal);
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
