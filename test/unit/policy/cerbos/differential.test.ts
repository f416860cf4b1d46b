import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cerbos } from '#shared/policy/cerbos/index.ts';
import { cerbosProgram } from '#test/support/cerbos-program.ts';
import { evaluated, filesSource } from '#test/support/policy-cases.ts';

/** Random policies of every kind: our own evaluator beside the real Cerbos program. */
const scopes = ['', 'acme', 'acme.hr'] as const;
const roles = ['employee', 'manager', 'admin', 'creator'] as const;
const globs = fc.uniqueArray(
  fc.constantFrom('*', 'view:*', 'view', 'edit', 'v*', '{edit,delete}', '*:public'),
  {
    minLength: 1,
    maxLength: 2,
  },
);
const effect = fc.constantFrom('EFFECT_ALLOW', 'EFFECT_ALLOW', 'EFFECT_DENY');
const plainExpressions = [
  'R.attr.open == true',
  'P.attr.dept == R.attr.dept',
  'R.attr.missing == 1',
  'P.attr.level > 2.0',
];
const expression = fc
  .constantFrom(...plainExpressions, 'V.isOpen', 'C.max > 3', '"owner" in runtime.effectiveDerivedRoles')
  .map((expr) => ({ expr }));
const match = fc.oneof(
  expression,
  fc
    .tuple(fc.constantFrom('all', 'any', 'none'), fc.array(expression, { minLength: 1, maxLength: 2 }))
    .map(([op, of]) => ({ [op]: { of } })),
);
const condition = fc.option(
  match.map((found) => ({ match: found })),
  { nil: undefined },
);
const names = { variables: { local: { isOpen: 'R.attr.open == true' } }, constants: { local: { max: 5 } } };
const rule = fc
  .record({
    actions: globs,
    effect,
    roles: fc.uniqueArray(fc.constantFrom(...roles, '*'), { minLength: 1, maxLength: 2 }),
    derivedRoles: fc.option(fc.constantFrom(['owner'], ['mate']), { nil: undefined }),
    condition,
  })
  .map(({ derivedRoles, ...rest }) => ({ ...rest, ...(derivedRoles === undefined ? {} : { derivedRoles }) }));
const scoped = (scope: string, consents: ReadonlySet<string>) => ({
  ...(scope === '' ? {} : { scope }),
  ...(consents.has(scope)
    ? { scopePermissions: 'SCOPE_PERMISSIONS_REQUIRE_PARENTAL_CONSENT_FOR_ALLOWS' }
    : {}),
});
const bundle = fc
  .record({
    depth: fc.integer({ min: 1, max: 3 }),
    consents: fc.subarray(['acme', 'acme.hr']).map((list) => new Set(list)),
    rules: fc.array(fc.array(rule, { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
    principal: fc.option(
      fc.record({
        resource: fc.constantFrom('doc:x', '*', 'doc*'),
        action: fc.constantFrom('view', '*', 'v*'),
        effect,
        condition,
      }),
    ),
    role: fc.option(
      fc.record({
        role: fc.constantFrom('creator', 'manager'),
        scope: fc.constantFrom(...scopes),
        resource: fc.constantFrom('doc_x', '*', 'leave'),
        allowActions: globs,
      }),
    ),
  })
  .map(({ depth, consents, rules, principal, role }) => {
    const policies: object[] = scopes.slice(0, depth).map((scope, index) => ({
      resourcePolicy: {
        resource: 'doc:x',
        version: 'default',
        ...scoped(scope, consents),
        importDerivedRoles: ['dr'],
        ...names,
        rules: rules[index],
      },
    }));
    const owner = {
      name: 'owner',
      parentRoles: ['employee', 'admin'],
      condition: { match: { expr: 'R.attr.owner == P.id' } },
    };
    policies.push({
      derivedRoles: {
        name: 'dr',
        ...names,
        definitions: [
          owner,
          { name: 'mate', parentRoles: ['*'], condition: { match: { expr: 'V.isOpen' } } },
        ],
      },
    });
    if (principal !== null)
      policies.push({
        principalPolicy: {
          principal: 'ann',
          version: 'default',
          ...names,
          rules: [
            {
              resource: principal.resource,
              actions: [
                { action: principal.action, effect: principal.effect, condition: principal.condition },
              ],
            },
          ],
        },
      });
    if (role !== null)
      policies.push({
        rolePolicy: {
          role: role.role,
          ...(role.scope === '' ? {} : { scope: role.scope }),
          parentRoles: ['employee'],
          rules: [{ resource: role.resource, allowActions: role.allowActions }],
        },
      });
    const entries = policies.map((policy, index) => [
      `p${index}.json`,
      JSON.stringify({ apiVersion: 'api.cerbos.dev/v1', ...policy }),
    ]);
    return Object.fromEntries(entries) as Record<string, string>;
  });
const request = fc.record({
  subject: fc.record({
    type: fc.constant('user'),
    id: fc.constantFrom('ann', 'bob'),
    properties: fc.record({
      roles: fc.uniqueArray(fc.constantFrom(...roles), { minLength: 1, maxLength: 2 }),
      attr: fc.record({ dept: fc.constantFrom('x', 'y'), level: fc.constantFrom(1, 3) }),
    }),
  }),
  action: fc.constantFrom('view', 'view:public', 'edit', 'delete').map((name) => ({ name })),
  resource: fc.record({
    type: fc.constantFrom('doc:x', 'doc:x', 'other'),
    id: fc.constant('1'),
    properties: fc.record({
      scope: fc.constantFrom(...scopes, 'acme.it'),
      attr: fc.record({ open: fc.boolean(), dept: fc.constant('x'), owner: fc.constantFrom('ann', 'bob') }),
    }),
  }),
});

test.skipIf(cerbosProgram === null)(
  'our own evaluator decides as the Cerbos program does',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        bundle,
        fc.array(request, { minLength: 40, maxLength: 40 }),
        async (files, requests) => {
          const own = await cerbos.load(filesSource(files), {});
          const program = await cerbos.load(filesSource(files), { cerbos: cerbosProgram! });
          expect(program.problems).toEqual([]);
          expect(own.problems).toEqual([]);
          const answers = await Promise.all(requests.map((asked) => evaluated(program, asked)));
          for (const [index, asked] of requests.entries()) {
            const mine = await evaluated(own, asked);
            expect([index, mine.decision]).toEqual([index, answers[index]?.decision]);
          }
        },
      ),
      // A run of the program takes half a second.
      { numRuns: 3, endOnFailure: true },
    );
  },
  120_000,
);
