import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import type { PolicyMeasurement } from './policies.ts';

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const resources = Array.from({ length: 40 }, (_, index) => `things${index}`);
const users = 2_000;

/**
 * RBAC decisions with their whole trace, one thread: 100 ClusterRoleBindings of 10 rules each and 30 RoleBindings in
 * the request's namespace. Every fourth binding names a group that the subject is in. Requests are spread over users,
 * verbs, resources and names, so that few are alike.
 */
export async function measureKubernetesRbac(decisions = 300_000): Promise<PolicyMeasurement> {
  const bundle = await kubernetesRbac.load({ kind: 'inline', document: cluster() }, {});
  const requests = Array.from({ length: 200_000 }, (_, index) => requestOf(index));
  let allowed = 0;
  const run = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const request = requests[index % requests.length];
      if (request === undefined) continue;
      const answer = bundle.evaluate(request, { complete: true });
      const { evaluation } = answer instanceof Promise ? await answer : answer;
      if (evaluation.decision === 'allow') allowed++;
    }
  };
  await run(20_000);
  const start = performance.now();
  await run(decisions);
  const seconds = (performance.now() - start) / 1000;
  if (allowed === 0 || allowed === decisions + 20_000) {
    throw new Error('The benchmark has to allow something and to deny something.');
  }
  return {
    name: 'kubernetes-rbac, full trace, 100 ClusterRoleBindings of 10 rules, 30 RoleBindings',
    decisions,
    seconds,
    perSecond: Math.round(decisions / seconds),
  };
}

function requestOf(index: number): EvaluationRequest {
  const user = index % users;
  const resource = resources[(index * 7) % resources.length] ?? '';
  return {
    subject: { type: 'user', id: `user${user}`, properties: { groups: [`team${user % 4}`, 'staff'] } },
    action: { name: verbs[(index * 3) % verbs.length] ?? '' },
    resource: { type: resource, id: `name${index}`, properties: { namespace: 'shop', apiGroup: 'apps' } },
  };
}

function subject(index: number): JsonObject {
  return index % 4 === 0
    ? { kind: 'Group', name: `team${(index / 4) % 4}` }
    : { kind: 'User', name: `user${index}` };
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function cluster(): JsonObject {
  return {
    clusterRoles: many(130, (role) => ({
      metadata: { name: `role${role}` },
      rules: many(10, (rule) => ({
        apiGroups: rule % 3 === 0 ? ['apps', 'batch'] : [''],
        resources: [resources[(role + rule * 4) % 40] ?? '', `others${rule}`, 'pods/log'],
        verbs: rule % 2 === 0 ? ['get', 'list', 'watch'] : ['create', 'delete'],
        ...(rule === 9 ? { resourceNames: ['fixed'] } : {}),
      })),
    })),
    clusterRoleBindings: many(100, (index) => ({
      metadata: { name: `binding${index}` },
      subjects: [subject(index)],
      roleRef: { kind: 'ClusterRole', name: `role${index}` },
    })),
    roleBindings: many(30, (index) => ({
      metadata: { name: `local${index}`, namespace: 'shop' },
      subjects: [subject(index)],
      roleRef: { kind: 'ClusterRole', name: `role${100 + index}` },
    })),
  };
}
