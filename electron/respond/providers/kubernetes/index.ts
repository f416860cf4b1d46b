import { z } from 'zod';
import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { MissingControl } from '#shared/domain/response.ts';
import { endpointUrl } from '../../endpoint.ts';
import {
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
  type Resolution,
} from '../../provider.ts';
import { type Binding, allBindings, bindingTarget, namesSuspect, removeSubjectAction } from './bindings.ts';
import { Cluster, type ResourceAttributes, metadataOf } from './cluster.ts';
import { accountPath, accountTarget, deleteAccountAction } from './service-account.ts';
import { type Suspect, groupsOf, subjectsOf, suspectOf, suspectOfTarget } from './subjects.ts';

const config = z.strictObject({
  url: endpointUrl('https').describe('the API server, e.g. https://10.0.0.1:6443'),
});
type KubernetesConfig = z.output<typeof config>;

const group = 'rbac.authorization.k8s.io';

/** Each permission with the questions that SelfSubjectAccessReview answers for it. */
const permissions: readonly (Permission & { readonly asked: readonly ResourceAttributes[] })[] = [
  {
    name: 'list bindings',
    neededFor: 'read',
    why: 'to find what names the subject',
    asked: ['rolebindings', 'clusterrolebindings'].map((resource) => ({ verb: 'list', group, resource })),
  },
  {
    name: 'get roles',
    neededFor: 'read',
    why: 'to know what to ask for in the check that it bites',
    asked: ['roles', 'clusterroles'].map((resource) => ({ verb: 'get', group, resource })),
  },
  {
    name: 'get serviceaccounts',
    neededFor: 'read',
    why: 'to find service accounts by their uid',
    asked: [{ verb: 'get', group: '', resource: 'serviceaccounts' }],
  },
  {
    name: 'create subjectaccessreviews',
    neededFor: 'read',
    why: 'to ask whether the subject is still allowed',
    asked: [{ verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' }],
  },
  {
    name: 'update bindings',
    neededFor: 'binding.remove-subject',
    why: 'to take the subject out and put it back',
    asked: ['rolebindings', 'clusterrolebindings'].flatMap((resource) => [
      { verb: 'get', group, resource },
      { verb: 'update', group, resource },
    ]),
  },
  {
    name: 'bind roles',
    neededFor: 'binding.remove-subject',
    why: 'bindings of roles that the operator does not hold can be changed only so',
    asked: ['roles', 'clusterroles'].map((resource) => ({ verb: 'bind', group, resource })),
  },
  {
    name: 'delete serviceaccounts',
    neededFor: 'service-account.delete',
    why: 'to end all of its tokens',
    asked: [{ verb: 'delete', group: '', resource: 'serviceaccounts' }],
  },
  {
    name: 'create serviceaccounts',
    neededFor: 'service-account.delete',
    why: 'to make it again',
    asked: [{ verb: 'create', group: '', resource: 'serviceaccounts' }],
  },
];

/**
 * Kubernetes: takes subjects out of role bindings, deletes service accounts. REST is called directly: the official
 * client opens its connections by itself, beside the addresses, limits and clock that providers are held to.
 */
export const kubernetes: ProviderType<KubernetesConfig> = {
  type: 'kubernetes',
  title: 'Kubernetes',
  config,
  secrets: [{ name: 'token', title: 'Bearer token', required: true }],
  permissions: permissions.map(({ asked: _asked, ...permission }) => permission),
  provedOn: 'contract-fake',
  origins: ({ url }) => [new URL(url).origin],
  open: ({ url }, io) => openKubernetes(url, io),
};

function openKubernetes(url: string, io: ProviderIo): Provider {
  const cluster = new Cluster(url, io);
  const removeSubject = removeSubjectAction(cluster, io);
  const deleteAccount = deleteAccountAction(cluster, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    // The uid of kube-system is what clusters are told apart by: it is made with the cluster.
    const system = metadataOf(await cluster.read('/api/v1/namespaces/kube-system', call));
    const self = objectAt(
      await cluster.review(
        '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
        call,
      ),
      'userInfo',
    );
    const [tenant, name, uid] = [textAt(system, 'uid'), textAt(self, 'username'), textAt(self, 'uid')];
    if (tenant === null || name === null) {
      throw new ProviderError('protocol', 'The API server did not say which cluster this is, or who asks.');
    }
    const operator = uid === null ? [name] : [name, uid];
    return { tenant, tenantName: url, operator, operatorName: name };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const missing: string[] = [];
      for (const { name, asked } of permissions) {
        const answers = await Promise.all(asked.map((attributes) => cluster.mayDo(attributes, call)));
        if (answers.includes(false)) missing.push(name);
      }
      return { identity, missing, unchecked: [], notes: [] };
    },
    async resolve({ kind, id, aliases }, call) {
      if (kind !== 'identity') return { targets: [], ambiguous: [], notes: [] };
      return resolveNames(cluster, [...new Set([id, ...aliases])], call);
    },
    async descendants(target, call) {
      if (target.kind !== 'service-account' && target.kind !== 'user') return [];
      const suspect = suspectOfTarget(target);
      return (await allBindings(cluster, call))
        .filter((binding) => namesSuspect(binding, suspect))
        .map((binding) => bindingTarget(binding, suspect, target.id));
    },
    async actions(target, call) {
      if (target.kind.endsWith('binding')) return { actions: [removeSubject], missing: [] };
      return {
        actions: target.kind === 'service-account' ? [deleteAccount] : [],
        missing: await throughGroups(cluster, suspectOfTarget(target), call),
      };
    },
    administrators: () => Promise.resolve(null),
    async sweep(since, targets, call) {
      const bindings = (await allBindings(cluster, call)).filter(
        ({ object }) => Date.parse(textAt(metadataOf(object), 'creationTimestamp') ?? '') >= since,
      );
      return targets
        .filter(({ kind }) => kind === 'service-account' || kind === 'user')
        .flatMap((target) => {
          const suspect = suspectOfTarget(target);
          return bindings
            .filter((binding) => namesSuspect(binding, suspect))
            .map((binding) => ({
              target: bindingTarget(binding, suspect, target.id),
              why: 'Names the subject and was made since the incident began.',
            }));
        });
    },
    close: () => Promise.resolve(),
  };
}

/** Service accounts are objects with a uid; users are whatever name bindings carry. */
async function resolveNames(
  cluster: Cluster,
  names: readonly string[],
  call: CallContext,
): Promise<Resolution> {
  const found: FoundTarget[] = [];
  const bindings = await allBindings(cluster, call);
  for (const name of names) {
    const suspect = suspectOf(name);
    if (suspect.kind === 'ServiceAccount') {
      const object: JsonObject | null = await cluster.find(accountPath(suspect), call);
      if (object !== null) found.push(accountTarget(object, suspect));
    } else if (bindings.some((binding) => namesSuspect(binding, suspect))) {
      found.push(userTarget(name));
    }
  }
  const notes = [
    'Kubernetes keeps no users: a user is found by the exact name that bindings carry. Client certificates cannot be revoked one by one.',
  ];
  return found.length > 1
    ? { targets: [], ambiguous: found, notes }
    : { targets: found, ambiguous: [], notes };
}

function userTarget(name: string): FoundTarget {
  return {
    kind: 'user',
    id: name,
    name,
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: { user: name },
  };
}

/** Bindings of groups that everybody of the subject’s kind is in: taking those away would hit all of them. */
async function throughGroups(
  cluster: Cluster,
  suspect: Suspect,
  call: CallContext,
): Promise<MissingControl[]> {
  const groups = new Set(groupsOf(suspect));
  const grouped = (await allBindings(cluster, call)).filter(
    (binding) => !isDefault(binding) && subjectsOf(binding.object).some((one) => isGroup(one, groups)),
  );
  return grouped.map(({ kind, object }) => {
    const namespace = textAt(metadataOf(object), 'namespace');
    const name = textAt(metadataOf(object), 'name') ?? '';
    return {
      control: `no grant to everybody in ${kind} ${namespace === null ? name : `${namespace}/${name}`}`,
      consequence: 'The subject keeps what this binding gives to a group that all accounts are in.',
      advice: 'Replace the group by the accounts that need the role.',
    };
  });
}

function isGroup(subject: JsonObject, groups: ReadonlySet<string>): boolean {
  return textAt(subject, 'kind') === 'Group' && groups.has(textAt(subject, 'name') ?? '');
}

/** What every cluster gives to everybody: discovery and asking about oneself. */
function isDefault({ object }: Binding): boolean {
  return textAt(objectAt(metadataOf(object), 'labels'), 'kubernetes.io/bootstrapping') === 'rbac-defaults';
}
