import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { stateAt } from '#shared/analysis/history/state-at.ts';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { Json, JsonObject } from '#shared/domain/json.ts';
import type { PolicyChange } from '#shared/domain/policy-change.ts';
import type { BundleSource } from '#shared/domain/policy-system.ts';
import { readChange } from '#shared/policy/kubernetes-rbac/history/changes.ts';
import { history } from '#shared/policy/kubernetes-rbac/history/index.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';

type Level = 'Metadata' | 'Request' | 'RequestResponse';
type Cluster = Map<string, JsonObject>;

const group = 'rbac.authorization.k8s.io';
const verbs = ['get', 'list', 'delete'];
const users = ['jane', 'max'];
const resources: Record<string, string> = {
  Role: 'roles',
  ClusterRole: 'clusterroles',
  RoleBinding: 'rolebindings',
  ClusterRoleBinding: 'clusterrolebindings',
};

const operation = fc.record({
  kind: fc.constantFrom(...Object.keys(resources)),
  what: fc.constantFrom('create', 'create', 'update', 'merge', 'json', 'delete', 'sweep', 'fail', 'dry'),
  name: fc.constantFrom('a', 'b'),
  verbs: fc.subarray(verbs),
  users: fc.subarray(users),
  role: fc.constantFrom('a', 'b'),
  refKind: fc.constantFrom('Role', 'ClusterRole'),
  level: fc.constantFrom<Level>('Metadata', 'Request', 'RequestResponse'),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

function objectOf({ kind, name, verbs: given, users: named, role, refKind }: Operation): JsonObject {
  const isCluster = kind.startsWith('Cluster');
  const metadata = { name, ...(isCluster ? {} : { namespace: 'shop' }) };
  const head = { apiVersion: `${group}/v1`, kind, metadata };
  if (!kind.endsWith('Binding')) return { ...head, rules: rulesOf(given) };
  return {
    ...head,
    roleRef: { apiGroup: group, kind: isCluster ? 'ClusterRole' : refKind, name: role },
    subjects: subjectsOf(named),
  };
}

const rulesOf = (given: readonly string[]): Json => [
  { apiGroups: [''], resources: ['pods'], verbs: [...given] },
];
const subjectsOf = (named: readonly string[]): Json =>
  named.map((name) => ({ kind: 'User', apiGroup: group, name }));

/** Does it where it can be done, and says what the audit log has of it. */
function apply(cluster: Cluster, operation: Operation, level: Level): JsonObject | null {
  const { kind, what, name, verbs: given, users: named } = operation;
  const key = `${kind} ${name}`;
  const now = cluster.get(key);
  const list = kind.endsWith('Binding') ? 'subjects' : 'rules';
  const value = kind.endsWith('Binding') ? subjectsOf(named) : rulesOf(given);
  const log = (verb: string, sent: Json | null, answer: Json | null, code = 200, uri = ''): JsonObject => ({
    kind: 'Event',
    stage: 'ResponseComplete',
    level,
    verb,
    requestURI: `/apis/${group}/v1/x${uri}`,
    objectRef: {
      resource: resources[kind] ?? '',
      apiGroup: group,
      ...(verb === 'create' || verb === 'deletecollection' ? {} : { name }),
      ...(verb === 'create' ? { name } : {}),
      ...(kind.startsWith('Cluster') ? {} : { namespace: 'shop' }),
    },
    responseStatus: { code },
    ...(level === 'Metadata' || sent === null ? {} : { requestObject: sent }),
    ...(level === 'RequestResponse' && answer !== null
      ? {
          responseObject: {
            ...(answer as JsonObject),
            metadata: {
              ...((answer as JsonObject)['metadata'] as JsonObject),
              uid: 'u',
              resourceVersion: '1',
            },
          },
        }
      : {}),
  });
  switch (what) {
    case 'create': {
      if (now !== undefined) return log('create', objectOf(operation), null, 409);
      cluster.set(key, objectOf(operation));
      return log('create', objectOf(operation), objectOf(operation), 201);
    }
    case 'update': {
      if (now === undefined) return log('update', objectOf(operation), null, 404);
      const next = { ...now, [list]: value };
      cluster.set(key, next);
      return log('update', next, next);
    }
    case 'merge':
    case 'json': {
      if (now === undefined) return log('patch', {}, null, 404);
      const next = { ...now, [list]: value };
      cluster.set(key, next);
      const sent = what === 'merge' ? { [list]: value } : [{ op: 'replace', path: `/${list}`, value }];
      return log('patch', sent, next);
    }
    case 'delete':
      if (now === undefined) return null;
      cluster.delete(key);
      return log('delete', null, null);
    case 'sweep':
      for (const other of cluster.keys()) if (other.startsWith(`${kind} `)) cluster.delete(other);
      return log('deletecollection', null, null);
    case 'fail':
      return log('delete', null, null, 422);
    case 'dry':
    default:
      return log('delete', null, null, 200, '?dryRun=All');
  }
}

function changeOf(record: JsonObject, at: number): PolicyChange[] {
  const time = `2026-05-01T10:00:${String(at).padStart(2, '0')}.000000Z`;
  const verb = record['verb'] as string;
  const found = readChange({ operation: verb } as AccessEvent, record);
  return found === null ? [] : [{ event: `e${at}`, time, operation: verb, ...found }];
}

function source(cluster: Cluster, form: 'json' | 'yaml'): BundleSource {
  const items = [...cluster.values()];
  const [path, text] =
    form === 'json'
      ? ['all.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items })]
      : ['all.yaml', items.map((item) => `---\n${stringify(item)}`).join('')];
  return { kind: 'files', files: [{ path, text, bytes: new TextEncoder().encode(text) }] };
}

async function decisions(from: BundleSource): Promise<string[]> {
  const bundle = await kubernetesRbac.load(from, {});
  const found: string[] = [];
  for (const user of users) {
    for (const verb of verbs) {
      for (const namespace of ['shop', 'other']) {
        const request = {
          subject: { type: 'user', id: user, properties: { groups: ['system:authenticated'] } },
          action: { name: verb },
          resource: { type: 'pods', id: 'cart', properties: { apiGroup: '', namespace } },
        } as EvaluationRequest;
        found.push((await bundle.evaluate(request, { complete: true })).evaluation.decision);
      }
    }
  }
  return found;
}

function story(operations: readonly Operation[], isWhole: boolean) {
  const cluster: Cluster = new Map();
  const snapshots = [new Map(cluster)];
  const changes: PolicyChange[][] = [];
  for (const each of operations) {
    const logged = apply(cluster, each, isWhole && each.level === 'Metadata' ? 'Request' : each.level);
    if (logged === null) continue;
    changes.push(changeOf(logged, changes.length));
    snapshots.push(new Map(cluster));
  }
  return { snapshots, changes };
}

const elements = (from: BundleSource) => history.elementsOf(from) ?? new Map<string, Json>();

describe('a cluster follows its log', () => {
  test('from any snapshot on, to any later one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { maxLength: 16 }),
        fc.nat(16),
        fc.constantFrom<'json' | 'yaml'>('json', 'yaml'),
        async (operations, pick, form) => {
          const { snapshots, changes } = story(operations, true);
          const start = pick % snapshots.length;
          const base = source(snapshots[start] as Cluster, form);
          const earlier = changes.slice(start).flat();
          const states = stateAt(
            { base: elements(base), isBefore: true, after: null, earlier, simultaneous: [], later: [] },
            history,
          );
          expect([...states.values()].filter(({ kind }) => kind === 'unknown')).toEqual([]);
          const truth = source(snapshots.at(-1) as Cluster, form);
          expect(await decisions(history.rebuild(base, states))).toEqual(await decisions(truth));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('told from both sides, and with contents that the log does not have, it is never wrong', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { maxLength: 16 }),
        fc.nat(16),
        fc.boolean(),
        async (operations, pick, isBefore) => {
          const { snapshots, changes } = story(operations, false);
          const at = pick % snapshots.length;
          const first = source(snapshots[0] as Cluster, 'json');
          const last = source(snapshots.at(-1) as Cluster, 'json');
          const base = isBefore ? first : last;
          const states = stateAt(
            {
              base: elements(base),
              isBefore,
              after: isBefore ? elements(last) : null,
              earlier: changes.slice(0, at).flat(),
              simultaneous: [],
              later: changes.slice(at).flat(),
            },
            history,
          );
          const found = await decisions(history.rebuild(base, states));
          const truth = await decisions(source(snapshots[at] as Cluster, 'json'));
          const told = (decision: string | undefined, index: number) =>
            found[index] === 'indeterminate' ? 'indeterminate' : decision;
          expect(found).toEqual(truth.map(told));
        },
      ),
      { numRuns: 60 },
    );
  });
});
