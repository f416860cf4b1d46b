import type { Entitlement } from '../../domain/entitlement.ts';
import { clusterResource } from '../../domain/cluster-resource.ts';
import type { AccessUse } from '../../domain/usage.ts';
import { contains, containsAction } from '#shared/util/pattern.ts';

type Matched = boolean | 'unknown';

/** What one subject did in one log, by action: it has fewer actions than uses, and permissions share patterns. */
export class SubjectUses {
  readonly #byAction: ReadonlyMap<string, readonly AccessUse[]>;
  readonly #ofPattern = new Map<string, readonly AccessUse[]>();

  constructor(uses: readonly AccessUse[]) {
    this.#byAction = Map.groupBy(uses, ({ action }) => action);
  }

  /** Uses whose action the pattern of an entitlement covers. */
  ofAction(pattern: string): readonly AccessUse[] {
    let found = this.#ofPattern.get(pattern);
    if (found === undefined) {
      found = [...this.#byAction].flatMap(([action, uses]) =>
        matchesSides(pattern, (one) => containsAction(one, action)) ? uses : [],
      );
      this.#ofPattern.set(pattern, found);
    }
    return found;
  }
}

/**
 * Whether a use of an entitlement's action is one of its resource: `unknown` where the event does not name what the
 * entitlement asks for.
 */
export function matchesResource({ system, resource }: Entitlement, use: AccessUse): Matched {
  if (resource.pattern === '*') return true;
  if (system === 'kubernetes-rbac') {
    return use.resource === null ? 'unknown' : contains(resource.pattern, clusterResource(use.resource.id));
  }
  const named = [...(use.resource === null ? [] : [use.resource.id]), ...use.others].filter((id) =>
    id.startsWith('arn:'),
  );
  if (named.length === 0) return 'unknown';
  const found = named.map((id) => matchesArn(resource.pattern, id));
  return found.includes(true) || (found.includes('unknown') ? 'unknown' : false);
}

/** A variable of the pattern may stand for what the resource says. */
function matchesArn(pattern: string, id: string): Matched {
  if (!pattern.includes('${')) return matchesSides(pattern, (one) => contains(one, id));
  const open = pattern.replaceAll(/\$\{[^}]*\}/g, '*');
  return matchesSides(open, (one) => contains(one, id)) ? 'unknown' : false;
}

/** `not a, b` is all but a and b, as entitlements write it. */
export function matchesSides(pattern: string, matches: (pattern: string) => boolean): boolean {
  if (!pattern.startsWith('not ')) return matches(pattern);
  return !pattern.slice('not '.length).split(', ').some(matches);
}
