import { judgeBehaviour } from '#shared/analysis/behaviour/judge.ts';
import { didReach } from '#shared/analysis/reach/reach.ts';
import type { AccessPath } from '#shared/domain/access-path.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import type { CouldReach } from '#shared/domain/reach.ts';
import { chosenBundles } from '../bundles-in-force.ts';
import { runBaselineDrift, runDriftSeries } from '../drift-job.ts';
import type { HandlerServices, Handlers } from './handler.ts';

type AccessOperation =
  | 'entitlements.list'
  | 'paths.list'
  | 'reach.get'
  | 'behaviour.list'
  | 'drift.series'
  | 'drift.baseline'
  | 'policy.list';

/** What policies give, what that leads to, and how far it reaches. */
export function accessHandlers({ engine }: HandlerServices): Handlers<AccessOperation> {
  return {
    'entitlements.list': async ({ subject, bundle, asOf, offset, limit }, { signal }) => {
      const bundles = await chosenBundles(engine, bundle, asOf, signal);
      const rows: Entitlement[] = [];
      for (const id of bundles) {
        const kept = await engine.keptBundle(id, signal);
        rows.push(...(await engine.policy('entitlements', { kept, subject }, { signal })));
      }
      return { bundles, total: rows.length, rows: rows.slice(offset, offset + limit) };
    },
    'paths.list': async ({ subject, bundle, asOf, offset, limit }, { signal }) => {
      const bundles = await chosenBundles(engine, bundle, asOf, signal);
      const rows: AccessPath[] = [];
      for (const id of bundles) {
        const kept = await engine.keptBundle(id, signal);
        const at = (await engine.referenceTime(asOf, signal)) ?? kept.bundle.importedAt;
        rows.push(...(await engine.policy('paths', { kept, subject, at }, { signal })));
      }
      return { bundles, total: rows.length, rows: rows.slice(offset, offset + limit) };
    },
    'reach.get': async ({ subject, bundle, asOf: at }, { signal }) => {
      const { asOf, uses } = await engine.accessUses(at, [subject], signal);
      const bundles = await chosenBundles(engine, bundle, asOf, signal);
      const parts: CouldReach[] = [];
      for (const id of bundles) {
        const kept = await engine.keptBundle(id, signal);
        parts.push(
          await engine.policy('reach', { kept, subject, at: asOf ?? kept.bundle.importedAt }, { signal }),
        );
      }
      return { subject, bundles, asOf, could: together(parts), did: didReach(uses, subject) };
    },
    'behaviour.list': async ({ subject, asOf: at, offset, limit }, { signal }) => {
      const facts = await engine.behaviourFacts(at, signal);
      const changes = judgeBehaviour(facts).filter(
        (change) => subject === null || change.subject === subject,
      );
      return {
        asOf: facts.asOf,
        total: changes.length,
        rows: changes.slice(offset, offset + limit),
        logs: facts.logs.map(({ format, days }) => ({
          format,
          days: (days.at(-1) ?? 0) - (days[0] ?? 0) + 1,
          daysWithEvents: days.length,
        })),
      };
    },
    'drift.series': async ({ system, subjects }, { signal }) => {
      const steps = await runDriftSeries(engine, system, signal);
      if (subjects.length === 0) return { steps };
      const wanted = new Set(subjects);
      return {
        steps: steps.flatMap((step) => {
          const changes = step.changes.filter(({ subject }) => wanted.has(subject.id));
          return changes.length === 0 ? [] : [{ ...step, changes }];
        }),
      };
    },
    'drift.baseline': async (input, { signal }) => ({
      changes: await runBaselineDrift(engine, input, signal),
    }),
    'policy.list': (input, { signal, emit }) =>
      engine.policy('list', input, { signal, onItem: (item) => emit(item as string) }),
  };
}

/** An identity is of one system: the others add nothing. */
function together(parts: readonly CouldReach[]): CouldReach {
  return {
    administrator: parts.some(({ administrator }) => administrator),
    identities: parts.flatMap(({ identities }) => identities),
    services: parts.flatMap(({ services }) => services),
    secrets: parts.flatMap(({ secrets }) => secrets),
    namespaces: parts.flatMap(({ namespaces }) => namespaces),
  };
}
