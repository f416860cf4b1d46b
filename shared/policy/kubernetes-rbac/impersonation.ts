import { type Entity } from '../../domain/evaluation-request.ts';
import { type Json, isObject } from '../../domain/json.ts';
import type { EvaluationError, Layer, Step } from '../../domain/trace.ts';
import { type ResourceAttributes, describeTarget, resourceAttributes } from './attributes.ts';
import type { Cluster } from './cluster.ts';
import { decide } from './decide.ts';
import { type User, serviceAccountOf } from './user.ts';
import type { UserView } from './view.ts';

const authenticationGroup = 'authentication.k8s.io';

export interface ImpersonationFinding {
  readonly allowed: boolean;
  readonly layer: Layer;
  readonly errors: readonly EvaluationError[];
}

/**
 * Whether the one behind a request may act as its subject: the verb `impersonate` on the user or service account, on
 * each group that it names, and on each value of `userextras` and the `uid`. Groups that the API server adds by
 * itself need no permission.
 * Source: `staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation.go`,
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function checkImpersonation(
  cluster: Cluster,
  impersonator: UserView,
  user: User,
  subject: Entity,
): ImpersonationFinding {
  const steps: Step[] = [];
  const errors: EvaluationError[] = [];
  let allowed = true;
  for (const attributes of neededFor(user, subject)) {
    const finding = impersonator.isMaster ? null : decide(cluster, impersonator, attributes);
    const granted = finding === null || finding.allowed;
    allowed &&= granted;
    errors.push(...(finding?.errors ?? []));
    const inner = finding?.layers.flatMap((layer) => layer.steps).filter(({ matched }) => matched === true);
    steps.push({
      id: `impersonate#${steps.length}`,
      ref: inner?.[0]?.ref ?? { path: '', locator: '', policyId: 'impersonation' },
      effect: 'allow',
      matched: granted,
      ...(inner?.[0]?.via === undefined ? {} : { via: inner[0].via }),
      note: granted ? `By ${finding?.by ?? 'Group system:masters'}.` : 'Nothing grants it.',
      tests: {
        subject: { result: granted ? 'match' : 'no-match', pattern: impersonator.user.name },
        action: { result: granted ? 'match' : 'no-match', pattern: 'impersonate' },
        resource: { result: granted ? 'match' : 'no-match', pattern: describeTarget(attributes) },
      },
    });
  }
  const outcome = allowed ? 'allow' : 'deny';
  return { allowed, layer: { name: 'impersonation', role: 'limit', outcome, steps }, errors };
}

function neededFor({ name, groups, implied }: User, { properties = {} }: Entity): ResourceAttributes[] {
  const account = serviceAccountOf(name);
  const needed: ResourceAttributes[] = [];
  const add = (resource: string, wanted: string, more: Partial<ResourceAttributes> = {}): void => {
    needed.push(
      resourceAttributes({
        verb: 'impersonate',
        apiGroup: '',
        resource,
        subresource: '',
        namespace: '',
        name: wanted,
        ...more,
      }),
    );
  };
  if (account !== null) add('serviceaccounts', account.name, { namespace: account.namespace });
  else if (name !== '') add('users', name);
  for (const group of groups) if (!implied.includes(group)) add('groups', group);
  const { uid, extra } = properties;
  if (typeof uid === 'string') add('uids', uid, { apiGroup: authenticationGroup });
  for (const [key, values] of Object.entries(isObject(extra) ? extra : {})) {
    for (const value of Array.isArray(values) ? (values as readonly Json[]) : [values ?? null]) {
      if (typeof value !== 'string') continue;
      add('userextras', value, { apiGroup: authenticationGroup, subresource: key });
    }
  }
  return needed;
}
