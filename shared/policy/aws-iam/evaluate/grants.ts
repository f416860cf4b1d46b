import type { AwsRequest } from '../request/request.ts';
import { both, either, type Tri } from '../tri.ts';
import type { EvaluatedLayer, LayerName } from './layers.ts';

/** What the granting layers say together. */
export interface Grants {
  /** The resource policy names the caller's session or user itself. */
  readonly direct: Tri;
  /** It names the caller's role. */
  readonly role: Tri;
  /** It delegates to the caller's account. */
  readonly account: Tri;
  readonly identity: Tri;
  readonly boundary: Tri;
  readonly session: Tri;
}

/** How the granting layers combine for this request. */
export type Combination = 'same-account' | 'both-needed' | 'cross-account' | 'resource-only';

export interface Considered {
  readonly request: AwsRequest;
  readonly layers: readonly EvaluatedLayer[];
  readonly grants: Grants;
  readonly combination: Combination;
  readonly barred: boolean;
}

/** Whether the grants suffice, without regard to denies and to the limits of organization and endpoint. */
export function granted({ grants, combination, barred }: Considered): Tri {
  if (barred) return false;
  const { direct, role, account, identity, boundary, session } = grants;
  const resource = either(direct, either(role, account));
  if (combination === 'resource-only') return resource;
  const limits = both(boundary, session);
  const byIdentity = both(identity, limits);
  if (combination === 'cross-account') return both(byIdentity, resource);
  const delegated = combination === 'both-needed' ? both(byIdentity, resource) : byIdentity;
  return either(direct, either(both(role, limits), delegated));
}

const outerLimits = new Set<LayerName>(['rcp', 'scp', 'vpce']);

export function isOuterLimit(layer: EvaluatedLayer): boolean {
  return outerLimits.has(layer.name);
}
