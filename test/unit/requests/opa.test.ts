import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapEvent, parseRecord, recordedDetail, reducedRequest } from '#shared/analysis/requests/mapping.ts';
import { secretsIn, withoutSecrets } from '#shared/analysis/requests/secrets.ts';
import type { Json, JsonObject } from '#shared/domain/json.ts';
import { opaDecisionLog } from '#shared/formats/opa-decision-log/index.ts';
import { opa } from '#shared/policy/opa/index.ts';

const format = 'opa-decision-log';

function mapped(text: string) {
  const record = parseRecord(format, text);
  const read = opaDecisionLog.createReader({ path: '', timeZone: null }).read(record, 'json');
  if (read.kind !== 'event') throw new Error(JSON.stringify(read));
  const evidence = { sha256: '', path: '', offset: 0, length: 0 };
  return mapEvent({ ...read.event, id: 'e', format, evidence }, record);
}

function decision(more: object): string {
  return JSON.stringify({
    decision_id: 'd',
    labels: {},
    path: '/shop/authz/allow',
    input: { user: 'ann', action: 'read' },
    result: true,
    timestamp: '2026-01-01T00:00:00.123456789Z',
    ...more,
  });
}

function recordOf(input: object): JsonObject {
  return JSON.parse(decision({ input })) as JsonObject;
}

function envoyRequest(method: string, id: string): object {
  return { attributes: { request: { http: { method, headers: { 'x-request-id': id } } } } };
}

async function answered(text: string, rego: string) {
  const mapping = mapped(text);
  if (mapping.kind !== 'mapped') throw new Error(mapping.reason);
  const document = { system: 'opa', modules: { 'p.rego': rego } };
  const bundle = await opa.load({ kind: 'inline', document }, {});
  return (await bundle.evaluate(mapping.request, mapping.knowledge)).evaluation;
}

const policy = (body: string): string =>
  `package shop.authz\nimport rego.v1\ndefault allow := false\n${body}`;

describe('a decision of OPA', () => {
  test('is the question for its document, with the input and the time as they were recorded', () => {
    expect(mapped(decision({}))).toEqual({
      kind: 'mapped',
      system: 'opa',
      request: {
        subject: { type: 'user', id: 'ann' },
        action: { name: 'shop/authz/allow', properties: { time: '2026-01-01T00:00:00.123456789Z' } },
        resource: { type: '', id: '' },
        context: { user: 'ann', action: 'read' },
      },
      knowledge: { complete: true },
      attributes: {
        'subject.id': 'derived',
        'resource.id': 'derived',
        'action.name': 'log',
        'action.properties.time': 'log',
        'context.user': 'log',
        'context.action': 'log',
      },
    });
    expect(mapped(decision({ path: 'main' }))).toMatchObject({ request: { action: { name: '/main' } } });
    expect(mapped(decision({ path: undefined, query: 'x = 1' }))).toMatchObject({
      request: { action: { name: 'x = 1' } },
    });
    expect(mapped(decision({ path: undefined }))).toMatchObject({ kind: 'unmapped' });
    expect(mapped(decision({ input: ['a'] }))).toMatchObject({ kind: 'unmapped' });
  });

  test('keeps every digit', async () => {
    const text = decision({ input: { n: 0 } }).replace('"n":0', '"n":9007199254740993');
    const rule = policy('allow if input.n == 9007199254740993');
    expect(await answered(text, rule)).toMatchObject({ decision: 'allow' });
    const other = policy('allow if input.n == 9007199254740992');
    expect(await answered(text, other)).toMatchObject({ decision: 'deny' });
  });

  test('tells the bundles and the answer that were recorded, without secrets', () => {
    const record = JSON.parse(
      decision({
        bundles: { authz: { revision: 'r1' }, base: {} },
        input: { headers: { authorization: 'Bearer s3cr3t-token' } },
        result: { allowed: true, headers: { 'x-token': 's3cr3t-token' } },
      }),
    ) as JsonObject;
    const detail = recordedDetail(format, record);
    expect(detail.bundles).toEqual([
      { name: 'authz', revision: 'r1' },
      { name: 'base', revision: null },
    ]);
    expect(detail.result).toEqual({ allowed: true, headers: { 'x-token': '(not shown)' } });
  });
});

