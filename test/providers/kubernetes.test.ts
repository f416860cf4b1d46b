import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { kubernetes } from '#electron/respond/providers/kubernetes/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import {
  type FakeKubernetes,
  type Stored,
  kubernetesToken,
  startKubernetes,
} from '../support/respond/servers/kubernetes.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const accountPath = '/api/v1/namespaces/shop/serviceaccounts/deploy';
const bindingPath = `${rbac}/namespaces/shop/rolebindings/edit`;
const user = 'system:serviceaccount:shop:deploy';
const deploy = { kind: 'ServiceAccount', name: 'deploy', namespace: 'shop' };
const alice = { kind: 'User', name: 'alice@example.org' };

let server: FakeKubernetes;
let provider: Provider;
beforeEach(async () => {
  server = await startKubernetes();
  server.put('/api/v1/namespaces/kube-system', {});
  server.put(accountPath, {
    metadata: { namespace: 'shop', labels: { team: 'shop' }, managedFields: [{ manager: 'kubectl' }] },
    automountServiceAccountToken: false,
  });
  server.put(`${rbac}/clusterroles/edit`, {
    rules: [{ verbs: ['update'], apiGroups: ['apps'], resources: ['deployments'] }],
  });
  server.put(bindingPath, {
    metadata: { namespace: 'shop' },
    roleRef: { kind: 'ClusterRole', name: 'edit' },
    subjects: [alice, deploy],
  });
  server.put(`${rbac}/clusterrolebindings/others`, {
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [alice, { ...deploy, namespace: 'bank' }],
  });
  provider = open(kubernetesToken);
});
afterEach(() => server.stop());

function open(token: string): Provider {
  return openProvider(kubernetes, { url: server.url }, { secrets: { token } });
}
const reference = (id: string): Reference => ({
  kind: 'identity',
  id,
  aliases: [],
  account: null,
  credentialType: null,
});
const find = async (id = user): Promise<Target> =>
  asTarget((await provider.resolve(reference(id), callContext())).targets[0]!);
const binding = async (): Promise<Target> =>
  asTarget((await provider.descendants(await find(), callContext()))[0]!);
const stored = (path: string): Stored => server.objects.get(path)!;
const mayDeploy = (): boolean =>
  server.isAllowed(user, [], { verb: 'update', resource: 'deployments', namespace: 'shop' });

