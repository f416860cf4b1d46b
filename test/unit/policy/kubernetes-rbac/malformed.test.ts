import { expect, test } from 'vitest';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { evaluated, filesSource } from '#test/support/policy-cases.ts';

const manifest = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: readers }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
subjects: [{ kind: User, name: ann }]
`;

// The API server takes none of these, so that what they were to grant is not known.
test.each([
  ['as it should be', '', '', 'allow'],
  ['verbs that are no list', 'verbs: [get]', 'verbs: get', 'indeterminate'],
  ['subjects that are no list', '[{ kind: User, name: ann }]', '{ kind: User, name: ann }', 'indeterminate'],
  ['a subject that is a text', '[{ kind: User, name: ann }]', '[ann]', 'indeterminate'],
  ['a binding of no role', /roleRef.*\n/, '', 'indeterminate'],
  ['a document that is no YAML', 'rules: [', '\trules: [', 'indeterminate'],
])('%s', async (_what, part, by, decision) => {
  const bundle = await kubernetesRbac.load(filesSource({ 'a.yaml': manifest.replace(part, by) }), {});
  const answer = await evaluated(bundle, {
    subject: { type: 'user', id: 'ann' },
    action: { name: 'get' },
    resource: { type: 'pods', id: 'p', properties: { namespace: 'shop' } },
  });
  expect(answer.decision).toBe(decision);
  expect(bundle.problems.some(({ severity }) => severity === 'error')).toBe(decision !== 'allow');
});
