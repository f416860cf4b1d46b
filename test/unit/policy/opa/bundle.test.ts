import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { PolicyFile } from '#shared/domain/policy-system.ts';
import { checkSignatures } from '#shared/policy/opa/bundle/signatures.ts';
import { opa } from '#shared/policy/opa/index.ts';
import { ask, filesOf } from './support.ts';

const policy = 'package authz\n\nallow if data.roles[input.user] == "admin"\n';

describe('bundles of OPA', () => {
  test('data lies at the path of its folder', async () => {
    const files = filesOf({
      'p.rego': policy,
      'roles/data.json': '{"alice": "admin"}',
      'roles/more/data.yaml': 'x: yes',
    });
    expect((await ask(files, 'authz/allow', { user: 'alice' })).evaluation.decision).toBe('allow');
    expect((await ask(files, 'data.roles')).evaluation.result).toEqual({ alice: 'admin', more: { x: true } });
  });

  test.for([
    [
      'a package outside of the roots',
      { '.manifest': '{"roots": ["roles"]}' },
      'manifest roots do not permit package authz',
    ],
    [
      'data outside of the roots',
      { '.manifest': '{"roots": ["authz"]}' },
      'manifest roots do not permit data at roles',
    ],
    [
      'a manifest that is not at the root',
      { 'a/.manifest': '{}' },
      'a manifest must lie at the root of its bundle',
    ],
    ['a delta bundle', { 'patch.json': '{"data": []}' }, 'a delta bundle holds changes only'],
    ['data given twice', { 'data.json': '{"roles": {"alice": "user"}}' }, 'data at alice is given twice'],
    ['a file that is no Rego', { 'q.rego': 'package q\nallow {' }, 'rego_parse_error'],
    [
      'an unknown function',
      { 'q.rego': 'package q\nx := nothing.of.that(1)\n' },
      'rego_type_error: undefined function nothing.of.that',
    ],
    ['a type error', { 'q.rego': 'package q\nx := 1 + "a"\n' }, 'rego_type_error: plus: invalid argument(s)'],
  ] as const)('%s: OPA would not load it, so nothing is decided', async ([, more, message]) => {
    const files = filesOf({ 'p.rego': policy, 'roles/data.json': '{"alice": "admin"}', ...more });
    const { evaluation, engine } = await ask(files, 'authz/allow', { user: 'alice' });
    expect(evaluation.decision).toBe('indeterminate');
    expect(evaluation.errors.map((error) => error.message).join()).toContain(message);
    expect(engine?.rung).toMatch(/^5/);
  });

  test('the manifest names revision and version of Rego', async () => {
    const v0 = 'package a\nallow { input.x == 1 }\n';
    const files = filesOf({ '.manifest': '{"revision": "r7", "rego_version": 0}', 'a.rego': v0 });
    const bundle = await opa.load({ kind: 'files', files }, {});
    expect(bundle).toMatchObject({ revision: 'r7', policies: 1, problems: [] });
    expect((await ask(files, 'a/allow', { x: 1 })).evaluation.decision).toBe('allow');
    const strict = filesOf({ '.manifest': '{"rego_version": 1}', 'a.rego': v0 });
    expect((await ask(strict, 'a/allow', { x: 1 })).evaluation.decision).toBe('indeterminate');
    const mixed = { 'b.rego': 'package b\nallow if input.x == 1\n', 'a.rego': v0 };
    const manifest = '{"rego_version": 1, "file_rego_versions": {"/a.rego": 0}}';
    expect(
      (await ask(filesOf({ ...mixed, '.manifest': manifest }), 'a/allow', { x: 1 })).evaluation.decision,
    ).toBe('allow');
  });

  test('one file of version 0 makes the undeclared others version 0', async () => {
    const files = {
      'a.rego': 'package a\nallow { data.b.some_hold }\n',
      'b.rego': 'package b\nsome_hold = any([false, true])\n',
    };
    expect((await ask(filesOf(files), 'a/allow', {})).evaluation.decision).toBe('allow');
    const alone = await ask(filesOf({ 'b.rego': files['b.rego'] }), 'b/some_hold', {});
    expect(alone.evaluation.errors[0]?.message).toContain('deprecated built-in function');
  });

  test.each([
    ['by their paths', { 'p.rego': policy }],
    ['as a list, as in the conformance cases of OPA', [policy]],
  ])('a document in place is a bundle, its modules %s', async (_form, modules) => {
    const document = { system: 'opa', modules, data: { roles: { alice: 'admin' } } };
    expect(opa.detect({ kind: 'inline', document })).toBe(1);
    expect(opa.detect({ kind: 'inline', document: { modules } })).toBe(0.9);
    const bundle = await opa.load({ kind: 'inline', document }, {});
    const request = {
      subject: { type: 'user', id: 'alice' },
      action: { name: 'authz/allow' },
      resource: { type: 'r', id: '1' },
      context: { user: 'alice' },
    };
    expect((await bundle.evaluate(request, { complete: true })).evaluation.decision).toBe('allow');
    expect([...bundle.contextKeys]).toEqual(['user']);
  });
});

