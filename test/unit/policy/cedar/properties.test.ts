import * as engine from '@cedar-policy/cedar-wasm/nodejs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cedar } from '#shared/policy/cedar/index.ts';
import { evaluated, inline, stepsOf } from '#test/support/policy-cases.ts';

/** Random policies over a small world, judged beside Cedar itself called directly. */
const principal = fc.constantFrom(
  'principal',
  'principal == User::"a"',
  'principal in Group::"g"',
  'principal is User in Group::"h"',
);
const action = fc.constantFrom(
  'action',
  'action == Action::"view"',
  'action in [Action::"view", Action::"edit"]',
);
const resource = fc.constantFrom(
  'resource',
  'resource is Photo',
  'resource in Album::"x"',
  'resource == Photo::"p"',
);
const leaf = fc.constantFrom(
  'true',
  'context.mfa',
  'context has n && context.n > 3',
  'principal.level >= 2',
  '!(resource.open)',
  'principal in [Group::"g", User::"b"]',
  'context.n',
  'if context.mfa then false else principal.level == 1',
  '"a;} && b" like "a*b"',
  '(context.mfa || principal.level > 1)',
);
const condition = fc
  .array(fc.array(leaf, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((any) => any.map((all) => all.map((part) => `(${part})`).join(' && ')).join(' || // why " not\n '));
const clause = fc
  .tuple(fc.constantFrom('when', 'unless'), condition)
  .map(([kind, text]) => `${kind} { ${text} }`);
const policy = fc
  .tuple(
    fc.constantFrom('permit', 'permit', 'forbid'),
    principal,
    action,
    resource,
    fc.array(clause, { maxLength: 2 }),
  )
  .map(([effect, p, a, r, clauses]) => `${effect} (${p}, ${a}, ${r}) ${clauses.join(' ')};`);
const policies = fc.array(policy, { minLength: 1, maxLength: 8 });
const asked = fc.record({
  subject: fc.constantFrom('a', 'b', 'c').map((id) => ({ type: 'User', id })),
  action: fc.constantFrom('view', 'edit', 'drop').map((name) => ({ name })),
  resource: fc.constantFrom('p', 'q').map((id) => ({ type: 'Photo', id })),
  context: fc.record({ mfa: fc.boolean(), n: fc.integer({ min: 0, max: 9 }) }, { requiredKeys: [] }),
});
const group = (id: string) => ({ type: 'Group', id });
const entities = [
  { uid: { type: 'User', id: 'a' }, attrs: { level: 1 }, parents: [group('h')] },
  { uid: { type: 'User', id: 'b' }, attrs: { level: 2 }, parents: [group('g')] },
  { uid: { type: 'User', id: 'c' }, attrs: {}, parents: [] },
  { uid: group('h'), attrs: {}, parents: [group('g')] },
  { uid: { type: 'Photo', id: 'p' }, attrs: { open: true }, parents: [{ type: 'Album', id: 'x' }] },
  { uid: { type: 'Photo', id: 'q' }, attrs: { open: false }, parents: [] },
];
const load = (texts: readonly string[]) =>
  cedar.load(inline({ system: 'cedar', policies: texts.join('\n'), entities }), {});
const many = { numRuns: 60 };

test('decision, reasons and errors are those of Cedar, and every condition agrees with them', async () => {
  await fc.assert(
    fc.asyncProperty(policies, asked, async (texts, request) => {
      const answer = await evaluated(await load(texts), request);
      const direct = engine.isAuthorized({
        principal: request.subject,
        action: { type: 'Action', id: request.action.name },
        resource: request.resource,
        context: request.context,
        entities,
        policies: { staticPolicies: texts.join('\n') },
      });
      if (direct.type === 'failure') throw new Error(JSON.stringify(direct.errors));
      const { decision, diagnostics } = direct.response;
      const errors = diagnostics.errors.map(({ policyId }) => policyId);
      expect(answer.decision).toBe(decision);
      expect(answer.determining.toSorted()).toEqual(diagnostics.reason.toSorted());
      expect(answer.errors.map(({ ref }) => `${ref?.policyId}`).toSorted()).toEqual(errors.toSorted());
      for (const { id, matched, tests } of stepsOf(answer)) {
        const scoped = [tests.subject, tests.action, tests.resource].every(
          (test) => test?.result === 'match',
        );
        const held = scoped && (tests.condition?.result ?? 'true') === 'true';
        expect([id, matched]).toEqual([id, held]);
        expect([id, tests.condition?.result === 'error']).toEqual([id, errors.includes(id)]);
      }
    }),
    many,
  );
});

test('the order of policies does not change the decision', async () => {
  await fc.assert(
    fc.asyncProperty(policies, asked, async (texts, request) => {
      const forward = await evaluated(await load(texts), request);
      const backward = await evaluated(await load(texts.toReversed()), request);
      expect(backward.decision).toBe(forward.decision);
    }),
    { numRuns: 25 },
  );
});

test('one more forbid never turns a denial into an allowance', async () => {
  await fc.assert(
    fc.asyncProperty(policies, policy, asked, async (texts, more, request) => {
      const before = await evaluated(await load(texts), request);
      const after = await evaluated(await load([...texts, more.replace(/^\w+/, 'forbid')]), request);
      expect([before.decision, after.decision]).not.toEqual(['deny', 'allow']);
    }),
    { numRuns: 25 },
  );
});

test('what a request does not tell is decided only where no value could change it', async () => {
  await fc.assert(
    fc.asyncProperty(policies, asked, async (texts, request) => {
      const bundle = await load(texts);
      const { mfa: _mfa, ...less } = request.context;
      const open = await bundle.evaluate({ ...request, context: less }, { complete: false });
      if (open.evaluation.decision === 'indeterminate') return;
      for (const context of [less, { ...less, mfa: true }, { ...less, mfa: false }]) {
        const closed = await evaluated(bundle, { ...request, context });
        expect(closed.decision).toBe(open.evaluation.decision);
      }
    }),
    many,
  );
});
