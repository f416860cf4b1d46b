import { actedOn } from '#shared/respond/approval.ts';
import { targetKey } from '#shared/respond/plan.ts';
import type { RunView } from '#shared/respond/run.ts';
import type { WitnessNeed } from '#shared/respond/witness.ts';
import type { ProviderRegistry } from '../registry/registry.ts';

/**
 * What the logs must cover for a receipt: for each provider that was acted on, from its first intent to its last
 * effect and the longest time that this takes to bite, and no longer than `until`, when a restore began.
 */
export function witnessNeeds(
  run: RunView,
  registry: ProviderRegistry,
  until: string | null = null,
): WitnessNeed[] {
  const { plan } = run;
  const acted = new Set(actedOn(plan));
  const entries = new Map(registry.list().map((entry) => [entry.name, entry]));
  return plan.providers.flatMap(({ name }) => {
    const own = run.actions.filter(({ action: { target } }) => target.startsWith(`${name}/`));
    const times = own.flatMap(({ lastIntentAt, requested }) => [requested?.at, lastIntentAt]).filter(isText);
    const [from] = times.toSorted();
    if (from === undefined) return [];
    const ends = own.map(
      ({ effectiveAt, lastIntentAt, action: { spec } }) =>
        Date.parse(effectiveAt ?? lastIntentAt ?? from) + spec.settle.maxMs,
    );
    const groups = plan.references.map((reference) => ({
      group: reference.group,
      names: [
        ...new Set([
          reference.id,
          ...reference.aliases,
          ...plan.targets
            .filter(
              (target) =>
                target.group === reference.group && target.provider === name && acted.has(targetKey(target)),
            )
            .flatMap(({ id, name: shown }) => [id, shown]),
        ]),
      ],
    }));
    const formats = entries.get(name)?.logs ?? null;
    const latest = Math.min(Math.max(...ends), until === null ? Number.POSITIVE_INFINITY : Date.parse(until));
    return [{ provider: name, formats, from, to: new Date(latest).toISOString(), until, groups }];
  });
}

function isText(value: string | null | undefined): value is string {
  return typeof value === 'string';
}
