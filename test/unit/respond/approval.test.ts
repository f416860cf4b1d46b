import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type AuthorityInput, authorize } from '#electron/respond/approval/authority.ts';
import {
  countersign,
  preAuthentication,
  publicKeyOf,
  signStatement,
} from '#electron/respond/approval/dsse.ts';
import { createKeyFile, readKeyFile } from '#electron/respond/approval/keys.ts';
import { OrderStore, readOrder } from '#electron/respond/approval/order-store.ts';
import { RosterStore, parseRosterFile } from '#electron/respond/approval/roster-store.ts';
import { approve, signRoster, standingOrder } from '#electron/respond/approval/sign.ts';
import { digestOf } from '#electron/respond/canonical.ts';
import { documentOf } from '#electron/respond/plan/build-plan.ts';
import type { Approval, Roster, Statement } from '#shared/respond/approval.ts';
import type { Envelope, Plan, PlanDocument, PlannedAction } from '#shared/respond/plan.ts';
import { playbookNamed } from '#shared/respond/playbook.ts';
import { failureOf } from '#shared/util/result.ts';
import { people, rosterOf } from '#test/support/respond/bench.ts';
import { spec } from '#test/support/respond/fake/specs.ts';

const root = mkdtempSync(join(tmpdir(), 'rescind-approval-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [alice, bob, carol] = people('alice', 'bob', 'carol') as [Person, Person, Person];
type Person = ReturnType<typeof people>[number];
const roster = rosterOf([alice, bob, carol]);
const now = Date.parse('2026-03-01T12:00:00Z');
const mild = spec('account', 0, true)[1]!;
const hard = spec('key', 0, true)[1]!;

function planOf(specs = [mild], more: Partial<Plan> = {}): PlanDocument {
  const actions = specs.map(
    (each, index): PlannedAction => ({
      id: `a${index + 1}`,
      target: 'one/account/acct-mallory',
      group: 'i1',
      spec: each,
      snapshot: { takenAt: '2026-03-01T11:59:00Z', inState: false, version: null, state: { value: false } },
      calls: [],
      after: [],
      stage: 1,
      notBefore: null,
      undoes: null,
    }),
  );
  return documentOf({
    format: 'rescind-plan',
    version: 1,
    kind: 'revoke',
    id: 'plan-0011223344556677',
    created: '2026-03-01T11:59:00Z',
    case: { id: 'c', name: 'Case' },
    journal: 'j',
    incident: null,
    since: '2026-03-01T00:00:00Z',
    playbook: { name: 'contain', digest: digestOf(playbookNamed('contain')) },
    proposer: 'operator',
    references: [
      { kind: 'identity', id: 'mallory', aliases: [], account: null, credentialType: null, group: 'i1' },
    ],
    providers: [
      {
        name: 'one',
        type: 'fake',
        tenant: 't',
        tenantName: 'T',
        operatorName: 'o',
        configDigest: 'd',
        sourcedFrom: [],
      },
    ],
    targets: [
      {
        provider: 'one',
        tenant: 't',
        kind: 'account',
        id: 'acct-mallory',
        name: 'mallory',
        parent: null,
        createdAt: null,
        managedBy: null,
        attributes: {},
        key: 'one/account/acct-mallory',
        group: 'i1',
      },
    ],
    actions,
    refusals: [],
    gaps: [],
    missing: [],
    forecast: [],
    residual: { seconds: 0, items: [] },
    snapshotDigest: digestOf(actions.map(({ snapshot }) => snapshot)),
    restores: null,
    observeSeconds: 0,
    ...more,
  });
}

const sign = (
  document: PlanDocument,
  who: Person,
  at = now,
  decision: Approval['decision'] = 'approve',
): Envelope => approve({ document, roster, key: who.key, decision, reason: null, now: at });
const approvedBy = (document: PlanDocument, ...by: Person[]): PlanDocument => ({
  ...document,
  approvals: by.map((who) => sign(document, who)),
});

function judge(document: PlanDocument, input: Partial<AuthorityInput> = {}): string {
  try {
    const { kind, people: who } = authorize({
      document,
      roster,
      orders: [],
      now,
      isUsed: () => false,
      emergency: null,
      ...input,
    });
    return `${kind}: ${who.join(', ')}`;
  } catch (thrown) {
    const { kind, message } = failureOf(thrown);
    return `${kind}: ${message}`;
  }
}

/** An approval whose content somebody with a valid key has changed before signing. */
function signedAs(
  document: PlanDocument,
  who: Person,
  change: (statement: Statement<Approval>) => Statement<Approval>,
): PlanDocument {
  const original = sign(document, who);
  const statement = JSON.parse(Buffer.from(original.payload, 'base64').toString()) as Statement<Approval>;
  return { ...document, approvals: [sign(document, alice), signStatement(change(statement), who.key)] };
}
const predicate = (change: Partial<Approval>) => (statement: Statement<Approval>) => ({
  ...statement,
  predicate: { ...statement.predicate, ...change },
});

describe('approvals', () => {
  test('two of three, in any order', () => {
    expect(judge(approvedBy(planOf(), alice, bob))).toBe('approvals: alice, bob');
    expect(judge(approvedBy(planOf(), carol, alice))).toBe('approvals: carol, alice');
    expect(judge(approvedBy(planOf(), alice))).toContain('needs 2 approvals');
    expect(judge(planOf())).toContain('It has none');
  });

  test('the same person twice counts once, also with two keys of theirs', () => {
    const second = generateKeyPairSync('ed25519').privateKey;
    const both: Roster = {
      ...roster,
      people: roster.people.map((person) =>
        person.id === 'alice' ? { ...person, keys: [...person.keys, publicKeyOf(second)] } : person,
      ),
    };
    const document = planOf();
    const twice = { ...document, approvals: [sign(document, alice), sign(document, alice)] };
    expect(judge(twice)).toContain('It has 1: alice');
    const request = { document, roster: both, decision: 'approve', reason: null, now } as const;
    const keys = {
      ...document,
      approvals: [approve({ ...request, key: alice.key }), approve({ ...request, key: second })],
    };
    expect(judge(keys, { roster: both })).toContain('It has 1: alice');
  });

  test('one key under two names makes no roster', () => {
    const twins = { ...roster, people: [...roster.people, { ...alice, id: 'eve', key: undefined }] };
    expect(() => parseRosterFile(JSON.stringify(twins), 'twins.json')).toThrow(
      /one key belongs to two people|unrecognized/i,
    );
    const { key: _key, ...eve } = { ...alice, id: 'eve' };
    expect(() =>
      parseRosterFile(JSON.stringify({ ...roster, people: [...roster.people, eve] }), 'x'),
    ).toThrow(/one key belongs to two people/);
  });

  test.each([
    ['users', { users: ['root'] }],
    ['identities', { identities: ['Arn:1'] }],
  ])('one human under two names makes no roster (%s)', (_, own) => {
    const twice = {
      ...roster,
      people: roster.people.map((p) => (p.id === 'alice' ? p : { ...p, ...own })),
    };
    expect(() => parseRosterFile(JSON.stringify(twice), 'x')).toThrow(/belongs to two people/);
  });

  test.each<[string, (statement: Statement<Approval>) => Statement<Approval>, string]>([
    [
      'another plan',
      (s) => ({ ...s, subject: [{ name: s.subject[0]!.name, digest: { sha256: 'f'.repeat(64) } }] }),
      'another plan',
    ],
    ['other targets', predicate({ targetIds: ['one/account/acct-other'] }), 'other targets'],
    ['another state', predicate({ snapshotDigest: 'f'.repeat(64) }), 'another state'],
    ['another playbook', predicate({ playbookDigest: 'f'.repeat(64) }), 'another playbook'],
    ['more actions', predicate({ actionCount: 9 }), 'another number of actions'],
    ['another roster', predicate({ rosterVersion: 9 }), 'another roster'],
    ['another name', predicate({ person: 'carol' }), 'bob has signed it'],
    ['a validity of a day', predicate({ notAfter: '2026-03-02T12:00:00Z' }), 'longer than 15 minutes'],
    ['no time', predicate({ notAfter: 'soon' }), 'has no time'],
  ])('signed for %s: not counted', (_, change, why) => {
    const verdict = judge(signedAs(planOf(), bob, change));
    expect(verdict).toContain('refused');
    expect(verdict).toContain(why);
  });

  test('stale, from the future, used before', () => {
    const document = planOf();
    const at = (time: number) => ({
      ...document,
      approvals: [sign(document, alice), sign(document, bob, time)],
    });
    expect(judge(at(now - 16 * 60_000))).toContain('approvals');
    expect(judge(at(now - 17 * 60_000))).toContain('has expired');
    expect(judge(at(now + 59_000))).toBe('approvals: alice, bob');
    expect(judge(at(now + 61_000))).toContain('clocks differ too much');
    const used = new Set<string>();
    const ready = approvedBy(document, alice, bob);
    const { nonces } = authorize({
      document: ready,
      roster,
      orders: [],
      now,
      isUsed: () => false,
      emergency: null,
    });
    for (const nonce of nonces) used.add(nonce);
    expect(judge(ready, { isUsed: (nonce) => used.has(nonce) })).toContain('used before');
  });

  test('any change of the plan voids what was signed', () => {
    const document = approvedBy(planOf(), alice, bob);
    const altered = { ...document, plan: { ...document.plan, incident: 'x' } };
    expect(judge(altered)).toContain('was altered');
    expect(judge({ ...altered, hash: digestOf(altered.plan) })).toContain('another plan');
  });

  test('a stranger, a broken signature, another payload', () => {
    const document = planOf();
    const [mallory] = people('mallory') as [Person];
    const other = rosterOf([mallory, bob]);
    const foreign = approve({
      document,
      roster: other,
      key: mallory.key,
      decision: 'approve',
      reason: null,
      now,
    });
    expect(judge({ ...document, approvals: [sign(document, alice), foreign] })).toContain(
      'no key of the roster',
    );
    fc.assert(
      fc.property(fc.nat(63), fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const good = sign(document, bob);
        const bytes = Buffer.from(good.signatures[0]!.sig, 'base64');
        bytes[place]! ^= flip;
        const broken = { ...good, signatures: [{ ...good.signatures[0]!, sig: bytes.toString('base64') }] };
        expect(judge({ ...document, approvals: [sign(document, alice), broken] })).toContain('refused');
      }),
    );
  });

  test('who is a target does not approve; who proposed alone does not approve alone', () => {
    const target = {
      ...roster,
      people: roster.people.map((p) => (p.id === 'bob' ? { ...p, identities: ['Mallory'] } : p)),
    };
    expect(judge(approvedBy(planOf(), alice, bob), { roster: target })).toContain('who is a target');
    const rules = [
      { playbook: null, reversibilities: ['R0'], needed: 1, roles: [], selfApproval: false },
    ] as const;
    const own = {
      ...roster,
      rules,
      people: roster.people.map((p) => (p.id === 'bob' ? { ...p, users: ['operator'] } : p)),
    };
    expect(judge(approvedBy(planOf(), bob), { roster: own })).toContain('who proposed');
    expect(judge(approvedBy(planOf(), alice), { roster: own })).toBe('approvals: alice');
  });

  test('roles and numbers by class; R3 never by one', () => {
    const rules = [
      { playbook: null, reversibilities: ['R0', 'R2'], needed: 1, roles: ['responder'], selfApproval: true },
      { playbook: null, reversibilities: ['R3'], needed: 2, roles: ['lead'], selfApproval: false },
    ] as const;
    const lead = {
      ...roster,
      rules,
      people: roster.people.map((p) => (p.id === 'alice' ? p : { ...p, roles: ['lead'] })),
    };
    expect(judge(approvedBy(planOf(), alice), { roster: lead })).toBe('approvals: alice');
    expect(judge(approvedBy(planOf([hard]), alice, bob), { roster: lead })).toContain(
      'needs 2 approvals (lead)',
    );
    expect(judge(approvedBy(planOf([hard]), carol, bob), { roster: lead })).toBe('approvals: carol, bob');
    const lax = { ...roster, rules: [{ ...rules[1], needed: 1 }] };
    expect(() => parseRosterFile(JSON.stringify(lax), 'lax')).toThrow(/always need two/);
  });

  test.each<[string, (envelope: Envelope) => Envelope]>([
    ['a statement without its members', () => signStatement(statementOf({ decision: 'approve' }), bob.key)],
    ['a statement of nothing', () => signStatement(statementOf(null), bob.key)],
    ['a statement of no version', () => signStatement({ ...statementOf({}), _type: 'x' } as never, bob.key)],
    ['another payload type in the envelope', (good) => ({ ...good, payloadType: 'text/plain' })],
    ['the same content, written otherwise after signing', (good) => rewritten(good)],
  ])('%s: not counted, and nothing breaks', (_, change) => {
    const document = planOf();
    const approvals = [sign(document, alice), change(sign(document, bob))];
    expect(judge({ ...document, approvals })).toMatch(/^refused: .*It has 1: alice/);
  });

  test('what is signed are bytes: another order of members does not matter where it was signed so', () => {
    const document = planOf();
    const statement = JSON.parse(Buffer.from(sign(document, bob).payload, 'base64').toString()) as object;
    const turned = Object.fromEntries(Object.entries(statement).toReversed());
    const payload = Buffer.from(JSON.stringify(turned, null, 2));
    const signature = signBytes(null, preAuthentication('application/vnd.in-toto+json', payload), bob.key);
    const envelope = {
      ...sign(document, bob),
      payload: payload.toString('base64'),
      signatures: [{ ...sign(document, bob).signatures[0]!, sig: signature.toString('base64') }],
    };
    expect(judge({ ...document, approvals: [sign(document, alice), envelope] })).toBe(
      'approvals: alice, bob',
    );
  });

  test('a second signature under one approval is no second approval, and spoils it neither', () => {
    const document = planOf();
    const both = countersign(sign(document, bob), alice.key);
    expect(judge({ ...document, approvals: [both] })).toContain('It has 1: bob');
    expect(judge({ ...document, approvals: [both, sign(document, alice)] })).toBe('approvals: bob, alice');
  });

  test('a no holds for as long as the plan, and weighs more than a yes of the same person', () => {
    const document = planOf([hard]);
    const later = now + 3_600_000;
    const next = { ...roster, version: 2 };
    const under = (who: Person): Envelope =>
      approve({ document, roster: next, key: who.key, decision: 'approve', reason: null, now: later });
    const no = sign(document, carol, now, 'reject');
    const approvals = [no, under(alice), under(bob)];
    expect(judge({ ...document, approvals }, { roster: next, now: later })).toContain('carol has rejected');
    const soft = planOf();
    const changed = [sign(soft, alice), sign(soft, bob), sign(soft, bob, now, 'reject')];
    expect(judge({ ...soft, approvals: changed })).toContain('It has 1: alice');
  });

  test('one no stops what cannot be taken back', () => {
    const document = planOf([hard]);
    const approvals = [sign(document, alice), sign(document, bob), sign(document, carol, now, 'reject')];
    expect(judge({ ...document, approvals })).toContain('carol has rejected');
  });
});

/** A statement that is about the plan, of whatever content. */
function statementOf(content: unknown): Statement<never> {
  const { subject, ...rest } = JSON.parse(
    Buffer.from(sign(planOf(), bob).payload, 'base64').toString(),
  ) as Statement<never>;
  return { ...rest, subject, predicate: content as never };
}

function rewritten(envelope: Envelope): Envelope {
  const content: unknown = JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
  return { ...envelope, payload: Buffer.from(JSON.stringify(content, null, 1)).toString('base64') };
}

describe('standing orders', () => {
  const order = (mostTargets = 3, by: Person[] = [alice, carol]) => {
    const request = {
      playbook: playbookNamed('contain')!,
      providers: ['one'],
      mostTargets,
      operatorRoles: [],
      roster,
      days: 30,
      now: now - 86_400_000,
    };
    const [first, ...rest] = by as [Person, ...Person[]];
    const envelope = rest.reduce(
      (signed, { key }) => countersign(signed, key),
      standingOrder({ ...request, key: first.key }),
    );
    return readOrder(JSON.stringify(envelope), roster);
  };

  test('one signature runs a mild plan within them', () => {
    expect(judge(approvedBy(planOf(), bob), { orders: [order()] })).toBe('standing-order: bob');
    expect(judge(planOf(), { orders: [order()] })).toContain('refused');
  });

  test.each<[string, PlanDocument, ReturnType<typeof order>, string]>([
    ['R3', planOf([hard]), order(), 'needs live approvals'],
    ['a restore', planOf([mild], { kind: 'restore' }), order(), 'a restore always'],
    ['too many targets', planOf(), order(0), 'for 0 targets'],
    ['signed by one', planOf(), order(3, [alice]), 'signed by 1 of 2'],
    [
      'another provider',
      planOf([mild], { providers: [{ ...planOf().plan.providers[0]!, name: 'two' }] }),
      order(),
      'does not name',
    ],
  ])('not for %s', (_, document, signed, why) => {
    expect(judge(approvedBy(document, bob), { orders: [signed] })).toContain(why);
  });

  test('are signed by people who may, and who are not the target', () => {
    const rules = [
      { playbook: null, reversibilities: ['R0'], needed: 2, roles: ['lead'], selfApproval: true },
    ] as const;
    const lead = { ...roster, rules };
    const ready = approvedBy(planOf(), bob);
    expect(judge(ready, { orders: [order()], roster: lead })).toContain('signed by 0 of 2');
    const target = {
      ...roster,
      people: roster.people.map((p) => (p.id === 'carol' ? { ...p, identities: ['mallory'] } : p)),
    };
    expect(judge(ready, { orders: [order()], roster: target })).toContain('signed by 1 of 2');
  });

  test('a damaged one gives no right, and stands in the way of none', () => {
    const config = join(root, 'orders');
    const store = new OrderStore(config);
    store.add(order().envelope, roster);
    for (const [name, text] of [
      ['a.json', 'no JSON'],
      ['b.json', '{}'],
      ['c.json', JSON.stringify(signStatement(statementOf({ id: 'x' }), alice.key))],
    ] as const) {
      writeFileSync(join(config, 'respond', 'standing-orders', name), text);
      expect(() => readOrder(text, roster)).toThrow(/no standing order/);
    }
    expect(store.list(roster)).toHaveLength(1);
  });

  test('and not after their time', () => {
    const later = now + 40 * 86_400_000;
    const document = planOf();
    const ready = { ...document, approvals: [sign(document, bob, later)] };
    expect(judge(ready, { orders: [order()], now: later })).toContain('not valid now');
  });
});

describe('an emergency', () => {
  const alone = {
    person: 'bob',
    reason: 'intruder active',
    notBefore: '2026-03-01T12:00:00Z',
    notAfter: '2026-03-01T12:15:00Z',
    nonce: 'n',
  };
  test('lets one person do what flips back or heals, for a short time', () => {
    expect(judge(planOf(), { emergency: alone })).toBe('emergency: bob');
    const { until } = authorize({
      document: planOf(),
      roster,
      orders: [],
      now,
      isUsed: () => false,
      emergency: alone,
    });
    expect(until).toBeLessThanOrEqual(now + 900_000);
  });
  test.each([
    ['what cannot be taken back', planOf([hard]), alone],
    ['a restore', planOf([mild], { kind: 'restore' }), alone],
    ['no reason', planOf(), { ...alone, reason: ' ' }],
  ])('but not %s', (_, document, emergency) => {
    expect(judge(document, { emergency })).toContain('refused');
  });
});

describe('keys, envelopes and rosters', () => {
  test('the encoding that is signed is that of DSSE', () => {
    // Test vector of the DSSE specification, protocol.md.
    expect(preAuthentication('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  test('OpenSSL agrees with a signature', () => {
    const document = planOf();
    const file = join(root, 'alice.pem');
    const publicKey = createKeyFile(file, null);
    const key = readKeyFile(file, null);
    const own = rosterOf([{ ...alice, keys: [publicKey], key }, bob]);
    const { payload, payloadType, signatures } = approve({
      document,
      roster: own,
      key,
      decision: 'approve',
      reason: null,
      now,
    });
    writeFileSync(join(root, 'message'), preAuthentication(payloadType, Buffer.from(payload, 'base64')));
    writeFileSync(join(root, 'signature'), Buffer.from(signatures[0]!.sig, 'base64'));
    execFileSync('openssl', ['pkey', '-in', file, '-pubout', '-out', join(root, 'public.pem')]);
    const words = [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      'public.pem',
      '-rawin',
      '-in',
      'message',
      '-sigfile',
      'signature',
    ];
    expect(execFileSync('openssl', words, { cwd: root }).toString()).toContain('Verified Successfully');
  });

  test('a sealed key opens with its passphrase alone', () => {
    const file = join(root, 'sealed.pem');
    createKeyFile(file, 'correct horse');
    expect(() => readKeyFile(file, null)).toThrow(/sealed/);
    expect(() => readKeyFile(file, 'wrong')).toThrow(/another one/);
    expect(readKeyFile(file, 'correct horse').asymmetricKeyType).toBe('ed25519');
    expect(() => createKeyFile(file, null)).toThrow(/never overwritten/);
  });

  test('the next roster needs the quorum of the one before', () => {
    const store = new RosterStore(join(root, 'config'));
    store.pin({ roster, signatures: [] });
    const [dave] = people('dave') as [Person];
    const next = { ...roster, version: 2, people: [...roster.people, rosterOf([dave]).people[0]!] };
    expect(() => store.pin({ roster: next, signatures: [] })).toThrow(/2 people must sign/);
    expect(() =>
      store.pin({ roster: next, signatures: [signRoster(next, alice.key), signRoster(next, dave.key)] }),
    ).toThrow(/1 have/);
    const other = { ...next, quorum: 1 };
    expect(() =>
      store.pin({ roster: other, signatures: [alice, bob].map(({ key }) => signRoster(next, key)) }),
    ).toThrow(/0 have/);
    store.pin({ roster: next, signatures: [alice, bob].map(({ key }) => signRoster(next, key)) });
    expect(store.get()?.version).toBe(2);
    expect(() => store.pin({ roster, signatures: [] })).toThrow(/Roster 2 is pinned/);
    // Somebody who can write the file, but has no approver's key.
    const file = join(root, 'config', 'respond', 'roster.json');
    const pinned = JSON.parse(readFileSync(file, 'utf8')) as { roster: Roster };
    writeFileSync(file, JSON.stringify({ ...pinned, roster: { ...pinned.roster, quorum: 1 } }));
    expect(() => store.get()).toThrow(/was exchanged/);
  });
});