describe('Kubernetes on a stand-in that follows its API', () => {
  test('finds the account by its uid, and the bindings that name it and no other', async () => {
    expect(await find()).toMatchObject({ kind: 'service-account', id: stored(accountPath).metadata.uid });
    const found = await provider.descendants(await find(), callContext());
    expect(found.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['role-binding shop/edit']);
    expect(found[0]?.id).toBe(`${stored(bindingPath).metadata.uid}/${user}`);
    const ofAlice = await provider.descendants(await find('alice@example.org'), callContext());
    expect(ofAlice.map(({ name }) => name)).toEqual(['shop/edit', 'others']);
    expect((await provider.resolve(reference('nobody'), callContext())).targets).toEqual([]);
  });

  test('takes the subject out of the binding, proves it by an access review, and puts it back', async () => {
    expect(mayDeploy()).toBe(true);
    await expectActionContract(provider, await binding(), 'binding.remove-subject', {
      secrets: [kubernetesToken],
      isCut: async () => !mayDeploy(),
    });
    expect(stored(bindingPath).subjects).toEqual([alice, deploy]);
  });

  test('an access review that another binding answers is no proof', async () => {
    server.put(`${rbac}/clusterrolebindings/all`, {
      roleRef: { kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'Group', name: 'system:serviceaccounts:shop' }],
    });
    const target = await binding();
    const action = await findAction(provider, target, 'binding.remove-subject');
    const before = await action.snapshot(target, callContext());
    await action.apply(target, before, callContext());
    expect(await action.probe?.(target, before, callContext())).toMatchObject({ state: 'still_allowed' });
    const { missing } = await provider.actions(await find(), callContext());
    expect(missing.map(({ control }) => control).join()).toContain('cluster-role-binding all');
  });

  test('a binding that changed since the snapshot is not written', async () => {
    const target = await binding();
    const action = await findAction(provider, target, 'binding.remove-subject');
    const before = await action.snapshot(target, callContext());
    server.put(bindingPath, { ...stored(bindingPath), subjects: [deploy, { kind: 'User', name: user }] });
    expect(await action.dryRun?.(target, before, callContext())).toMatchObject({
      kind: 'precondition_failed',
    });
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'precondition_failed' });
    expect(mayDeploy()).toBe(true);
    // The same name with another uid is another object.
    server.objects.delete(bindingPath);
    server.put(bindingPath, {
      metadata: { namespace: 'shop' },
      roleRef: { kind: 'ClusterRole', name: 'edit' },
      subjects: [deploy],
    });
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'target_absent' });
    expect(mayDeploy()).toBe(true);
  });

  test('two suspects in one binding are two targets, taken out at once and put back one by one', async () => {
    const ofAlice = await provider.descendants(await find('alice@example.org'), callContext());
    const targets = [await binding(), asTarget(ofAlice.find(({ name }) => name === 'shop/edit')!)];
    expect(new Set(targets.map(({ id }) => id)).size).toBe(2);
    const action = await findAction(provider, targets[0]!, 'binding.remove-subject');
    const before = await Promise.all(targets.map((target) => action.snapshot(target, callContext())));
    const came = await Promise.all(
      targets.map((target, index) => action.apply(target, before[index]!, callContext())),
    );
    expect(came.map(({ kind }) => kind)).toEqual(['applied', 'applied']);
    expect(stored(bindingPath).subjects).toEqual([]);
    for (const [index, target] of targets.entries()) {
      expect(await action.undo?.(target, before[index]!, callContext())).toMatchObject({ kind: 'applied' });
      expect((await action.snapshot(target, callContext())).state).toEqual(before[index]!.state);
    }
    expect(stored(bindingPath).subjects).toEqual([deploy, alice]);
  });

  test('an undo leaves what somebody changed, and a binding that was made again with another role', async () => {
    const target = await binding();
    const action = await findAction(provider, target, 'binding.remove-subject');
    const before = await action.snapshot(target, callContext());
    await action.apply(target, before, callContext());
    server.put(bindingPath, { ...stored(bindingPath), subjects: [{ kind: 'User', name: user }] });
    expect(await action.undo?.(target, before, callContext())).toMatchObject({ kind: 'precondition_failed' });
    server.objects.delete(bindingPath);
    server.put(bindingPath, {
      metadata: { namespace: 'shop' },
      roleRef: { kind: 'ClusterRole', name: 'admin' },
      subjects: [alice],
    });
    expect(await action.undo?.(target, before, callContext())).toMatchObject({ kind: 'target_absent' });
    expect(stored(bindingPath).subjects).toEqual([alice]);
  });

  test('deletes the service account by its uid, and makes it again under a new one', async () => {
    const target = await find();
    await expectActionContract(provider, target, 'service-account.delete', {
      secrets: [kubernetesToken],
      isCut: async () => !server.objects.has(accountPath),
    });
    const { metadata, ...rest } = stored(accountPath);
    expect(metadata.uid).not.toBe(target.id);
    expect(metadata).toMatchObject({ name: 'deploy', namespace: 'shop', labels: { team: 'shop' } });
    expect(metadata).not.toHaveProperty('managedFields');
    expect(rest).toMatchObject({ automountServiceAccountToken: false });
    // The one that was made again is another: the old action leaves it alone.
    const action = await findAction(provider, target, 'service-account.delete');
    const before = await action.snapshot(target, callContext());
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'target_absent' });
    expect(server.objects.has(accountPath)).toBe(true);
  });

  test('the uid goes along: a deletion of what was replaced meanwhile is refused', async () => {
    const target = await find();
    const action = await findAction(provider, target, 'service-account.delete');
    const before = await action.snapshot(target, callContext());
    const [call] = await action.preview(target, before, callContext());
    expect(JSON.parse(call?.body ?? '')).toMatchObject({ preconditions: { uid: target.id } });
    server.put(accountPath, { ...stored(accountPath), automountServiceAccountToken: true });
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'precondition_failed' });
    expect(server.objects.has(accountPath)).toBe(true);
  });

  test('says who writes a binding back', async () => {
    const labels = { 'kustomize.toolkit.fluxcd.io/name': 'apps' };
    server.put(bindingPath, { ...stored(bindingPath), metadata: { namespace: 'shop', labels } });
    expect(await binding()).toMatchObject({ managedBy: 'Flux' });
  });

  test('knows the cluster, the operator, and what it may not do', async () => {
    server.withheld.add('bind clusterroles');
    expect(await provider.test(callContext())).toMatchObject({
      identity: {
        tenant: stored('/api/v1/namespaces/kube-system').metadata.uid,
        operator: ['system:serviceaccount:ops:responder', 'uid-responder'],
      },
      missing: ['bind roles'],
    });
    await expect(open('wrong').whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('faults on the way become what they are: throttled, refused, perhaps done', async () => {
    const target = await binding();
    const action = await findAction(provider, target, 'binding.remove-subject');
    const before = await action.snapshot(target, callContext());
    server.fault('PUT', 'throttle');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 1_000,
    });
    server.fault('PUT', 'refused');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['update bindings', 'bind roles'],
    });
    expect(mayDeploy()).toBe(true);
    server.fault('PUT', 'error-after-effect');
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'in_effect' });
    expect(await action.undo?.(target, before, callContext())).toMatchObject({ kind: 'applied' });
    const again = await action.snapshot(target, callContext());
    server.fault('PUT', 'reset-after-effect');
    await expect(action.apply(target, again, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    expect(server.calls.filter((call) => call.startsWith('PUT'))).toHaveLength(5);
  });

  test('a sweep finds bindings that were made for the subject meanwhile', async () => {
    const since = Date.parse('2026-06-01T00:00:00Z');
    const target = await find();
    expect(await provider.sweep(since, [target], callContext())).toEqual([]);
    server.put(`${rbac}/clusterrolebindings/backdoor`, {
      metadata: { creationTimestamp: '2026-06-01T10:00:00Z' },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'User', name: user }],
    });
    const found = await provider.sweep(since, [target], callContext());
    expect(found.map(({ target: { name } }) => name)).toEqual(['backdoor']);
  });
});
