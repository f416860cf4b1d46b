import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import type { PolicySystem, PolicyText } from '#shared/domain/policy-system.ts';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import { completeRequest } from '#shared/domain/evaluation-request.ts';
import { editOf, withEdit } from '#shared/what-if/edit.ts';
import { placeOfPointer } from '#shared/what-if/json-place.ts';
import { withoutRule } from '#shared/what-if/remove-rule.ts';

const key = fc.constantFrom('a', 'b', 'x/y', 'm~n', '', '0', '"q"');
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 1.5, 'text', '}"', ''),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

function pointersOf(value: unknown, pointer = ''): [string, unknown][] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, item]) =>
          pointersOf(item, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
        )
      : [];
  return [[pointer, value], ...inner];
}

describe('the place of a JSON Pointer', () => {
  test('holds the value that it points to, however the text is laid out', () => {
    fc.assert(
      fc.property(anyValue, fc.constantFrom(0, 2), (value, indent) => {
        const text = ` ${JSON.stringify(value, null, indent)}\n`;
        for (const [pointer, wanted] of pointersOf(value)) {
          const place = placeOfPointer(text, pointer)!;
          expect(JSON.parse(text.slice(place.offset, place.offset + place.length))).toEqual(wanted);
        }
        expect(placeOfPointer(text, '/nowhere/7')).toBeNull();
      }),
    );
  });

  test('is that of the last of two members with one name, as for JSON.parse', () => {
    const text = '{"a":{"b":1},"a":{"b":2}}';
    expect(placeOfPointer(text, '/a/b')).toEqual({ offset: text.lastIndexOf('2'), length: 1 });
    expect(placeOfPointer('{"a":[1', '/a/0')).toEqual({ offset: 6, length: 1 });
    expect(placeOfPointer('{"a":', '/a/b')).toBeNull();
  });
});

