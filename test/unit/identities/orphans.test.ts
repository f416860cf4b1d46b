import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inventory } from '#shared/analysis/identities/inventory.ts';
import type { DirectorySource } from '#shared/analysis/identities/sources.ts';
import type { Alias, LastUse } from '#shared/domain/directory.ts';
import type { Principal } from '#shared/domain/event.ts';
import type { Identity, LogDays, Use } from '#shared/domain/identity.ts';
import { at, directory, log, range, use } from '#test/support/people.ts';

const login = (value: string): Alias => ({ kind: 'login', value, verified: true });
const account = '111122223333';
const userOf = (name: string): Principal => ({
  type: 'user',
  id: `arn:aws:iam::${account}:user/${name}`,
  name,
  account,
});
const iam = (name: string, more: object = {}) => ({
  id: `arn:aws:iam::${account}:user/${name}`,
  authority: account,
  aliases: [{ kind: 'arn', value: `arn:aws:iam::${account}:user/${name}`, verified: true } as const],
  ...more,
});
const take = (
  directories: readonly DirectorySource[],
  uses: readonly Use[] = [],
  logs: readonly LogDays[] = [log(range(1000, 1200))],
  asOf = 1200,
): Map<string, Identity> =>
  new Map(
    inventory(
      uses,
      logs,
      { asOf: at(asOf), dormantAfterDays: 90 },
      { directories, bundles: [], decisions: [], answersFor: () => null },
    ).map((found) => [found.id.split('/').at(-1)!, found]),
  );
const sighting = (name: string, first: number, last: number): Use =>
  use({ subject: userOf(name), first: at(first), last: at(last) });
const used = (days: number | null, more: Partial<LastUse> = {}): LastUse => ({
  what: 'sign-in',
  at: days === null ? null : at(days).text,
  staleHours: 0,
  recordedSince: null,
  source: 'lastLogin',
  ...more,
});

const owned = (name: string, owner: string) => ({
  id: `system:serviceaccount:ci:${name}`,
  type: 'workload' as const,
  owner,
});

const token = (login: string) => ({
  id: login,
  aliases: [{ kind: 'name', value: login, verified: true } as const],
  credentialsOnly: true,
  credentials: [
    {
      id: `t-${login}`,
      type: 'personal-access-token',
      status: 'active' as const,
      created: null,
      rotated: null,
      expires: null,
      lastUse: null,
    },
  ],
});

const logOf = (place: string): LogDays =>
  log(range(1000, 1200), { format: 'kubernetes-audit', account: place });

