import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ask, load } from './support.ts';

const actions = ['s3:GetObject', 's3:PutObject', 'sqs:SendMessage'];
const resources = ['arn:aws:s3:::amzn-s3-demo-bucket/a', 'arn:aws:s3:::amzn-s3-demo-bucket/b'];
const keys = ['test:one', 'test:two', 'aws:PrincipalTag/team'];
const values = ['x', 'y', 'xy'];

const operator = fc.constantFrom(
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringEqualsIfExists',
  'StringNotLikeIfExists',
  'ForAllValues:StringEquals',
  'ForAnyValue:StringNotEquals',
);
const condition = fc.dictionary(
  operator,
  fc.dictionary(
    fc.constantFrom(...keys),
    fc.oneof(fc.constantFrom(...values, 'x*', '${aws:PrincipalTag/team}'), fc.subarray(values)),
    { minKeys: 1, maxKeys: 2 },
  ),
  { maxKeys: 2 },
);
const nullCondition = fc.record({
  Null: fc.dictionary(fc.constantFrom(...keys), fc.constantFrom('true', 'false'), { minKeys: 1, maxKeys: 1 }),
});
const someActions = fc.oneof(
  fc.subarray([...actions, 's3:*', 's3:Get*'], { minLength: 1 }),
  fc.constant('*'),
);
const someResources = fc.oneof(
  fc.constant('*'),
  fc.subarray(
    [...resources, 'arn:aws:s3:::amzn-s3-demo-bucket/${aws:PrincipalTag/team}', 'arn:aws:s3:::*/a'],
    {
      minLength: 1,
    },
  ),
);

function statement(principal: boolean) {
  return fc
    .record({
      Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      action: fc.tuple(fc.constantFrom('Action', 'Action', 'NotAction'), someActions),
      resource: fc.tuple(fc.constantFrom('Resource', 'Resource', 'NotResource'), someResources),
      principal: fc.constantFrom<unknown>(
        '*',
        { AWS: '111122223333' },
        { AWS: 'arn:aws:iam::111122223333:user/alice' },
        { AWS: 'arn:aws:iam::111122223333:user/bob' },
      ),
      Condition: fc.option(fc.oneof(condition, nullCondition), { nil: undefined }),
    })
    .map(({ Effect, action, resource, principal: named, Condition }) => ({
      Effect,
      [action[0]]: action[1],
      [resource[0]]: resource[1],
      ...(principal ? { Principal: named } : {}),
      ...(Condition === undefined ? {} : { Condition }),
    }));
}

function document(principal = false) {
  return fc
    .array(statement(principal), { minLength: 1, maxLength: 3 })
    .map((Statement) => ({ Version: '2012-10-17', Statement }));
}
const list = (name: string, principal = false) =>
  fc
    .array(document(principal), { minLength: 1, maxLength: 2 })
    .map((found) => found.map((policy, place) => ({ name: `${name}${place}`, policy })));
const levels = (name: string, principal = false) =>
  fc
    .array(list(name, principal), { minLength: 1, maxLength: 2 })
    .map((found) => found.map((policies, place) => ({ level: `level ${place}`, policies })));
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

const limits = [
  'permissionBoundaries',
  'sessionPolicy',
  'serviceControlPolicies',
  'resourceControlPolicies',
  'endpointPolicies',
] as const;
const policySet = fc.record({
  identityPolicies: list('identity'),
  permissionBoundaries: maybe(list('boundary')),
  sessionPolicy: maybe(document()),
  resourcePolicy: maybe(document(true)),
  serviceControlPolicies: maybe(levels('scp')),
  resourceControlPolicies: maybe(levels('rcp', true)),
  endpointPolicies: maybe(list('endpoint', true)),
});
const request = fc.record({ action: fc.constantFrom(...actions), resource: fc.constantFrom(...resources) });
const context = fc.dictionary(
  fc.constantFrom(...keys),
  fc.oneof(fc.constantFrom(...values), fc.subarray(values)),
);
const runs = { numRuns: 400 };

