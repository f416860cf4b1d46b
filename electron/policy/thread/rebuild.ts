import type { KeptBundle } from '#electron/platform/services.ts';
import { stateAt } from '#shared/analysis/history/state-at.ts';
import type { BundleSource, PolicySystem } from '#shared/domain/policy-system.ts';
import type { BundleRef } from '#shared/domain/trace.ts';

export interface RebuiltSource {
  readonly source: BundleSource;
  readonly rebuilt: NonNullable<BundleRef['rebuilt']>;
}

/** The bundle as it stood at the time that is asked for; null where its system or form follows no changes. */
export async function rebuildSource(
  { rebuilt }: KeptBundle,
  source: BundleSource,
  after: BundleSource | null,
  system: PolicySystem,
): Promise<RebuiltSource | null> {
  if (rebuilt === undefined || system.history === undefined) return null;
  const history = await system.history();
  const base = history.elementsOf(source);
  if (base === null) return null;
  const { at, isBefore, earlier, simultaneous, later } = rebuilt;
  const states = stateAt(
    {
      base,
      isBefore,
      after: after === null ? null : history.elementsOf(after),
      earlier,
      simultaneous,
      later,
    },
    history,
  );
  const unknown = [...states.values()].filter(({ kind }) => kind === 'unknown').length;
  const changes = isBefore ? earlier.length + simultaneous.length : simultaneous.length + later.length;
  return {
    source: history.rebuild(source, states),
    rebuilt: { at, changes, elements: states.size, unknown },
  };
}

/** What tells compiled policies of different times apart: between two changes they are the same. */
export function rebuiltKey({ rebuilt }: KeptBundle): string {
  if (rebuilt === undefined) return '';
  const { isBefore, after, earlier, simultaneous, later } = rebuilt;
  const ends = [earlier, simultaneous, later].map(
    (changes) => `${changes.length} ${changes[0]?.event ?? ''} ${changes.at(-1)?.event ?? ''}`,
  );
  return [String(isBefore), after?.bundle.digest ?? '', ...ends].join(' ');
}
