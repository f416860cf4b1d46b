import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateAt } from '#shared/analysis/history/state-at.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { Json, JsonObject } from '#shared/domain/json.ts';
import type { PolicyChange } from '#shared/domain/policy-change.ts';
import type { BundleSource } from '#shared/domain/policy-system.ts';
import { gcpAudit } from '#shared/formats/gcp-audit/index.ts';
import { readChange } from '#shared/policy/gcp-iam/history/changes.ts';
import { history } from '#shared/policy/gcp-iam/history/index.ts';
import { gcpIam } from '#shared/policy/gcp-iam/index.ts';
import { evaluated, filesSource } from '#test/support/policy-cases.ts';

/** Who has which role: `role member`. */
type World = ReadonlySet<string>;
type Logged = 'delta' | 'request' | 'nothing';

const roles = { 'roles/reader': 'shop.items.get', 'roles/writer': 'shop.items.update' };
const members = ['user:ann@example.com', 'user:bob@example.com'];
const grants = Object.keys(roles).flatMap((role) => members.map((member) => `${role} ${member}`));
const second = (index: number): string => `2026-05-01T10:00:${String(index).padStart(2, '0')}Z`;

function bindingsOf(world: World): Json {
  return Object.keys(roles).flatMap((role) => {
    const held = members.filter((member) => world.has(`${role} ${member}`));
    return held.length === 0 ? [] : [{ role, members: held }];
  });
}

function sourceOf(world: World, permissions: Readonly<Record<string, string>> = roles): BundleSource {
  return filesSource({
    'projects/shop.json': JSON.stringify({ bindings: bindingsOf(world), etag: 'x' }),
    'organizations/1.json': JSON.stringify({ etag: 'x' }),
    'ancestors.json': JSON.stringify([
      { id: 'shop', type: 'project' },
      { id: '1', type: 'organization' },
    ]),
    'roles.json': JSON.stringify(
      Object.entries(permissions).map(([name, permission]) => ({ name, includedPermissions: [permission] })),
    ),
  });
}

/** What the log has of a call that makes one world of another. */
function entryOf(before: World, after: World, logged: Logged, time: string): JsonObject {
  const delta = (action: string, from: World, to: World): Json[] =>
    [...from]
      .filter((grant) => !to.has(grant))
      .map((grant) => {
        const [role = '', member = ''] = grant.split(' ');
        return { action, role, member };
      });
  const bindingDeltas = [...delta('REMOVE', before, after), ...delta('ADD', after, before)];
  return {
    insertId: time,
    logName: 'projects/shop/logs/cloudaudit.googleapis.com%2Factivity',
    timestamp: time,
    resource: { type: 'project', labels: { project_id: 'shop' } },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      methodName: 'SetIamPolicy',
      serviceName: 'cloudresourcemanager.googleapis.com',
      resourceName: 'projects/shop',
      authenticationInfo: { principalEmail: 'root@example.com' },
      authorizationInfo: [
        { resource: 'projects/shop', permission: 'resourcemanager.projects.setIamPolicy', granted: true },
      ],
      status: {},
      ...(logged === 'delta' ? { serviceData: { policyDelta: { bindingDeltas } } } : {}),
      ...(logged === 'request'
        ? { request: { resource: 'shop', policy: { bindings: bindingsOf(after) } } }
        : {}),
    },
  };
}

function changeOf(entry: JsonObject): PolicyChange[] {
  const read = gcpAudit.createReader({ path: '', timeZone: null }).read(entry, 'json');
  if (read.kind !== 'event') throw new Error('no event');
  const event = { ...read.event, id: 'e', format: 'gcp-audit' } as AccessEvent;
  const change = readChange(event, entry);
  if (change === null) return [];
  return [{ event: 'e', time: event.time, operation: event.operation ?? '', ...change }];
}

async function decisions(source: BundleSource): Promise<Record<string, string>> {
  const compiled = await gcpIam.load(source, {});
  const found: Record<string, string> = {};
  for (const [role, permission] of Object.entries(roles)) {
    for (const member of members) {
      const { decision } = await evaluated(compiled, {
        subject: { type: 'user', id: member.slice('user:'.length), properties: { groups: [] } },
        action: { name: permission },
        resource: { type: 'project', id: 'projects/shop' },
      });
      found[`${role} ${member}`] = decision;
    }
  }
  return found;
}

function rebuilt(
  base: BundleSource,
  isBefore: boolean,
  earlier: PolicyChange[],
  later: PolicyChange[],
): BundleSource {
  const elements = history.elementsOf(base);
  if (elements === null) throw new Error('no elements');
  const states = stateAt(
    { base: elements, isBefore, after: null, earlier, simultaneous: [], later },
    history,
  );
  return history.rebuild(base, states);
}

const world = fc.subarray(grants).map((held): World => new Set(held));