describe('orphans', () => {
  const report = directory('aws-credential-report', 1150, [iam('ann')]);

  test('in the logs and not in the directory that lists all of its kind; who came later is not known', () => {
    const found = take(
      [report],
      [
        sighting('ann', 1000, 1190),
        sighting('gone', 1000, 1100),
        sighting('awake', 1000, 1190),
        sighting('late', 1160, 1190),
      ],
    );
    expect(found.get('ann')).toMatchObject({ orphan: false, orphans: [] });
    expect(found.get('gone')?.orphans).toMatchObject([{ reason: 'not-in-directory', active: false }]);
    expect(found.get('awake')?.orphans).toMatchObject([{ reason: 'not-in-directory', active: true }]);
    expect(found.get('late')?.orphan).toBeNull();
  });

  test('unknown where no directory could tell: another account, a role, a page of several, no time', () => {
    const role: Principal = { type: 'role', id: `arn:aws:iam::${account}:role/x`, name: 'x', account };
    const foreign: Principal = {
      type: 'user',
      id: 'arn:aws:iam::999900001111:user/y',
      name: 'y',
      account: '999900001111',
    };
    const uses = [use({ subject: role }), use({ subject: foreign })];
    const found = take([report], uses);
    expect([found.get('x')?.orphan, found.get('y')?.orphan]).toEqual([null, null]);
    for (const more of [{ complete: null }, { complete: false }, { takenAt: null }]) {
      const doubtful = directory('aws-credential-report', 1150, [iam('ann')], more);
      expect(take([doubtful], [sighting('gone', 1000, 1100)]).get('gone')?.orphan).toBeNull();
    }
  });

  test('a list of service accounts that does not name its cluster tells nothing beside logs of two', () => {
    const id = 'system:serviceaccount:ci:gone';
    const subject: Principal = { type: 'workload', id, name: 'ci/gone', account: 'one' };
    const seen = use({
      subject,
      format: 'kubernetes-audit',
      account: 'one',
      first: at(1000),
      last: at(1190),
    });
    const accounts = directory('kubernetes-service-accounts', 1150, [
      { id: 'system:serviceaccount:ci:a', type: 'workload' },
      { id: 'system:serviceaccount:web:b', type: 'workload' },
    ]);
    expect(take([accounts], [seen], [logOf('one')]).get(id)?.orphan).toBe(true);
    expect(take([accounts], [seen], [logOf('one'), logOf('two')]).get(id)?.orphan).toBeNull();
  });

  test('closed where it is decided who belongs, open elsewhere', () => {
    const okta = directory('okta-users', 1190, [
      { id: '00u1', aliases: [login('ann@corp.example')] },
      { id: '00u2', status: 'deleted', aliases: [login('bob@corp.example')] },
      { id: '00u3', status: 'deleted', aliases: [login('eve@corp.example')] },
    ]);
    const github = directory('github', 1190, [
      { id: '1', aliases: [login('bob@corp.example')] },
      { id: '2', aliases: [login('zoe@corp.example')] },
      { id: '3', aliases: [login('guest@partner.example')] },
    ]);
    const found = take([okta, github]);
    expect(found.get('00u1')?.orphan).toBe(false);
    expect([...found.values()].find(({ ids }) => ids.includes('00u2'))?.orphans).toMatchObject([
      { reason: 'gone-from-source' },
    ]);
    // Closed and nowhere open: as it should be.
    expect(found.get('00u3')?.orphan).toBe(false);
    expect(found.get('2')?.orphans).toMatchObject([{ reason: 'gone-from-source' }]);
    expect(found.get('3')?.orphans).toEqual([]);
  });

  test('an owner who has left, and one whom no directory knows', () => {
    const okta = directory('okta-users', 1190, [
      { id: '00u1', aliases: [login('ann@corp.example')] },
      { id: '00u2', status: 'disabled', aliases: [login('bob@corp.example')] },
    ]);
    const accounts = directory('kubernetes-service-accounts', 1190, [
      owned('a', 'ann@corp.example'),
      owned('b', 'bob@corp.example'),
      owned('c', 'nobody@corp.example'),
      owned('d', 'platform-team'),
      owned('e', 'eve@elsewhere.example'),
    ]);
    const found = take([okta, accounts]);
    const reasons = (name: string) =>
      found.get(`system:serviceaccount:ci:${name}`)?.orphans.map(({ reason }) => reason);
    expect(['a', 'b', 'c', 'd', 'e'].map(reasons)).toEqual([[], ['owner-gone'], ['owner-gone'], [], []]);
  });

  test('a credential whose holder is no account', () => {
    const members = directory('github', 1190, [
      { id: '1', aliases: [{ kind: 'name', value: 'octocat', verified: true }] },
    ]);
    const tokens = directory('github', 1190, [token('octocat'), token('left-long-ago')], { complete: null });
    const found = take([members, tokens]);
    expect(found.get('1')).toMatchObject({ orphan: false, credentials: [{ id: 't-octocat' }] });
    expect(found.get('left-long-ago')?.orphans).toMatchObject([{ reason: 'credential-without-identity' }]);
  });
});