describe('whatever the policies', () => {
  test('another Deny never turns a deny into an allow', async () => {
    await expect(
      fc.assert(
        fc.asyncProperty(policySet, request, context, statement(false), async (set, asked, given, more) => {
          const before = await ask(await load(set), { ...asked, context: given });
          const added = {
            name: 'more',
            policy: { Version: '2012-10-17', Statement: [{ ...more, Effect: 'Deny' }] },
          };
          const after = await ask(
            await load({ ...set, identityPolicies: [...set.identityPolicies, added] }),
            {
              ...asked,
              context: given,
            },
          );
          return before.decision !== 'deny' || after.decision === 'deny';
        }),
        runs,
      ),
    ).resolves.toBeUndefined();
  });

  test('without a limit nothing that was allowed is denied', async () => {
    await expect(
      fc.assert(
        fc.asyncProperty(
          policySet,
          request,
          context,
          fc.constantFrom(...limits),
          async (set, asked, given, limit) => {
            const before = await ask(await load(set), { ...asked, context: given });
            const after = await ask(await load({ ...set, [limit]: undefined }), { ...asked, context: given });
            return before.decision !== 'allow' || after.decision === 'allow';
          },
        ),
        runs,
      ),
    ).resolves.toBeUndefined();
  });

  test('the order of statements and policies does not count', async () => {
    await expect(
      fc.assert(
        fc.asyncProperty(policySet, request, context, async (set, asked, given) => {
          const turned = {
            ...set,
            identityPolicies: set.identityPolicies.toReversed().map(({ name, policy }) => ({
              name,
              policy: { Statement: policy.Statement.toReversed(), Version: policy.Version },
            })),
          };
          const [first, second] = [await load(set), await load(turned)];
          const [before, after] = [
            await ask(first, { ...asked, context: given }),
            await ask(second, { ...asked, context: given }),
          ];
          expect([after.decision, after.kind, after.blockedBy]).toEqual([
            before.decision,
            before.kind,
            before.blockedBy,
          ]);
          expect(after.determining.toSorted()).toEqual(before.determining.toSorted());
        }),
        runs,
      ),
    ).resolves.toBeUndefined();
  });

  test('what is decided without knowing some keys is so whatever they were', async () => {
    let decided = 0;
    await expect(
      fc.assert(
        fc.asyncProperty(
          policySet,
          request,
          context,
          fc.subarray(keys),
          async (set, asked, whole, hidden) => {
            const bundle = await load(set);
            const given = Object.fromEntries(Object.entries(whole).filter(([key]) => !hidden.includes(key)));
            const absent = keys.filter((key) => !hidden.includes(key) && !(key in given));
            const partial = await ask(bundle, {
              ...asked,
              context: given,
              knowledge: { complete: false, absent },
            });
            const full = await ask(bundle, { ...asked, context: whole });
            if (partial.decision === 'indeterminate') {
              return partial.unknowns.length > 0 && partial.wouldAllowIf !== undefined;
            }
            decided++;
            return partial.decision === full.decision;
          },
        ),
        { numRuns: 800 },
      ),
    ).resolves.toBeUndefined();
    expect(decided).toBeGreaterThan(100);
  });

  test('the same question has the same answer, byte for byte', async () => {
    await expect(
      fc.assert(
        fc.asyncProperty(policySet, request, context, async (set, asked, given) => {
          const [first, second] = [await load(set), await load(JSON.parse(JSON.stringify(set)))];
          const answer = JSON.stringify(await ask(first, { ...asked, context: given }));
          await ask(first, { ...asked, context: {} });
          expect(JSON.stringify(await ask(first, { ...asked, context: given }))).toBe(answer);
          expect(JSON.stringify(await ask(second, { ...asked, context: given }))).toBe(answer);
        }),
        { numRuns: 100 },
      ),
    ).resolves.toBeUndefined();
  });

  test('a deny names its layers and an allow names none', async () => {
    await expect(
      fc.assert(
        fc.asyncProperty(policySet, request, context, async (set, asked, given) => {
          const { decision, blockedBy, layers, determiningSteps } = await ask(await load(set), {
            ...asked,
            context: given,
          });
          expect(blockedBy.length > 0).toBe(decision === 'deny');
          const ids = layers.flatMap(({ steps }) => steps.map(({ id }) => id));
          expect(new Set(ids).size).toBe(ids.length);
          for (const id of determiningSteps) expect(ids).toContain(id);
          for (const name of blockedBy) expect(layers.map((layer) => layer.name)).toContain(name);
        }),
        runs,
      ),
    ).resolves.toBeUndefined();
  });
});
