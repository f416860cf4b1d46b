import { attribute, policyWriteOf, policyWriteQueries } from '#shared/analysis/drift/policy-writes.ts';
import type { KeptBundle } from '#electron/platform/services.ts';
import type { PermissionChange } from '#shared/domain/drift.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import { FailureError } from '#shared/util/result.ts';
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

async function policyWrites(
  engine: Engine,
  before: KeptBundle,
  after: KeptBundle,
  signal: AbortSignal,
): Promise<NonNullable<ReturnType<typeof policyWriteOf>>[]> {
  const query = policyWriteQueries[before.bundle.system];
  if (query === undefined) return [];
  const events: AccessEvent[] = [];
  await engine.read(
    'events.stream',
    { query, from: timeOf(before), to: timeOf(after), sort: '-time', limit: mostWrites },
    { signal, onItem: (items) => void events.push(...(items as AccessEvent[])) },
  );
  const writes: NonNullable<ReturnType<typeof policyWriteOf>>[] = [];
  for (const { id } of events) {
    const { event, record } = await engine.nativeEvent(id, signal);
    const write = policyWriteOf(event, record);
    if (write !== null) writes.push(write);
  }
  return writes;
}

function timeOf({ bundle, rebuilt }: KeptBundle): string | null {
  return rebuilt === undefined ? bundle.inForceFrom : rebuilt.at;
}