describe('how documents are read as decisions', () => {
  const rego = `package p

allowed if input.x == 1

default closed := false

closed if input.x == 1

deny contains "no" if input.x != 1

object := {"allow": input.x == 1, "reasons": []}

text := "true"

list := [1]
`;
  test.for([
    ['p/allowed', 1, 'allow', 'explicit'],
    ['p/allowed', 2, 'deny', 'implicit'],
    ['p/closed', 2, 'deny', 'implicit'],
    ['p/deny', 1, 'allow', 'implicit'],
    ['p/deny', 2, 'deny', 'explicit'],
    ['p/object', 1, 'allow', 'explicit'],
    ['p/object', 2, 'deny', 'explicit'],
    ['p/text', 1, 'allow', 'explicit'],
    ['p/list', 1, 'indeterminate', 'implicit'],
    ['p/nothing', 1, 'indeterminate', 'implicit'],
  ] as const)('%s with x = %s', async ([name, x, decision, kind]) => {
    const { evaluation } = await ask(filesOf({ 'p.rego': rego }), name, { x });
    expect(evaluation).toMatchObject({ decision, kind });
  });

  test('an input that is not complete leaves it open', async () => {
    const files = filesOf({ 'p.rego': rego });
    expect((await ask(files, 'p/closed', {}, false)).evaluation).toMatchObject({
      decision: 'indeterminate',
      unknowns: ['input.x'],
    });
    expect((await ask(files, 'p/closed', { x: 1 }, false)).evaluation.decision).toBe('allow');
  });
});

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** As `opa sign` makes it: JSON files are hashed by their structure. */
function signedBundle(algorithm: string, signer: (text: string) => string): PolicyFile[] {
  const texts = { 'p.rego': policy, 'data.json': '{ "b": [1.0, "é"],\n "a": {} }' };
  const listed = [
    { name: 'p.rego', hash: hash(policy), algorithm: 'SHA-256' },
    { name: 'data.json', hash: hash('{"a":{},"b":[1.0,"é"]}'), algorithm: 'SHA-256' },
  ];
  const signed = `${encode({ alg: algorithm })}.${encode({ files: listed })}`;
  const signatures = JSON.stringify({ signatures: [`${signed}.${signer(signed)}`] });
  return filesOf({ ...texts, '.signatures.json': signatures });
}

function symmetric(): PolicyFile[] {
  return signedBundle('HS256', (text) => createHmac('sha256', 'secret').update(text).digest('base64url'));
}

function severities(files: readonly PolicyFile[], key: string | null): string[] {
  return checkSignatures(files, key).map(({ severity, path }) => `${severity} ${path}`);
}

describe('signed bundles', () => {
  test('files and signature that fit', () => {
    expect(severities(symmetric(), 'secret')).toEqual([]);
    expect(severities(symmetric(), null)).toEqual(['warning .signatures.json']);
  });

  test.for(['rsa', 'ec'] as const)('a signature of a key of type %s', (type) => {
    const pair =
      type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const files = signedBundle(type === 'rsa' ? 'RS256' : 'ES256', (text) =>
      sign('sha256', Buffer.from(text), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      ),
    );
    const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    expect(severities(files, pem)).toEqual([]);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    expect(severities(files, other.export({ format: 'pem', type: 'spki' }).toString())).toEqual([
      'error .signatures.json',
    ]);
  });

  test('what was changed, added or taken away is named', () => {
    const [rego, data, signatures] = symmetric() as [PolicyFile, PolicyFile, PolicyFile];
    const [changed] = filesOf({ 'p.rego': `${policy}# more\n` }) as [PolicyFile];
    const [added] = filesOf({ 'q.rego': 'package q\n' }) as [PolicyFile];
    expect(severities([changed, data, signatures], 'secret')).toEqual(['error p.rego']);
    expect(severities([rego, data, added, signatures], 'secret')).toEqual(['error q.rego']);
    expect(severities([rego, signatures], 'secret')).toEqual(['error data.json']);
  });
});
