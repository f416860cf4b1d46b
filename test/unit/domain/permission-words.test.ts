import { expect, test } from 'vitest';
import { permissionWords } from '#shared/domain/permission-words.ts';

// As the rules of RBAC are explained: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
test.each([
  ['*', '*/*', '*:*/*:*', 'every verb on every resource in every API group in the whole cluster'],
  [
    '*',
    'core/*',
    'shop:core/*:*',
    'every verb on every resource of the core API group in the namespace shop',
  ],
  ['get', 'core/pods', 'shop:core/pods:*', 'get on pods in the namespace shop'],
  [
    'patch',
    'apps/deployments/scale',
    '*:apps/deployments/scale:*',
    'patch on deployments/scale of apps in the whole cluster',
  ],
  [
    'update',
    '*/*/scale',
    '*:*/*/scale:*',
    'update on scale of every resource in every API group in the whole cluster',
  ],
  [
    'bind',
    'rbac.authorization.k8s.io/clusterroles',
    '*:rbac.authorization.k8s.io/clusterroles:system:node',
    'bind on clusterroles of rbac.authorization.k8s.io named system:node in the whole cluster',
  ],
  ['get', 'nonResourceURL', 'url:/healthz', 'get on the path /healthz'],
  ['*', 'nonResourceURL', 'url:*', 'every verb on every path that is no resource'],
])('%s on %s (%s) reads as a person says it', (verb, type, pattern, words) => {
  const permission = { system: 'kubernetes-rbac', action: { pattern: verb }, resource: { type, pattern } };
  expect(permissionWords(permission)).toBe(words);
});

test('patterns of AWS stay as they are written', () => {
  const permission = {
    system: 'aws-iam',
    action: { pattern: 's3:*' },
    resource: { pattern: 'arn:aws:s3:::logs/*' },
  };
  expect(permissionWords(permission)).toBe('s3:* on arn:aws:s3:::logs/*');
});
