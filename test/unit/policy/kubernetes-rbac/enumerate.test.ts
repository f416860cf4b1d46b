import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CompiledBundle } from '#shared/domain/policy-system.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { projectRoot } from '#test/support/imports.ts';
import { filesSource } from '#test/support/policy-cases.ts';

function load(name: string): Promise<CompiledBundle> {
  const path = join(projectRoot, 'test/cases/policy/kubernetes-rbac', name, 'bundle.yaml');
  return kubernetesRbac.load(filesSource({ 'bundle.yaml': readFileSync(path, 'utf8') }), {});
}

async function who(name: string, action: string, resource: string, context = {}) {
  const answers = [...((await load(name)).who?.({ action, resource, context }) ?? [])];
  return answers.map(({ subject, condition }) => [subject.id, condition?.expr ?? null]);
}

test('who can: cluster-wide, in one namespace, by path, by name', async () => {
  expect(await who('scopes', 'get', 'secrets')).toEqual([
    ['dave', 'the namespace is development'],
    ['manager', null],
  ]);
  expect(await who('scopes', 'get', 'secrets', { namespace: 'default' })).toEqual([['manager', null]]);
  expect(await who('scopes', 'list', '/api/v1/namespaces/development/secrets')).toEqual([
    ['dave', null],
    ['manager', null],
  ]);
  expect(await who('scopes', 'delete', 'secrets')).toEqual([]);
  expect(await who('resource-names', 'get', 'configmaps', { namespace: 'shop' })).toEqual([
    ['shop-admins', 'the name is one of: settings, feature-*'],
  ]);
  expect(await who('resource-names', 'get', 'configmaps', { namespace: 'shop', name: 'other' })).toEqual([]);
  expect(await who('non-resource-urls', 'get', '/healthz/etcd')).toEqual([
    ['system:unauthenticated', null],
    ['probe', null],
    ['root', null],
  ]);
});

test('service accounts are named as requests name them; subjects that never match are left out', async () => {
  expect(await who('subjects', 'get', 'pods', { namespace: 'team' })).toEqual([
    ['system:serviceaccount:team:local', null],
    ['system:serviceaccount:other:foreign', null],
    ['system:serviceaccount:ci:runner', null],
    ['system:serviceaccounts:build', null],
    ['admins', null],
  ]);
});

test('permissions of one subject, each with its scope, risk and ways', async () => {
  const bundle = await load('escalation');
  const held = [...(bundle.entitlements?.('user-1') ?? [])].map(({ action, resource, risks, grants }) => [
    action.pattern,
    resource.pattern,
    risks,
    grants.length,
  ]);
  expect(held).toEqual([
    ['create', 'user-1-namespace:rbac.authorization.k8s.io/rolebindings:*', ['privilege-escalation'], 1],
    ['bind', 'user-1-namespace:rbac.authorization.k8s.io/clusterroles:admin', ['privilege-escalation'], 1],
    ['bind', 'user-1-namespace:rbac.authorization.k8s.io/clusterroles:edit', ['privilege-escalation'], 1],
    ['bind', 'user-1-namespace:rbac.authorization.k8s.io/clusterroles:view', ['privilege-escalation'], 1],
  ]);
});

test('a permission by name that can never be used is said to be so', async () => {
  const bundle = await load('resource-names');
  const found = [...(bundle.entitlements?.('shop-admins') ?? [])];
  const settings = found.filter(({ resource }) => resource.pattern.endsWith(':settings'));
  expect(settings.map(({ action, conditionality }) => [action.pattern, conditionality])).toEqual([
    ['get', 'always'],
    ['update', 'always'],
    ['create', 'never-effective'],
    ['list', 'conditional'],
  ]);
});

const locatedSubjects = async (action: string, resource: string, context: object) =>
  (await who('subject-locator', action, resource, context)).map(([name]) => name);

test('who can, as the subject locator of Kubernetes answers', async () => {
  const all = ['super-admin', 'super-admins'];
  expect(await locatedSubjects('get', 'Pods', { namespace: 'ns1' })).toEqual([...all, 'admin', 'admins']);
  expect(await locatedSubjects('*', 'Pods', { namespace: '*' })).toEqual(all);
  expect(await locatedSubjects('*', 'Pods', { namespace: '' })).toEqual(all);
  expect(await locatedSubjects('get', 'Pods', { namespace: 'ns3' })).toEqual([...all, 'getter', 'getters']);
  expect(await locatedSubjects('create', 'Pods', { namespace: 'ns3' })).toEqual(all);
  expect(await locatedSubjects('get', 'Pods', { namespace: 'ns2' })).toEqual(all);
});
