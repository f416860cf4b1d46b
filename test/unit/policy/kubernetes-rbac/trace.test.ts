import { expect, test } from 'vitest';
import type { CompiledBundle } from '#shared/domain/policy-system.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { evaluated, filesSource, stepsOf } from '#test/support/policy-cases.ts';

const manifests = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: operator }
aggregationRule:
  clusterRoleSelectors: [{ matchLabels: { to: operator } }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: part, labels: { to: operator } }
rules:
  - { apiGroups: [""], resources: [pods], verbs: [get] }
  - { apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [one] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: operators }
subjects: [{ kind: Group, name: ops }]
roleRef: { kind: ClusterRole, name: operator }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: broken, namespace: shop }
subjects: [{ kind: User, name: jane }, { kind: Human, name: jane }]
roleRef: { kind: Role, name: gone }
---
kind: Role
  broken: [yaml
`;

function loaded(): Promise<CompiledBundle> {
  return kubernetesRbac.load(filesSource({ 'rbac.yaml': manifests }), {});
}

function ask(verb: string, type: string, id: string) {
  return {
    subject: { type: 'user', id: 'jane', properties: { groups: ['ops'] } },
    action: { name: verb },
    resource: { type, id, properties: { namespace: 'shop' } },
  };
}

test('the path leads from the subject over group, binding and role to the rule, with positions', async () => {
  const evaluation = await evaluated(await loaded(), ask('get', 'pods', 'cart'));
  const [id] = evaluation.determiningSteps;
  const step = stepsOf(evaluation).find((each) => each.id === id);
  expect(step?.via?.map(({ from, to, kind }) => [from, kind, to])).toEqual([
    ['jane', 'member-of', 'Group ops'],
    ['Group ops', 'bound-to', 'ClusterRoleBinding operators'],
    ['ClusterRoleBinding operators', 'assigned', 'ClusterRole operator'],
    ['ClusterRole operator', 'aggregates', 'ClusterRole part'],
  ]);
  expect(step?.ref).toEqual({
    path: 'rbac.yaml',
    locator: '11:5-11:57',
    policyId: 'ClusterRole part',
    index: 0,
  });
  expect(evaluation.verdict).toBe(
    'Allowed by ClusterRoleBinding operators of ClusterRole operator to Group ops.',
  );
});

test('a denial tells the near misses, who could, and what is missing', async () => {
  const compiled = await loaded();
  const named = await evaluated(compiled, ask('get', 'secrets', 'two'));
  // One of the documents is broken: it could grant it.
  expect(named.decision).toBe('indeterminate');
  expect(named.completeness).toBe('partial');
  expect(named.unknowns).toEqual(['Role shop/gone', expect.stringMatching(/ 26:/)]);
  expect(named.errors.map(({ message }) => message)).toEqual([
    'RoleBinding shop/broken binds Role shop/gone, which is not in the bundle.',
    expect.stringContaining('The YAML document is broken'),
  ]);
  const near = stepsOf(named).find(({ tests }) => tests.resource?.result === 'no-match');
  expect(near?.note).toBe('The rule is limited to other names.');

  const other = await evaluated(compiled, {
    ...ask('get', 'pods', 'cart'),
    subject: { type: 'user', id: 'max' },
  });
  expect(other.wouldAllowIf?.children?.map(({ expr }) => expr)).toEqual(['the subject is one of: Group ops']);
});

test('what is wrong in manifests is said with its position, and the rest is used', async () => {
  const { problems, policies } = await loaded();
  expect(policies).toBe(4);
  expect(problems.map(({ severity, locator }) => [severity, locator.replace(/-.*/, '')])).toEqual([
    ['error', expect.stringMatching(/^26:/)],
    ['warning', '23:40'],
    ['error', '20:1'],
  ]);
});

test('the same question has the same trace, whatever was asked before', async () => {
  const [first, second] = [await loaded(), await loaded()];
  await evaluated(second, ask('delete', 'pods', 'x'));
  await evaluated(second, ask('get', 'secrets', 'one'));
  for (const request of [ask('get', 'pods', 'cart'), ask('get', 'secrets', 'two')]) {
    expect(JSON.stringify(await evaluated(first, request))).toBe(
      JSON.stringify(await evaluated(second, request)),
    );
  }
});

test.each([
  [{ ...ask('', 'pods', 'x') }, 'The action has no name'],
  [{ ...ask('get', '', 'x') }, 'The resource has no type'],
  [{ ...ask('get', 'nonResourceURL', '') }, 'The path of the request is missing'],
  [
    { ...ask('get', 'pods', 'x'), subject: { type: 'user', id: 'x', properties: { groups: 'ops' } } },
    'is a list of texts',
  ],
])('a request that it cannot understand is undecided', async (request, message) => {
  const { decision, errors } = await evaluated(await loaded(), request);
  expect(decision).toBe('indeterminate');
  expect(errors[0]?.message).toContain(message);
});
