import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { divergenceOf } from '#shared/analysis/requests/divergence.ts';
import { mapEvent, recordedDetail, reducedRequest } from '#shared/analysis/requests/mapping.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { cerbosAudit } from '#shared/formats/cerbos-audit/index.ts';
import { cerbos } from '#shared/policy/cerbos/index.ts';
import { filesSource } from '#test/support/policy-cases.ts';

const entry = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../cases/cerbos-audit/several-decisions/record.json'), 'utf8'),
) as JsonObject;

/** An entry with one question, as Cerbos records it. */
function entryOf(input: JsonObject, effect: JsonObject): JsonObject {
  return {
    'log.logger': 'cerbos.audit',
    'log.kind': 'decision',
    callId: '01',
    timestamp: '2026-01-01T00:00:00Z',
    checkResources: { inputs: [input], outputs: [{ actions: { view: effect } }] },
  };
}

const input = {
  principal: { id: 'ann', roles: ['user'] },
  resource: { kind: 'doc', id: '1', attr: { owner: 'ann' } },
  actions: ['view'],
};

function eventOf(record: JsonObject, number = 0): { event: AccessEvent; part: JsonObject } {
  const result = cerbosAudit.createReader({ path: '', timeZone: null }).read(record, 'json');
  if (result.kind !== 'events') throw new Error(result.kind);
  const evidence = { sha256: '', path: '', offset: 0, length: 0 };
  const event = { ...result.events[number]!, id: 'e', format: 'cerbos-audit', evidence };
  return { event, part: cerbosAudit.parts!(record)(number) };
}

async function judged(record: JsonObject, condition: string) {
  const { event, part } = eventOf(record);
  const mapping = mapEvent(event, part);
  if (mapping.kind !== 'mapped') throw new Error(mapping.reason);
  const policy = `apiVersion: api.cerbos.dev/v1
resourcePolicy:
  resource: doc
  version: default
  rules:
    - actions: [view]
      effect: EFFECT_ALLOW
      roles: [user]
      condition: { match: { expr: ${JSON.stringify(condition)} } }
`;
  const bundle = await cerbos.load(filesSource({ 'doc.yaml': policy }), {});
  const { evaluation } = await bundle.evaluate(mapping.request, mapping.knowledge);
  return { evaluation, divergence: divergenceOf(event, evaluation, true) };
}

const allowed = { effect: 'EFFECT_ALLOW', policy: 'resource.doc.vdefault' };

test('the question of one event out of many, with the origin of each attribute', () => {
  const { event, part } = eventOf(entry, 4);
  expect(mapEvent(event, part)).toMatchObject({
    system: 'cerbos',
    request: {
      subject: { id: 'alice', properties: { roles: ['user'], attr: { dept: 'x' } } },
      action: { name: 'edit' },
      resource: {
        type: 'doc',
        id: '2',
        properties: { attr: { owner: 'bob' }, policyVersion: 'v9', scope: 'acme' },
      },
    },
    attributes: { 'subject.properties.attr.dept': 'log', 'context.auxData': 'absent' },
  });
  expect(recordedDetail('cerbos-audit', part)).toEqual({
    effective: [{ policy: 'resource.doc.vdefault', source: 'doc.yaml, driver disk' }],
  });
});

test('the default version is that of the policy that decided', () => {
  const { event, part } = eventOf(entryOf(input, { ...allowed, policy: 'resource.doc.v7/acme' }));
  expect(mapEvent(event, part)).toMatchObject({
    request: { resource: { properties: { policyVersion: '7', scope: 'acme' } } },
    attributes: {
      'resource.properties.policyVersion': 'derived',
      'resource.properties.scope': 'derived',
      'subject.properties.policyVersion': 'derived',
    },
  });
});

test('a policy found in a parent of the scope tells that the server searches leniently', () => {
  const scoped = { ...input, resource: { ...input.resource, scope: 'acme.hr' } };
  const { event, part } = eventOf(entryOf(scoped, { ...allowed, policy: 'resource.doc.vdefault/acme' }));
  expect(mapEvent(event, part)).toMatchObject({
    request: { resource: { properties: { scope: 'acme.hr' } }, context: { lenientScopeSearch: true } },
    attributes: { 'context.lenientScopeSearch': 'derived' },
  });
});

test('globals are in no log: what reads them cannot be told', async () => {
  const { evaluation, divergence } = await judged(entryOf(input, allowed), 'G.env == "prod"');
  expect(evaluation.decision).toBe('indeterminate');
  expect(divergence?.likelyCause).toBe('context-missing');
});

test('an attribute that a server’s file does not have was absent; elsewhere it may have been masked', async () => {
  const denied = { ...allowed, effect: 'EFFECT_DENY' };
  const whole = await judged(entryOf(input, denied), 'R.attr.public == true');
  expect(whole.evaluation.decision).toBe('deny');
  const { 'log.logger': _logger, 'log.kind': _kind, ...bare } = entryOf(input, denied);
  expect((await judged(bare, 'R.attr.public == true')).evaluation.decision).toBe('indeterminate');
});

test('claims that were not recorded are the likely cause where a condition reads them', async () => {
  const { divergence } = await judged(entryOf(input, allowed), 'request.auxData.jwt.dept == "x"');
  expect(divergence).toMatchObject({ likelyCause: 'context-missing', recomputed: 'deny' });
});

test('the time tells requests apart only where a policy reads it', () => {
  const { event, part } = eventOf(entry);
  const mapping = mapEvent(event, part);
  if (mapping.kind !== 'mapped') throw new Error(mapping.reason);
  expect(reducedRequest('cerbos-audit', mapping, []).request.context).not.toHaveProperty('now');
  expect(reducedRequest('cerbos-audit', mapping, ['now']).request.context).toHaveProperty('now');
});