describe('what directories say of the last use', () => {
  test('proves life, and covers silence as far as it is kept', () => {
    const okta = directory('okta-users', 1200, [
      { id: 'new', lastUses: [used(1180)], usesComplete: true },
      { id: 'old', lastUses: [used(1000)], usesComplete: true },
      { id: 'never', created: at(900).text, lastUses: [used(null)], usesComplete: true },
      { id: 'young', created: at(1190).text, lastUses: [used(null)], usesComplete: true },
      { id: 'silent', lastUses: [] },
    ]);
    const found = take([okta], [], []);
    expect(found.get('new')).toMatchObject({
      dormancy: 'active',
      lastSeenBasis: 'directory',
      lastSeen: at(1180).text,
    });
    expect(found.get('old')?.dormancy).toBe('dormant');
    expect(found.get('old')?.coverage.why).toContain('okta-users records the last use of: sign-in');
    expect(found.get('never')?.dormancy).toBe('never-seen');
    // It is ten days old: nothing can be said of ninety.
    expect(found.get('young')?.dormancy).toBe('cannot-know');
    expect(found.get('silent')?.dormancy).toBe('cannot-know');
  });

  test('a time that is kept to two weeks says nothing of the last two weeks before the threshold', () => {
    const stale = { staleHours: 336 };
    const ldap = directory('ldif', 1200, [
      { id: 'edge', lastUses: [used(1105, stale)], usesComplete: true },
      { id: 'old', lastUses: [used(1080, stale)], usesComplete: true },
    ]);
    const found = take([ldap], [], []);
    expect(found.get('edge')?.dormancy).toBe('cannot-know');
    expect(found.get('old')?.dormancy).toBe('dormant');
  });

  test('that a person is silent in one system tells nothing of another', () => {
    const okta = directory('okta-users', 1200, [
      { id: '00u1', aliases: [login('ann@corp.example')], lastUses: [used(1000)], usesComplete: true },
    ]);
    const github = directory('github', 1200, [{ id: '1', aliases: [login('ann@corp.example')] }]);
    expect(take([okta], [], []).get('00u1')?.dormancy).toBe('dormant');
    expect([...take([okta, github], [], []).values()][0]?.dormancy).toBe('cannot-know');
  });

  test('what was used after the reference time is not known at it', () => {
    const okta = directory('okta-users', 1200, [{ id: 'x', lastUses: [used(1180)], usesComplete: true }]);
    const found = take([okta], [], [], 1100);
    expect(found.get('x')).toMatchObject({ lastSeen: null, dormancy: 'cannot-know' });
  });

  test('a day of logs less never raises confidence, whatever directories say', () => {
    const days = fc.uniqueArray(fc.integer({ min: 1100, max: 1199 }), { minLength: 1, maxLength: 60 });
    const claim = fc.option(fc.integer({ min: 1000, max: 1199 }));
    fc.assert(
      fc.property(
        days,
        fc.uniqueArray(fc.integer({ min: 1100, max: 1199 }), { maxLength: 8 }),
        claim,
        claim,
        (all, seen, first, second) => {
          const logged = [...new Set([...all, ...seen])].toSorted((one, other) => one - other);
          const directories = [
            directory('aws-credential-report', 1199, [
              iam('ann', { lastUses: [used(first, { staleHours: 4 })], usesComplete: true }),
            ]),
            directory('okta-users', 1190, [
              { id: '00u1', lastUses: [used(second)], usesComplete: true, aliases: iam('ann').aliases },
            ]),
          ];
          const judge = (kept: readonly number[]): Identity =>
            [
              ...take(
                directories,
                seen.filter((day) => kept.includes(day)).map((day) => sighting('ann', day + 0.5, day + 0.5)),
                kept.length === 0 ? [] : [log(kept)],
              ).values(),
            ].find(({ ids }) => ids.includes('00u1'))!;
          const whole = judge(logged);
          for (const gone of logged) {
            const less = judge(logged.filter((day) => day !== gone));
            expect(less.coverage.confidence).toBeLessThanOrEqual(whole.coverage.confidence);
            expect(whole.dormancy === 'cannot-know' && less.dormancy !== 'cannot-know').toBe(false);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