describe('allow policies follow the calls that the log tells', () => {
  test('from one bundle, forwards and backwards, no decision is wrong; with deltas every one is known', async () => {
    const steps = fc.array(
      fc.record({ world, logged: fc.constantFrom<Logged>('delta', 'request', 'nothing') }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(world, steps, fc.nat(), async (first, given, at) => {
        const worlds = [first, ...given.map((step) => step.world)];
        const changes = given.map(({ logged }, index) =>
          changeOf(entryOf(worlds[index] ?? first, worlds[index + 1] ?? first, logged, second(index))),
        );
        const moment = at % worlds.length;
        const truth = worlds[moment] ?? first;
        const forward = rebuilt(
          sourceOf(first),
          true,
          changes.slice(0, moment).flat(),
          changes.slice(moment).flat(),
        );
        const last = worlds.at(-1) ?? first;
        const backward = rebuilt(
          sourceOf(last),
          false,
          changes.slice(0, moment).flat(),
          changes.slice(moment).flat(),
        );
        const isTold = given.every(({ logged }) => logged === 'delta');
        for (const source of [forward, backward]) {
          for (const [grant, decision] of Object.entries(await decisions(source))) {
            const right = truth.has(grant) ? 'allow' : 'deny';
            expect(isTold ? [right] : [right, 'indeterminate'], grant).toContain(decision);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('the policy that was written is the policy from then on', async () => {
    const change = changeOf(entryOf(new Set(), new Set([grants[0] ?? '']), 'request', second(1)));
    const source = rebuilt(sourceOf(new Set(grants)), true, change, []);
    expect(await decisions(source)).toEqual({
      [grants[0] ?? '']: 'allow',
      ...Object.fromEntries(grants.slice(1).map((grant) => [grant, 'deny'])),
    });
  });

  test('what is not told says so, with the call', async () => {
    const change = changeOf(entryOf(new Set(), new Set(), 'nothing', second(1)));
    const compiled = await gcpIam.load(rebuilt(sourceOf(new Set(grants)), true, change, []), {});
    const evaluation = await evaluated(compiled, {
      subject: { type: 'user', id: 'ann@example.com', properties: { groups: [] } },
      action: { name: 'shop.items.get' },
      resource: { type: 'project', id: 'projects/shop' },
    });
    expect(evaluation.decision).toBe('indeterminate');
    expect(evaluation.verdict).toContain('the log does not tell by what');
  });

  test('a call that was refused changed nothing', () => {
    const entry = entryOf(new Set(), new Set(grants), 'delta', second(1));
    const payload = {
      ...(entry['protoPayload'] as JsonObject),
      status: { code: 7, message: 'PERMISSION_DENIED' },
    };
    expect(changeOf({ ...entry, protoPayload: payload })).toEqual([]);
  });

  test('a bundle that does not say whose policy it is cannot follow', () => {
    expect(
      history.elementsOf(
        filesSource({ 'policy.json': JSON.stringify({ bindings: bindingsOf(new Set(grants)) }) }),
      ),
    ).toBeNull();
  });
});

const roleCall = (method: string, payload: JsonObject, time: string): PolicyChange[] =>
  changeOf({
    timestamp: time,
    logName: 'projects/shop/logs/cloudaudit.googleapis.com%2Factivity',
    resource: { type: 'iam_role', labels: { project_id: 'shop' } },
    protoPayload: {
      methodName: `google.iam.admin.v1.${method}`,
      serviceName: 'iam.googleapis.com',
      status: {},
      ...payload,
    },
  });

const update = (permissions: Json, time: string) =>
  roleCall(
    'UpdateRole',
    { request: { name: 'roles/reader', role: { includedPermissions: permissions } } },
    time,
  );

test('roles follow the calls that write them', async () => {
  const base = sourceOf(new Set(['roles/reader user:ann@example.com']));
  const widened = rebuilt(base, true, update(['shop.items.get', 'shop.items.update'], second(1)), []);
  expect((await decisions(widened))['roles/reader user:ann@example.com']).toBe('allow');
  expect((await decisions(widened))['roles/writer user:ann@example.com']).toBe('allow');
  const deleted = rebuilt(
    base,
    true,
    roleCall('DeleteRole', { request: { name: 'roles/reader' } }, second(1)),
    [],
  );
  expect((await decisions(deleted))['roles/reader user:ann@example.com']).toBe('deny');
  const untold = rebuilt(
    base,
    true,
    roleCall('UpdateRole', { request: { name: 'roles/reader' } }, second(1)),
    [],
  );
  expect((await decisions(untold))['roles/reader user:ann@example.com']).toBe('indeterminate');
  const before = rebuilt(base, false, [], update(['shop.items.get'], second(1)));
  expect((await decisions(before))['roles/reader user:ann@example.com']).toBe('indeterminate');
});

test('deny policies follow the calls that write them', async () => {
  const name = 'policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fshop/denypolicies/no-get';
  const rules = [
    {
      denyRule: {
        deniedPrincipals: ['principalSet://goog/public:all'],
        deniedPermissions: ['shop.googleapis.com/items.get'],
      },
    },
  ];
  const change = changeOf({
    timestamp: second(1),
    logName: 'projects/shop/logs/cloudaudit.googleapis.com%2Factivity',
    resource: { type: 'project', labels: { project_id: 'shop' } },
    protoPayload: {
      methodName: 'google.iam.v2.Policies.CreatePolicy',
      serviceName: 'iam.googleapis.com',
      status: {},
      authorizationInfo: [{ permission: 'iam.denypolicies.create', granted: true }],
      request: {
        parent: 'policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fshop/denypolicies',
        policyId: 'no-get',
        policy: { rules },
      },
    },
  });
  const base = sourceOf(new Set(grants));
  expect((await decisions(rebuilt(base, true, change, [])))['roles/reader user:ann@example.com']).toBe(
    'deny',
  );
  const files = base.kind === 'files' ? base.files : [];
  const later: BundleSource = {
    kind: 'files',
    files: [
      ...files,
      ...(
        filesSource({ 'deny.json': JSON.stringify({ name, kind: 'DenyPolicy', rules }) }) as {
          files: typeof files;
        }
      ).files,
    ],
  };
  expect((await decisions(rebuilt(later, false, [], change)))['roles/reader user:ann@example.com']).toBe(
    'allow',
  );
});
