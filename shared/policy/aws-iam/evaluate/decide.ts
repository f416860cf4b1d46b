import type { Decision, Evaluation, Layer } from '../../../domain/trace.ts';
import type { AwsRequest } from '../request/request.ts';
import { both, either, negate, type Tri } from '../tri.ts';
import {
  type Applicable,
  type EvaluatedLayer,
  evaluateLayer,
  exemptLayer,
  fixedLayer,
  type LayerName,
  shownLayer,
} from './layers.ts';
import { type Combination, type Considered, granted, type Grants, isOuterLimit } from './grants.ts';
import { missingLayers } from './missing-layers.ts';
import { residualOf, unknownsOf } from './residual.ts';
import type { Hit } from './attachment.ts';
import {
  escapesResourceDenies,
  isBarred,
  needsNoAllow,
  needsNoPermission,
  needsResourcePolicy,
} from './rules.ts';
import { verdictOf } from './verdict.ts';

/**
 * Decides a request from everything that has a say: any Deny; then every limit; then the grants (IAM User Guide,
 * "Policy evaluation logic" and "Cross-account policy evaluation logic").
 */
export function decide(request: AwsRequest, applicable: Applicable): Evaluation {
  const shown: Layer[] = [];
  const layers: EvaluatedLayer[] = [];
  const add = (layer: EvaluatedLayer): EvaluatedLayer => {
    layers.push(layer);
    shown.push(shownLayer(layer));
    return layer;
  };
  for (const name of ['rcp', 'scp'] as const) {
    const input = applicable[name];
    if (input.state === 'exempt') shown.push(exemptLayer(name, input.why));
    if (input.state !== 'levels') continue;
    for (const level of input.levels) add(evaluateLayer(name, level, request, level));
  }
  if (applicable.endpoint !== null) add(evaluateLayer('vpce', applicable.endpoint, request));
  const combination = combinationOf(request, applicable);
  const resource = resourceLayer(request, applicable, combination);
  if (resource !== null) add(resource);
  const identity = identityLayer(request, applicable);
  if (identity !== null) add(identity);
  const boundary =
    applicable.boundary === null ? null : add(evaluateLayer('boundary', applicable.boundary, request));
  const session = sessionLayer(request, applicable);
  if (session !== null) add(session);

  const grants: Grants = {
    ...resourceGrants(resource),
    identity: identity?.allow ?? false,
    boundary: boundary?.allow ?? true,
    session: session?.allow ?? true,
  };
  const considered = { request, layers, grants, combination, barred: isBarred(request) };
  return conclude(considered, shown, applicable.assumptions);
}

function resourceLayer(
  request: AwsRequest,
  applicable: Applicable,
  combination: Combination,
): EvaluatedLayer | null {
  if (applicable.resource !== null) {
    return evaluateLayer('resource', applicable.resource, request, {
      bound: !escapesResourceDenies(request),
    });
  }
  return combination === 'same-account'
    ? null
    : fixedLayer('resource', false, 'The resource has no policy, and without one this cannot be allowed.');
}

function identityLayer(request: AwsRequest, applicable: Applicable): EvaluatedLayer | null {
  if (request.subject.kind === 'root') {
    return isBarred(request)
      ? fixedLayer('identity', false, 'The root user of an account cannot assume roles.')
      : fixedLayer('identity', true, 'The root user of an account needs no policy that allows.');
  }
  if (applicable.identity === null) return null;
  return evaluateLayer('identity', applicable.identity, request, { open: needsNoAllow(request) });
}

function sessionLayer(request: AwsRequest, applicable: Applicable): EvaluatedLayer | null {
  if (applicable.session !== null) return evaluateLayer('session', applicable.session, request);
  return request.subject.kind === 'federated-user'
    ? fixedLayer(
        'session',
        false,
        'A federated session without a session policy has no permissions of its own.',
      )
    : null;
}

function resourceGrants(resource: EvaluatedLayer | null): Pick<Grants, 'direct' | 'role' | 'account'> {
  const gap: Tri = resource !== null && resource.gaps.length > 0 ? 'unknown' : false;
  const found: { direct: Tri; role: Tri; account: Tri } = { direct: gap, role: gap, account: gap };
  for (const { statement, matched, reach } of resource?.hits ?? []) {
    if (statement.effect === 'allow') found[reach] = either(found[reach], matched);
  }
  return found;
}

