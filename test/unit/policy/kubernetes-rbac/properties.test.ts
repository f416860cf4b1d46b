import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { evaluated, inline, stepsOf } from '#test/support/policy-cases.ts';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames: string[];
}
interface World {
  roles: { name: string; rules: Rule[] }[];
  bindings: { namespace: string | null; role: string; subject: { kind: string; name: string } }[];
}

const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1, maxLength: 3 });
const rule: fc.Arbitrary<Rule> = fc.record({
  apiGroups: some('', 'apps', '*'),
  resources: some('pods', 'pods/log', 'deployments', '*/log', '*', 'pods/*'),
  verbs: some('get', 'list', 'create', '*'),
  resourceNames: fc.oneof(fc.constant<string[]>([]), some('a', 'b', '')),
});
const world: fc.Arbitrary<World> = fc.record({
  roles: fc.tuple(
    ...['r', 's', 't'].map((name) =>
      fc.record({ name: fc.constant(name), rules: fc.array(rule, { maxLength: 3 }) }),
    ),
  ),
  bindings: fc.array(
    fc.record({
      namespace: fc.constantFrom(null, 'x', 'y'),
      role: fc.constantFrom('r', 's', 't', 'missing'),
      subject: fc.record({
        kind: fc.constantFrom('User', 'Group'),
        name: fc.constantFrom('jane', 'ops', 'dev'),
      }),
    }),
    { maxLength: 6 },
  ),
});
const request = fc.record({
  subject: fc.record({
    type: fc.constant('user'),
    id: fc.constantFrom('jane', 'ops', 'max'),
    properties: fc.record({ groups: fc.subarray(['ops', 'dev']) }),
  }),
  action: fc.record({ name: fc.constantFrom('get', 'list', 'create', 'delete') }),
  resource: fc.record({
    type: fc.constantFrom('pods', 'deployments', 'nodes'),
    id: fc.constantFrom('', 'a', 'c'),
    properties: fc.record({
      apiGroup: fc.constantFrom('', 'apps'),
      namespace: fc.constantFrom('', 'x', 'z'),
      subresource: fc.constantFrom('', 'log'),
    }),
  }),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

function document({ roles, bindings }: World) {
  const named = bindings.map(({ namespace, role, subject }, index) => ({
    metadata: { name: `b${index}`, ...(namespace === null ? {} : { namespace }) },
    subjects: [subject],
    roleRef: { kind: 'ClusterRole', name: role },
  }));
  return inline({
    clusterRoles: roles.map(({ name, rules }) => ({ metadata: { name }, rules })),
    clusterRoleBindings: named.filter(({ metadata }) => !('namespace' in metadata)),
    roleBindings: named.filter(({ metadata }) => 'namespace' in metadata),
  });
}

/** The words of the documentation, one after the other, without anything that makes it fast. */
function expected({ roles, bindings }: World, { subject, action, resource }: Request): boolean {
  const { apiGroup, namespace, subresource } = resource.properties;
  // A request that creates an object is authorized without its name.
  const objectName = action.name === 'create' && subresource === '' ? '' : resource.id;
  const wanted = subresource === '' ? resource.type : `${resource.type}/${subresource}`;
  return bindings.some((binding) => {
    const isIn = binding.namespace === null || (namespace !== '' && binding.namespace === namespace);
    const isSubject =
      binding.subject.kind === 'User'
        ? binding.subject.name === subject.id
        : subject.properties.groups.includes(binding.subject.name);
    const rules = roles.find(({ name }) => name === binding.role)?.rules ?? [];
    return (
      isIn &&
      isSubject &&
      rules.some(
        (each) =>
          each.verbs.some((verb) => verb === '*' || verb === action.name) &&
          each.apiGroups.some((group) => group === '*' || group === apiGroup) &&
          each.resources.some(
            (name) => name === '*' || name === wanted || (subresource !== '' && name === `*/${subresource}`),
          ) &&
          (each.resourceNames.length === 0 || each.resourceNames.includes(objectName)),
      )
    );
  });
}

test('random clusters are judged as the documentation reads', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.array(request, { minLength: 1, maxLength: 8 }), async (given, requests) => {
      const bundle = await kubernetesRbac.load(document(given), {});
      for (const each of requests) {
        const evaluation = await evaluated(bundle, each);
        expect(evaluation.decision).toBe(expected(given, each) ? 'allow' : 'deny');
        const steps = stepsOf(evaluation);
        expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
        expect(steps.filter(({ matched }) => matched === true).map(({ id }) => id)).toEqual(
          evaluation.determiningSteps,
        );
      }
    }),
    { numRuns: 400 },
  );
});

test('one more binding never takes a permission away', async () => {
  await fc.assert(
    fc.asyncProperty(world, world, request, async (given, more, asked) => {
      const before = await evaluated(await kubernetesRbac.load(document(given), {}), asked);
      const both = { roles: given.roles, bindings: [...given.bindings, ...more.bindings] };
      const after = await evaluated(await kubernetesRbac.load(document(both), {}), asked);
      const taken = before.decision === 'allow' && after.decision !== 'allow';
      expect(taken).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('who can lists exactly the subjects that are allowed', async () => {
  await fc.assert(
    fc.asyncProperty(world, request, async (given, asked) => {
      const bundle = await kubernetesRbac.load(document(given), {});
      const { namespace, apiGroup, subresource } = asked.resource.properties;
      const context = { namespace, apiGroup, subresource, name: asked.resource.id };
      const question = { action: asked.action.name, resource: asked.resource.type, context };
      const listed = [...(bundle.who?.(question) ?? [])];
      const found = new Set(listed.map(({ subject }) => `${subject.type} ${subject.id}`));
      for (const [type, id] of [
        ['User', 'jane'],
        ['User', 'ops'],
        ['Group', 'ops'],
        ['Group', 'dev'],
      ] as const) {
        const alone = { ...asked, subject: { type, id, properties: { groups: [] as string[] } } };
        const { decision } = await evaluated(bundle, alone);
        expect(found.has(`${type} ${id}`)).toBe(decision === 'allow');
      }
    }),
    { numRuns: 300 },
  );
});
