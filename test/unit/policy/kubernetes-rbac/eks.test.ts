import { describe, expect, test } from 'vitest';
import type { AccessPath } from '#shared/domain/access-path.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { CompiledBundle } from '#shared/domain/policy-system.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { inline } from '#test/support/policy-cases.ts';

const rbac = 'rbac.authorization.k8s.io';
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;

/** As in “Grant IAM users access to Kubernetes with a ConfigMap” of the EKS User Guide. */
const authOf = (data: JsonObject, namespace = 'kube-system'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'aws-auth', namespace },
  data,
});
const auth = authOf({
  mapRoles: [
    '- groups:',
    '  - system:bootstrappers',
    '  - system:nodes',
    `  rolearn: ${role('node')}`,
    '  username: system:node:{{EC2PrivateDNSName}}',
    '- groups: [viewers]',
    `  rolearn: ${role('viewer')}`,
    '  username: viewer:{{SessionName}}',
    '- groups: [operators]',
    `  rolearn: ${role('operator')}`,
    '  username: ops',
  ].join('\n'),
  mapUsers: `- userarn: ${user('admin')}\n  username: admin\n  groups:\n  - system:masters\n`,
});

const grant = (name: string, subject: JsonObject, rule: JsonObject, namespace?: string): JsonObject[] => {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const prefix = namespace === undefined ? 'Cluster' : '';
  return [
    { apiVersion: `${rbac}/v1`, kind: `${prefix}Role`, metadata, rules: [rule] },
    {
      apiVersion: `${rbac}/v1`,
      kind: `${prefix}RoleBinding`,
      metadata,
      subjects: [subject],
      roleRef: { apiGroup: rbac, kind: `${prefix}Role`, name },
    },
  ];
};
const group = (name: string): JsonObject => ({ kind: 'Group', apiGroup: rbac, name });
const mayRead = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] };
const mayImpersonate = { apiGroups: [''], resources: ['users', 'groups'], verbs: ['impersonate'] };
const mayConfigure = (resourceNames: string[]): JsonObject => ({
  apiGroups: [''],
  resources: ['configmaps'],
  verbs: ['get', 'patch'],
  ...(resourceNames.length === 0 ? {} : { resourceNames }),
});

const writer = (names: string[], namespace = 'kube-system') =>
  grant('write', { kind: 'ServiceAccount', name: 'tool', namespace: 'ops' }, mayConfigure(names), namespace);

async function load(items: readonly JsonObject[]): Promise<CompiledBundle> {
  return kubernetesRbac.load(inline({ kind: 'List', apiVersion: 'v1', items: [...items] }), {});
}
const brief = (paths: Iterable<AccessPath>) =>
  [...paths]
    .map(({ subject, kind, technique, gives, certainty }) =>
      [subject.id, kind, technique, gives, certainty].join(' '),
    )
    .toSorted();
const pathsOf = async (items: readonly JsonObject[]) =>
  brief((await load(items)).paths?.({ at: null }) ?? []);

describe('AWS identities in a cluster', () => {
  test('who is a member of system:masters by aws-auth has every right; nodes and readers have none to tell', async () => {
    const bundle = await load([auth, ...grant('read', group('viewers'), mayRead)]);
    const paths = [...(bundle.paths?.({ at: null }) ?? [])];
    expect(brief(paths)).toEqual([`${user('admin')} administrator eks-aws-auth everything certain`]);
    expect(paths[0]).toMatchObject({
      subject: { type: 'user', account: '111122223333' },
      chain: [{ from: user('admin'), to: 'system:masters', kind: 'assumes' }],
    });
    expect(paths[0]?.assumptions.join()).toContain('authentication mode');
    const only = [...(bundle.paths?.({ at: null, subject: role('viewer') }) ?? [])];
    expect(only).toEqual([]);
  });

  test('a group that can come to every right takes its AWS identities there', async () => {
    const items = [auth, ...grant('become', group('operators'), mayImpersonate)];
    expect(await pathsOf(items)).toContain(
      `${role('operator')} privilege-escalation eks-aws-auth everything certain`,
    );
    const reached = [...((await load(items)).reach?.(role('operator'), { at: null }) ?? [])];
    expect(reached.map(({ id }) => id)).toContain('operators');
  });

  test('access entries: the cluster administrator’s policy, for all or for some namespaces', async () => {
    const associated = (name: string, policy: string, scope: JsonObject): JsonObject => ({
      clusterName: 'prod',
      principalArn: role(name),
      associatedAccessPolicies: [
        { policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`, accessScope: scope },
      ],
    });
    const whole = { type: 'cluster', namespaces: [] };
    const entry = {
      accessEntry: { clusterName: 'prod', principalArn: role('ops'), kubernetesGroups: ['operators'] },
    };
    expect(
      await pathsOf([
        associated('boss', 'AmazonEKSClusterAdminPolicy', whole),
        associated('local', 'AmazonEKSClusterAdminPolicy', { type: 'namespace', namespaces: ['shop'] }),
        associated('reader', 'AmazonEKSViewPolicy', whole),
        entry,
        ...grant('all', group('operators'), { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }),
      ]),
    ).toEqual([
      `${role('boss')} administrator eks-access-entry everything certain`,
      `${role('local')} administrator eks-access-entry more certain`,
      `${role('ops')} administrator eks-access-entry everything certain`,
      'operators administrator administrator everything certain',
    ]);
  });

  test('who may write aws-auth can make itself an administrator, where there is one', async () => {
    const line = 'system:serviceaccount:ops:tool privilege-escalation write-aws-auth everything certain';
    expect(await pathsOf([auth, ...writer([])])).toContain(line);
    expect(await pathsOf([auth, ...writer(['aws-auth'])])).toContain(line);
    expect(await pathsOf([auth, ...writer(['coredns'])])).not.toContain(line);
    expect(await pathsOf([auth, ...writer([], 'shop')])).not.toContain(line);
    expect(await pathsOf(writer([]))).toEqual([]);
  });

  test('a ConfigMap of that name elsewhere is none, and one that cannot be read is a problem', async () => {
    const masters = `- userarn: ${user('admin')}\n  groups: [system:masters]\n`;
    expect(await pathsOf([authOf({ mapUsers: masters }, 'default')])).toEqual([]);
    const broken = await load([authOf({ mapUsers: '- [: {' })]);
    expect(broken.problems.map(({ message }) => message).join()).toContain('mapUsers of aws-auth');
    const bomb = [
      'a: &a [x]',
      ...Array.from(
        'bcdefghij',
        (name, at) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${'abcdefghi'[at] ?? 'a'}`)
            .join()}]`,
      ),
    ].join('\n');
    expect((await load([authOf({ mapRoles: bomb })])).problems).toHaveLength(1);
  });

  test('they are in the inventory', async () => {
    const bundle = await load([auth]);
    const found = [...(bundle.identities?.() ?? [])].find(({ value }) => value.id === user('admin'));
    expect(found).toMatchObject({
      realm: 'aws',
      isDefined: false,
      value: { type: 'user', authority: '111122223333', name: 'admin' },
      reasons: ['In the cluster by aws-auth, as group system:masters, user admin.'],
    });
  });
});
