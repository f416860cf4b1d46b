import { attribute, policyWriteOf, policyWriteQueries } from '#shared/analysis/drift/policy-writes.ts';
import type { KeptBundle } from '#electron/platform/services.ts';
import type { DriftStep, PermissionChange } from '#shared/domain/drift.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { FailureError } from '#shared/util/result.ts';
import { isListable } from './bundles-in-force.ts';
import type { Engine } from './engine.ts';

/** Changes of policies between two bundles that are read for attribution. */
const mostWrites = 20_000;

/**
 * What changed from one bundle of the case to another, on effective permissions, each change with the logged events
 * that explain it: those between the times from which the two were in force.
 */
export async function runDrift(
  engine: Engine,
  { from, to }: { readonly from: string; readonly to: string },
  signal: AbortSignal,
): Promise<PermissionChange[]> {
  const [before, after] = [await engine.keptBundle(from, signal), await engine.keptBundle(to, signal)];
  if (before.bundle.system !== after.bundle.system) {
    throw new FailureError(
      'invalid-input',
      `Bundles of two systems cannot be compared: ${before.bundle.system} and ${after.bundle.system}.`,
    );
  }
  const changes = await engine.policy('drift', { from: before, to: after }, { signal });
  const writes = await policyWrites(engine, before, after, signal);
  return attribute(changes, writes);
}

/**
 * What differs from a baseline that was declared: policies as code in a folder. Every change of policies in the log up
 * to the bundle may explain it.
 */
export async function runBaselineDrift(
  engine: Engine,
  { path, to }: { readonly path: string; readonly to: string },
  signal: AbortSignal,
): Promise<PermissionChange[]> {
  const after = await engine.keptBundle(to, signal);
  const from = { path, system: after.bundle.system };
  const changes = await engine.policy('drift', { from, to: after }, { signal });
  return attribute(changes, await policyWrites(engine, null, after, signal));
}

/**
 * From each bundle of a system to the next one, by the times from which they were in force; of each system the last
 * `most` steps.
 */
export async function runDriftSeries(
  engine: Engine,
  system: string | null,
  signal: AbortSignal,
  most = Number.POSITIVE_INFINITY,
): Promise<DriftStep[]> {
  const bundles = await engine.read('bundles.list', {}, { signal });
  const dated = bundles
    .filter((bundle) => bundle.inForceFrom !== null && (system === null || bundle.system === system))
    .toSorted((one, other) => Date.parse(one.inForceFrom ?? '') - Date.parse(other.inForceFrom ?? ''));
  const steps: DriftStep[] = [];
  for (const name of [...new Set(dated.map((bundle) => bundle.system))].toSorted()) {
    if (!isListable(name)) continue;
    const own = dated.filter((bundle) => bundle.system === name);
    for (const [index, to] of own.entries()) {
      const from = own[index - 1];
      if (from === undefined || index < own.length - most) continue;
      const changes = await runDrift(engine, { from: from.id, to: to.id }, signal);
      steps.push({
        system: name,
        from: from.id,
        to: to.id,
        since: from.inForceFrom,
        until: to.inForceFrom,
        changes,
      });
    }
  }
  return steps;
}

async function policyWrites(
  engine: Engine,
  before: KeptBundle | null,
  after: KeptBundle,
  signal: AbortSignal,
): Promise<NonNullable<ReturnType<typeof policyWriteOf>>[]> {
  const query = policyWriteQueries[after.bundle.system];
  if (query === undefined) return [];
  const events: AccessEvent[] = [];
  await engine.read(
    'events.stream',
    {
      query,
      from: before === null ? null : timeOf(before),
      to: timeOf(after),
      sort: '-time',
      limit: mostWrites,
    },
    { signal, onItem: (items) => void events.push(...(items as AccessEvent[])) },
  );
  const writes: NonNullable<ReturnType<typeof policyWriteOf>>[] = [];
  for (const { id } of events) {
    const { event, record } = await engine.nativeEvent(id, signal);
    const write = policyWriteOf(event, JSON.parse(record) as JsonObject);
    if (write !== null) writes.push(write);
  }
  return writes;
}

function timeOf({ bundle, rebuilt }: KeptBundle): string | null {
  return rebuilt === undefined ? bundle.inForceFrom : rebuilt.at;
}
