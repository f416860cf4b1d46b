import { describe, expect, test } from 'vitest';
import type { AccessPath } from '#shared/domain/access-path.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { inline } from '#test/support/policy-cases.ts';

const rbac = 'rbac.authorization.k8s.io';

interface Rule {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Given {
  readonly subject: object;
  readonly rules: readonly Rule[];
  /** Absent: in the whole cluster. */
  readonly namespace?: string;
}

const user = (name: string) => ({ kind: 'User', apiGroup: rbac, name });
const account = (namespace: string, name: string) => ({ kind: 'ServiceAccount', namespace, name });
const everything: Rule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

function manifests(given: readonly Given[]): object {
  return {
    kind: 'List',
    apiVersion: 'v1',
    items: given.flatMap(({ subject, rules, namespace }, index) => {
      const name = `grant${index}`;
      const metadata = namespace === undefined ? { name } : { name, namespace };
      const prefix = namespace === undefined ? 'Cluster' : '';
      return [
        {
          apiVersion: `${rbac}/v1`,
          kind: `${prefix}Role`,
          metadata,
          rules: rules.map((rule) => ({ apiGroups: [''], ...rule })),
        },
        {
          apiVersion: `${rbac}/v1`,
          kind: `${prefix}RoleBinding`,
          metadata,
          subjects: [subject],
          roleRef: { apiGroup: rbac, kind: `${prefix}Role`, name },
        },
      ];
    }),
  };
}

async function pathsOf(given: readonly Given[]): Promise<AccessPath[]> {
  const bundle = await kubernetesRbac.load(inline(manifests(given)), {});
  return [...(bundle.paths?.({ at: null }) ?? [])];
}

const brief = (paths: readonly AccessPath[]) =>
  paths
    .map(({ subject, technique, certainty, gives }) => `${subject.id} ${technique} ${certainty} ${gives}`)
    .toSorted();

const boss: Given = { subject: user('boss'), rules: [everything] };
const bossAlone = 'boss administrator certain everything';

async function annWith(rules: readonly Rule[], namespace?: string): Promise<string[]> {
  const given = { subject: user('ann'), rules, ...(namespace === undefined ? {} : { namespace }) };
  const paths = await pathsOf([
    boss,
    given,
    { subject: account('kube-system', 'manager'), rules: [everything] },
  ]);
  return brief(paths.filter(({ subject }) => subject.id === 'ann'));
}

describe('what Kubernetes names as ways to more rights', () => {
  test.each<[string, string, readonly Rule[], string?]>([
    ['create-pods', 'certain everything', [{ verbs: ['create'], resources: ['pods'] }], 'kube-system'],
    [
      'write-workloads',
      'certain everything',
      [{ verbs: ['patch'], apiGroups: ['apps'], resources: ['deployments'] }],
      'kube-system',
    ],
    [
      'create-service-account-tokens',
      'certain everything',
      [{ verbs: ['create'], resources: ['serviceaccounts/token'] }],
    ],
    ['impersonate-users', 'certain everything', [{ verbs: ['impersonate'], resources: ['users'] }]],
    [
      'impersonate-service-accounts',
      'certain everything',
      [{ verbs: ['impersonate'], resources: ['serviceaccounts'], resourceNames: ['manager'] }],
    ],
    [
      'escalate-clusterroles',
      'certain everything',
      [{ verbs: ['update', 'escalate'], apiGroups: [rbac], resources: ['clusterroles'] }],
    ],
    [
      'bind-cluster',
      'certain everything',
      [
        { verbs: ['create'], apiGroups: [rbac], resources: ['clusterrolebindings'] },
        { verbs: ['bind'], apiGroups: [rbac], resources: ['clusterroles'] },
      ],
    ],
    ['exec-in-pods', 'conditional more', [{ verbs: ['create'], resources: ['pods/exec'] }], 'shop'],
    [
      'ephemeral-containers',
      'conditional more',
      [{ verbs: ['patch'], resources: ['pods/ephemeralcontainers'] }],
    ],
    ['nodes-proxy', 'certain more', [{ verbs: ['get'], resources: ['nodes/proxy'] }]],
    ['read-secrets', 'certain secrets', [{ verbs: ['list'], resources: ['secrets'] }], 'shop'],
    [
      'admission-webhooks',
      'certain everything',
      [
        {
          verbs: ['create'],
          apiGroups: ['admissionregistration.k8s.io'],
          resources: ['mutatingwebhookconfigurations'],
        },
      ],
    ],
    [
      'approve-certificates',
      'certain everything',
      [
        { verbs: ['create'], apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests'] },
        {
          verbs: ['update'],
          apiGroups: ['certificates.k8s.io'],
          resources: ['certificatesigningrequests/approval'],
        },
        {
          verbs: ['approve'],
          apiGroups: ['certificates.k8s.io'],
          resources: ['signers'],
          resourceNames: ['kubernetes.io/kube-apiserver-client'],
        },
      ],
    ],
  ])('%s: %s', async (technique, expected, rules, namespace) => {
    expect(await annWith(rules, namespace)).toEqual([`ann ${technique} ${expected}`]);
  });

  test('impersonating a member of system:masters', async () => {
    const paths = await pathsOf([
      {
        subject: user('ann'),
        rules: [
          { verbs: ['impersonate'], resources: ['users'], resourceNames: ['x'] },
          { verbs: ['impersonate'], resources: ['groups'] },
        ],
      },
    ]);
    expect(brief(paths)).toEqual(['ann impersonate-groups certain everything']);
  });

  test('over a service account to another, with the chain', async () => {
    const paths = await pathsOf([
      { subject: user('ann'), namespace: 'shop', rules: [{ verbs: ['create'], resources: ['pods'] }] },
      {
        subject: account('shop', 'deployer'),
        namespace: 'ops',
        rules: [{ verbs: ['create'], resources: ['serviceaccounts/token'] }],
      },
      { subject: account('ops', 'root'), rules: [everything] },
    ]);
    const ann = paths.find(({ subject }) => subject.id === 'ann');
    expect(ann).toMatchObject({ technique: 'create-pods', gives: 'everything', certainty: 'certain' });
    expect(ann?.chain.map(({ to }) => to)).toEqual([
      'system:serviceaccount:shop:deployer',
      'system:serviceaccount:ops:root',
    ]);
    expect(ann?.steps[0]?.path.map(({ kind }) => kind)).toEqual(['bound-to', 'assigned']);
  });
});

describe('nothing false', () => {
  test.each<[string, readonly Rule[], string?]>([
    [
      'bindings without the verb bind',
      [{ verbs: ['*'], apiGroups: [rbac], resources: ['clusterrolebindings', 'rolebindings'] }],
    ],
    ['the verb bind without bindings', [{ verbs: ['bind'], apiGroups: [rbac], resources: ['clusterroles'] }]],
    [
      'the verb escalate without writing',
      [{ verbs: ['escalate', 'get'], apiGroups: [rbac], resources: ['clusterroles'] }],
    ],
    [
      'binding a role that gives nothing',
      [
        { verbs: ['create'], apiGroups: [rbac], resources: ['clusterrolebindings'] },
        { verbs: ['bind'], apiGroups: [rbac], resources: ['clusterroles'], resourceNames: ['grant1'] },
      ],
    ],
    ['creating pods of a name', [{ verbs: ['create'], resources: ['pods'], resourceNames: ['one'] }]],
    ['pods without what they run', [{ verbs: ['get', 'list', 'watch', 'delete'], resources: ['pods'] }]],
    ['the logs of pods', [{ verbs: ['get'], resources: ['pods/log'] }]],
    [
      'impersonating somebody who has nothing',
      [{ verbs: ['impersonate'], resources: ['users'], resourceNames: ['nobody'] }],
    ],
    ['another API group', [{ verbs: ['get'], apiGroups: ['other.io'], resources: ['secrets'] }]],
    [
      'tokens where no service account has anything',
      [{ verbs: ['create'], resources: ['serviceaccounts/token'] }],
      'shop',
    ],
    [
      'approving without signing',
      [
        {
          verbs: ['update'],
          apiGroups: ['certificates.k8s.io'],
          resources: ['certificatesigningrequests/approval'],
        },
      ],
    ],
  ])('%s', async (_name, rules, namespace) => {
    expect(await annWith(rules, namespace)).toEqual([]);
  });

  test('an administrator is reported once, of the cluster or of its namespace', async () => {
    const paths = await pathsOf([boss, { subject: user('local'), namespace: 'shop', rules: [everything] }]);
    expect(brief(paths)).toEqual([bossAlone, 'local administrator certain more']);
  });

  test('what every user has is said of the group, not of each', async () => {
    const paths = await pathsOf([
      {
        subject: { kind: 'Group', name: 'system:authenticated' },
        rules: [{ verbs: ['get'], resources: ['secrets'] }],
      },
      { subject: user('ann'), rules: [{ verbs: ['get'], resources: ['pods'] }] },
    ]);
    expect(brief(paths)).toEqual(['system:authenticated read-secrets certain secrets']);
  });
});