function combinationOf(request: AwsRequest, applicable: Applicable): Combination {
  if (applicable.identity === null && request.subject.kind !== 'root') return 'resource-only';
  if (applicable.crossAccount) return 'cross-account';
  return needsResourcePolicy(request) ? 'both-needed' : 'same-account';
}

function conclude(
  considered: Considered,
  shown: readonly Layer[],
  assumptions: readonly string[],
): Evaluation {
  const { layers, request } = considered;
  let denied: Tri = false;
  let allowed: Tri = granted(considered);
  for (const layer of layers) {
    denied = either(denied, layer.deny);
    if (isOuterLimit(layer)) allowed = both(allowed, layer.allow);
  }
  const free = needsNoPermission(request);
  const result = free || both(allowed, negate(denied));
  const decision: Decision = result === 'unknown' ? 'indeterminate' : result ? 'allow' : 'deny';
  const explicit = !free && denied === true;
  const { determining, determiningSteps, overridden } = decidingSteps(considered, decision, explicit);
  const blockedBy = decision === 'deny' ? blockers(considered, explicit) : [];
  const missing = missingLayers(considered, decision, explicit, blockedBy);
  const unknown = decision === 'indeterminate';
  const bypass = decision === 'allow' && determiningSteps.length === 0;
  const residual = unknown ? residualOf(considered) : null;
  return {
    decision,
    kind: bypass ? 'bypass' : explicit || decision === 'allow' ? 'explicit' : 'implicit',
    combining: 'layered-intersection',
    determining,
    determiningSteps,
    overridden,
    blockedBy,
    layers: shown,
    errors: [],
    assumptions: missing.length === 0 ? assumptions : [...assumptions, ...missing],
    unknowns: unknown ? unknownsOf(considered) : [],
    ...(residual === null ? null : { wouldAllowIf: residual }),
    completeness: missing.length === 0 ? 'full' : 'partial',
    verdict: verdictOf(considered, decision, explicit, blockedBy, determining),
  };
}

type Deciding = Pick<Evaluation, 'determining' | 'determiningSteps' | 'overridden'>;

/** Steps that decided, and steps that allowed in vain. */
function decidingSteps(considered: Considered, decision: Decision, explicit: boolean): Deciding {
  const { layers, request, grants, combination } = considered;
  const determining: string[] = [];
  const determiningSteps: string[] = [];
  const overridden: string[] = [];
  const bound = !escapesResourceDenies(request);
  const limited = both(grants.boundary, grants.session) !== true;
  const grantsIt = (layer: EvaluatedLayer, { reach }: Hit): boolean => {
    if (layer.role !== 'grant' || needsNoPermission(request)) return false;
    if (layer.name === 'identity') return !limited;
    // Within an account, delegating to the account is not what allows.
    return reach === 'direct' || (reach === 'role' && !limited) || combination !== 'same-account';
  };
  for (const layer of layers) {
    for (const hit of layer.hits) {
      const { statement, step, policyName, matched } = hit;
      const denies = statement.effect === 'deny';
      if (matched !== true || (denies && !bound && layer.name === 'resource')) continue;
      if (explicit ? denies : decision === 'allow' && !denies && grantsIt(layer, hit)) {
        determiningSteps.push(step.id);
        if (!determining.includes(policyName)) determining.push(policyName);
      } else if (decision === 'deny' && !denies) overridden.push(step.id);
    }
  }
  return { determining, determiningSteps, overridden };
}

/** For an explicit deny the layers with the Deny; else those whose missing Allow stands in the way. */
function blockers(considered: Considered, explicit: boolean): LayerName[] {
  const { layers, grants, combination } = considered;
  const names: LayerName[] = [];
  const block = (name: LayerName): void => {
    if (!names.includes(name)) names.push(name);
  };
  if (explicit) {
    for (const layer of layers) if (layer.deny === true) block(layer.name);
    return names;
  }
  for (const layer of layers) if (isOuterLimit(layer) && layer.allow === false) block(layer.name);
  if (granted(considered) !== false) return names;
  const { direct, role, account, identity, boundary, session } = grants;
  const resource = either(direct, either(role, account));
  if (combination !== 'same-account' && resource === false) block('resource');
  if (combination === 'resource-only') return names;
  const waived = combination === 'cross-account' ? false : role;
  if (identity === false && waived === false) block('identity');
  if (boundary === false) block('boundary');
  if (session === false) block('session');
  return names;
}