const account = '021345678901';
const bucket = 'arn:aws:s3:::invoices/1.pdf';
const allow = { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const deny = { Sid: 'Never', Effect: 'Deny', Action: 's3:*', Resource: '*' };

function details(document: unknown): string {
  const role = {
    Path: '/',
    RoleName: 'deploy',
    RoleId: 'AROAEXAMPLE',
    Arn: `arn:aws:iam::${account}:role/deploy`,
    CreateDate: '2026-01-01T00:00:00Z',
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    InstanceProfileList: [],
    RolePolicyList: [{ PolicyName: 'release', PolicyDocument: document }],
    AttachedManagedPolicies: [],
    Tags: [],
  };
  return `${JSON.stringify({ UserDetailList: [], GroupDetailList: [], RoleDetailList: [role], Policies: [] }, null, 4)}\n`;
}

const asked: EvaluationRequest = {
  subject: { type: 'role', id: `arn:aws:iam::${account}:role/deploy` },
  action: { name: 's3:GetObject' },
  resource: { type: 'object', id: bucket, properties: { account } },
};

async function load(system: PolicySystem, path: string, text: string) {
  const bytes = new TextEncoder().encode(text);
  return system.load({ kind: 'files', files: [{ path, text, bytes }] }, {});
}

function role(rules: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: pods }
rules:${rules}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: dev }
subjects: [{ kind: User, name: jane }]
roleRef: { kind: ClusterRole, name: pods }
`;
}

describe('a statement that is taken out', () => {
  const policy = { Version: '2012-10-17', Statement: [allow, deny] };
  test.each([
    ['an object', policy],
    ['text', JSON.stringify(policy)],
    ['URL-encoded text', encodeURIComponent(JSON.stringify(policy))],
  ])('no longer decides, where the document is %s', async (_form, document) => {
    const path = 'authorization-details.json';
    const file = details(document);
    const before = await load(awsIam, path, file);
    const { evaluation } = await before.evaluate(asked, completeRequest);
    expect(evaluation.decision).toBe('deny');
    const step = evaluation.layers
      .flatMap(({ steps }) => steps)
      .find(({ id }) => evaluation.determiningSteps.includes(id))!;
    const text = before.texts.find(({ policyId }) => policyId === step.ref.policyId)!;
    const now = withoutRule(text, step.ref)!;
    expect(JSON.parse(now)).toEqual({ Version: '2012-10-17', Statement: [allow] });
    const edited = withEdit(file, editOf(text, now));
    if (!edited.ok) throw new Error(edited.error.message);
    const after = await load(awsIam, path, edited.value);
    expect((await after.evaluate(asked, completeRequest)).evaluation.decision).toBe('allow');
    // All around it the file is as it was, letter by letter.
    const changed = file.indexOf('"PolicyDocument"');
    expect(edited.value.slice(0, changed)).toBe(file.slice(0, changed));
    expect(edited.value.endsWith(file.slice(file.indexOf('"AttachedManagedPolicies"')))).toBe(true);
    const held = JSON.parse(edited.value).RoleDetailList[0].RolePolicyList[0].PolicyDocument;
    expect(typeof held).toBe(typeof document);
  });

  test('leaves an empty list where it was the only one', () => {
    const text: PolicyText = {
      policyId: 'p',
      title: 'p',
      path: 'f.json',
      language: 'json',
      pointer: '/x',
      text: JSON.stringify({ Statement: allow }, null, 2),
    };
    const ref = { path: 'f.json', locator: '/x/Statement', policyId: 'p', index: 0 };
    expect(JSON.parse(withoutRule(text, ref)!)).toEqual({ Statement: [] });
    // The same, of a document that its file holds as a string.
    expect(JSON.parse(withoutRule(text, { ...ref, locator: '/x' })!)).toEqual({ Statement: [] });
  });

  test.each([
    [
      'in rows of its own',
      '\n  - apiGroups: [""]\n    resources: [pods]\n    verbs: [get]\n  - apiGroups: [""]\n    resources: [nodes]\n    verbs: [get]',
    ],
    [
      'between others',
      ' [{ apiGroups: [""], resources: [nodes], verbs: [get] }, { apiGroups: [""], resources: [pods], verbs: [get] }]',
    ],
    ['alone in a row', '\n  - { apiGroups: [""], resources: [pods], verbs: [get] }'],
  ])('takes its RBAC rule with it, %s', async (_how, rules) => {
    const request: EvaluationRequest = {
      subject: { type: 'user', id: 'jane' },
      action: { name: 'get' },
      resource: { type: 'pods', id: '' },
    };
    const before = await load(kubernetesRbac, 'rbac.yaml', role(rules));
    const { evaluation } = await before.evaluate(request, completeRequest);
    expect(evaluation.decision).toBe('allow');
    const step = evaluation.layers
      .flatMap(({ steps }) => steps)
      .find(({ id }) => evaluation.determiningSteps.includes(id))!;
    const now = withoutRule(before.texts[0]!, step.ref)!;
    const after = await load(kubernetesRbac, 'rbac.yaml', now);
    expect(after.problems).toEqual([]);
    expect((await after.evaluate(request, completeRequest)).evaluation.decision).toBe('deny');
    const nodes = { ...request, resource: { type: 'nodes', id: '' } };
    const decision = rules.includes('nodes') ? 'allow' : 'deny';
    expect((await after.evaluate(nodes, completeRequest)).evaluation.decision).toBe(decision);
  });
});

test('an edit that no longer fits is refused, and so is a policy that is no JSON', () => {
  const edit = { path: 'f', pointer: null, was: 'permit', text: '' };
  expect(withEdit('forbid', edit)).toMatchObject({ ok: false, error: { kind: 'invalid-input' } });
  expect(withEdit('{"a":{}}', { path: 'f', pointer: '/a', was: null, text: '{' })).toMatchObject({
    ok: false,
    error: { kind: 'invalid-input' },
  });
  expect(withEdit('{"a":{}}', { path: 'f', pointer: '/b', was: null, text: '{}' })).toMatchObject({
    ok: false,
  });
});