describe('parts that the log was kept from telling', () => {
  const masked = decision({
    input: { user: 'ann', claims: { email: '***', level: 2 } },
    erased: ['/input/password'],
    masked: ['/input/claims/email'],
  });
  test.each([
    ['nothing of them is read', 'allow if input.user == "ann"', 'allow', []],
    ['beside one of them', 'claims := input.claims\nallow if claims.level == 2', 'allow', []],
    ['a replaced value', 'allow if input.claims.email == "***"', 'indeterminate', ['input.claims.email']],
    [
      'through a variable',
      'allow if { c := input.claims; c.email != "" }',
      'indeterminate',
      ['input.claims.email'],
    ],
    ['one that was taken out', 'allow if not input.password', 'indeterminate', ['input.password']],
    ['all members', 'allow if count(input.claims) == 2', 'indeterminate', ['input.claims.email']],
    ['by iteration', 'allow if { some k; input.claims[k] == 2 }', 'indeterminate', ['input.claims.email']],
    [
      'as a whole',
      'allow if input.claims == {"email": "***", "level": 2}',
      'indeterminate',
      ['input.claims.email'],
    ],
    [
      'through a function',
      'f(x) := object.get(x, "email", "")\nallow if f(input.claims) != ""',
      'indeterminate',
      ['input.claims.email'],
    ],
    [
      'beside a rule that allows',
      'allow if input.password == "x"\nallow if input.user == "ann"',
      'allow',
      [],
    ],
    [
      'in what another rule has worked out',
      'h if input.password == "x"\nallow if { h; input.user == "bob" }\nallow if not h',
      'indeterminate',
      ['input.password'],
    ],
    [
      'beside a rule that gives something else',
      'allow := false if input.password == "x"\nallow if input.user == "ann"',
      'indeterminate',
      ['input.password'],
    ],
    [
      'only where it is not decided before',
      'allow if { input.user == "bob"; input.password == "x" }',
      'deny',
      [],
    ],
  ])('%s', async (_, body, expected, unknowns) => {
    const evaluation = await answered(masked, policy(body));
    expect(evaluation).toMatchObject({ decision: expected, unknowns });
    expect('result' in evaluation).toBe(expected !== 'indeterminate');
  });

  test('whatever they were, a decision that stands is the same', async () => {
    const leaf = fc.constantFrom('x', 'y', 1, true, null);
    const tests = [
      'input.secret == "x"',
      'not input.secret',
      'h',
      'not h',
      'input.user == "ann"',
      'input.user == "bob"',
      'count(input) > 2',
      '{ some k; input[k] == "y" }',
      'f(input)',
      'p["a"]',
    ];
    const rule = fc.array(fc.constantFrom(...tests), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(rule, { minLength: 1, maxLength: 4 }),
        leaf,
        fc.boolean(),
        async (rules, one, isErased) => {
          const bodies = rules.map(
            (parts) => `allow if { ${parts.map((part) => part.replace(/^\{ (.*) \}$/, '$1')).join('; ')} }`,
          );
          const rego = policy(
            [
              'h if input.secret == "x"',
              'f(x) if x.secret == "y"',
              'p[k] := v if { k := "a"; v := input.secret }',
              ...bodies,
            ].join('\n'),
          );
          const input = { user: 'ann', level: 'y' };
          const masking = isErased
            ? { input, erased: ['/input/secret'] }
            : { input: { ...input, secret: '***' }, masked: ['/input/secret'] };
          const hidden = await answered(decision(masking), rego);
          if (hidden.decision === 'indeterminate') return;
          for (const secret of [one, 'x']) {
            const known = await answered(decision({ input: { ...input, secret } }), rego);
            expect(known.decision).toBe(hidden.decision);
          }
        },
      ),
    );
  });

  test('an input that was taken out as a whole leaves everything that reads it undecided', async () => {
    const text = decision({ input: undefined, erased: ['/input'] });
    expect(await answered(text, policy('allow if input.user == "ann"'))).toMatchObject({
      decision: 'indeterminate',
    });
    expect(await answered(text, policy('allow if true'))).toMatchObject({ decision: 'allow' });
  });

  test('their origin is told, and the rest is from the log', () => {
    expect(mapped(masked)).toMatchObject({
      attributes: { 'context.password': 'hidden', 'context.claims.email': 'hidden', 'context.user': 'log' },
      request: { context: { claims: { email: '***', level: 2 } } },
    });
  });
});

describe('builtins whose answers differ from time to time', () => {
  test('answer as they were recorded', async () => {
    const rule = policy(
      'allow if { r := http.send({"method": "GET", "url": "https://x.test"}); r.body.ok; rand.intn("a", 15) == 3 }',
    );
    const cache = {
      'http.send': { '[{"url":"https://x.test","method":"GET"}]': { body: { ok: true } } },
      'rand.intn': { '["a",15]': 3 },
    };
    expect(await answered(decision({ nd_builtin_cache: cache }), rule)).toMatchObject({ decision: 'allow' });
    const without = await answered(decision({}), rule);
    expect(without.decision).toBe('indeterminate');
    expect(without.errors[0]?.message).toContain('http.send');
    expect(without.unknowns).toEqual(['the answer of http.send']);
  });

  test('the clock is that of the decision, or the one that was recorded', async () => {
    const rule = policy('allow if time.now_ns() == 1767225600123456789');
    expect(await answered(decision({}), rule)).toMatchObject({ decision: 'allow' });
    const cached = decision({ nd_builtin_cache: { 'time.now_ns': { '[]': 0 } } });
    expect(await answered(cached.replace('"[]":0', '"[]":1767225600123456790'), rule)).toMatchObject({
      decision: 'deny',
    });
  });
});

describe('secrets of a request', () => {
  test('are found by name, by form and in queries, and nothing else is', () => {
    const { texts, paths } = secretsIn({
      headers: { Authorization: 'Bearer abc-123-def', 'user-agent': 'curl/8', cookie: 'session=42x42x' },
      jwt: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.',
      token: { payload: { sub: 'alice@example.com' } },
      path: '/x?page=2&access_token=q1w2e3',
      parsed_query: { token: ['zzzyyyxxx'] },
    });
    expect([...texts].toSorted()).toEqual(
      [
        'abc-123-def',
        'Bearer abc-123-def',
        'session=42x42x',
        'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.',
        'q1w2e3',
        'zzzyyyxxx',
      ].toSorted(),
    );
    expect(paths).toContainEqual(['headers', 'Authorization']);
  });

  test('stay out of whatever is shown', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_-]{12,30}$/);
    const place = fc.constantFrom(
      'authorization',
      'Cookie',
      'x-api-key',
      'access_token',
      'password',
      'client_secret',
    );
    fc.assert(
      fc.property(secret, place, fc.string(), (text, key, around) => {
        const document: Json = { a: { [key]: `Bearer ${text}` } };
        const shown = withoutSecrets({ seen: [`${around}${text}`], document }, secretsIn(document));
        expect(JSON.stringify(shown)).not.toContain(text);
      }),
    );
  });
});

describe('what no policy reads', () => {
  const names = fc.constantFrom('a', 'b', 'c/d', 'e~f');
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>('x', 'y', 1, true, null),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(names, tie('value'), { maxKeys: 3 }),
    ),
  }));
  const input = fc.dictionary(names, value, { maxKeys: 4 });
  const path = fc.array(names, { minLength: 1, maxLength: 3 });
  const tests = [
    (ref: string) => `${ref} == "x"`,
    (ref: string) => `not ${ref}`,
    (ref: string) => `count(${ref}) > 1`,
    (ref: string) => `{ v := ${ref}; v.a }`,
    (ref: string) => `{ some k; ${ref}[k] == "y" }`,
  ];

  test('is left out of the question, and its answer stays the same', async () => {
    const rule = fc.record({ path, at: fc.nat(tests.length - 1) });
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 3 }), input, async (rules, given) => {
        const body = rules
          .map(({ path: keys, at }) => {
            const ref = `input${keys.map((key) => `[${JSON.stringify(key)}]`).join('')}`;
            return `allow if ${tests[at]?.(ref) ?? ''}`;
          })
          .join('\n');
        const document = { system: 'opa', modules: { 'p.rego': policy(body) } };
        const bundle = await opa.load({ kind: 'inline', document }, {});
        const mapping = mapped(decision({ input: given }));
        if (mapping.kind !== 'mapped') throw new Error(mapping.reason);
        const reduced = reducedRequest(format, mapping, [...bundle.contextKeys]);
        const whole = await bundle.evaluate(mapping.request, mapping.knowledge);
        const less = await bundle.evaluate(reduced.request, reduced.knowledge);
        expect(less.evaluation.decision).toBe(whole.evaluation.decision);
        expect(less.evaluation.result).toEqual(whole.evaluation.result);
        expect(reduced.request.action.properties).toBeUndefined();
      }),
    );
  });

  test('makes no other question, and everything that is read does', () => {
    const keyOf = opaDecisionLog.requestKey?.(['attributes/request/http/method', 'user']);
    const one = keyOf?.(recordOf(envoyRequest('GET', '1')));
    expect(keyOf?.(recordOf(envoyRequest('GET', '2')))).toBe(one);
    expect(keyOf?.(recordOf(envoyRequest('PUT', '1')))).not.toBe(one);
    expect(keyOf?.(recordOf({ ...envoyRequest('GET', '1'), user: 'ann' }))).not.toBe(one);
    const whole = opaDecisionLog.requestKey?.(['*']);
    expect(whole?.(recordOf(envoyRequest('GET', '1')))).not.toBe(whole?.(recordOf(envoyRequest('GET', '2'))));
  });

  test('a clock that is read is part of the question', async () => {
    const document = { system: 'opa', modules: { 'p.rego': policy('allow if time.now_ns() > input.since') } };
    const bundle = await opa.load({ kind: 'inline', document }, {});
    const mapping = mapped(decision({}));
    if (mapping.kind !== 'mapped') throw new Error(mapping.reason);
    const { request } = reducedRequest(format, mapping, [...bundle.contextKeys]);
    expect(request.action.properties).toHaveProperty('time');
  });
});
