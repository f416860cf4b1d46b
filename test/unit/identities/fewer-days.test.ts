import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { identityFindings } from '#shared/analysis/identities/findings.ts';
import { inventory } from '#shared/analysis/identities/inventory.ts';
import type { DirectoryCredential } from '#shared/domain/directory.ts';
import type { Identity, Use } from '#shared/domain/identity.ts';
import { at, decision, directory, log, range, use } from '#test/support/people.ts';

const options = { asOf: at(1100.5), dormantAfterDays: 30 };
const account = '111122223333';
const arnOf = (who: string): string => `arn:aws:iam::${account}:user/${who}`;
const [ann, boss, gone] = [arnOf('ann'), arnOf('boss'), arnOf('gone')];

interface Act {
  readonly day: number;
  readonly who: string;
  readonly outcome: 'allow' | 'deny';
  readonly unauthenticated: boolean;
  readonly withKey: boolean;
}

function useOf({ day, who, outcome, unauthenticated, withKey }: Act): Use {
  return use({
    subject: { type: 'user', id: who, name: null, account },
    credential: withKey ? { id: `key-${who}`, type: 'access-key' } : null,
    outcome,
    unauthenticated,
    first: at(day + 0.2),
    last: at(day + 0.2),
  });
}

function key(who: string): DirectoryCredential {
  return {
    id: `key-${who}`,
    type: 'access-key',
    status: 'active',
    created: at(900).text,
    rotated: at(900).text,
    expires: null,
    lastUse: {
      what: 'access key 1',
      at: at(1020).text,
      staleHours: 4,
      recordedSince: at(0).text,
      source: 'access_key_1_last_used_date',
    },
  };
}

/** Accounts that are open, one of them privileged; who is in the logs beside them is an orphan. */
const report = directory(
  'aws-credential-report',
  1060,
  [ann, boss].map((id) => ({
    id,
    authority: account,
    aliases: [{ kind: 'arn', value: id, verified: true }],
    created: at(900).text,
    privileged: id === boss,
    credentials: [key(id)],
  })),
);

const decisions = [ann, gone].map((id, index) =>
  decision(index + 1, {
    kind: 'standing',
    appearance: JSON.stringify(['log', id, account]),
    as: 'exception',
    until: at(1070).text,
  }),
);

function judge(acts: readonly Act[], days: readonly number[]) {
  const sources = { directories: [report], bundles: [], decisions, answersFor: () => null };
  const identities = inventory(acts.map(useOf), [log(days)], options, sources);
  return {
    identities: new Map(identities.map((identity) => [identity.id, identity])),
    found: new Set(identityFindings(identities, options).map(({ rule, subject }) => `${rule} ${subject}`)),
  };
}

/** Findings that say that something is not there, by what they rest on. */
const onSilence = ['identity-dormant', 'identity-never-used', 'unused-credential', 'unused-second-key'];
const onPresence = [
  'identity-orphan-active',
  'exception-expired-used',
  'identity-without-mfa',
  'credential-without-identity',
];

const act: fc.Arbitrary<Act> = fc.record({
  day: fc.integer({ min: 1040, max: 1100 }),
  who: fc.constantFrom(ann, boss, gone),
  outcome: fc.constantFrom('allow' as const, 'deny' as const),
  unauthenticated: fc.boolean(),
  withKey: fc.boolean(),
});

test('a day of logs less makes no finding that rests on absence surer, and none of presence', () => {
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 8 }),
      fc.uniqueArray(fc.integer({ min: 1041, max: 1099 }), { maxLength: 5 }),
      (all, quiet) => {
        const days = range(1040, 1100).filter((day) => !quiet.includes(day));
        const acts = all.filter(({ day }) => days.includes(day));
        const whole = judge(acts, days);
        for (const missing of days) {
          const less = judge(
            acts.filter(({ day }) => day !== missing),
            days.filter((day) => day !== missing),
          );
          for (const [id, after] of less.identities) {
            expect(raised(whole.identities.get(id), after, whole.found, less.found)).toEqual([]);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** What is said of an identity with a day less that may not be said, since more logs did not say it. */
function raised(
  before: Identity | undefined,
  after: Identity,
  found: ReadonlySet<string>,
  left: ReadonlySet<string>,
): string[] {
  const { id } = after;
  if (before === undefined) return ['an identity of its own'];
  const isNew = (rule: string): boolean => left.has(`${rule} ${id}`) && !found.has(`${rule} ${id}`);
  const isLess = after.coverage.confidence < before.coverage.confidence;
  const wasUnknown = before.dormancy === 'cannot-know';
  return [
    ...(after.coverage.confidence > before.coverage.confidence ? ['confidence'] : []),
    ...(wasUnknown && after.dormancy !== 'cannot-know' ? [after.dormancy] : []),
    ...onPresence.filter(isNew),
    // What showed the life is gone: then it is said with less behind it, and was no “cannot know” before.
    ...onSilence.filter((rule) => isNew(rule) && (wasUnknown || !isLess)),
    ...(after.orphan === true && before.orphan !== true ? ['orphan'] : []),
    ...(isSilentOrphan(after) && !isSilentOrphan(before) ? ['silent orphan'] : []),
  ];
}

function isSilentOrphan({ orphans }: Identity): boolean {
  return orphans.some(({ reason, active }) => reason === 'not-in-directory' && active === false);
}

test('a refused credential after it hides no use of an exception that has ended', () => {
  const seen = { day: 1080, who: gone, outcome: 'allow', unauthenticated: false, withKey: false } as const;
  const refused = { ...seen, day: 1090, outcome: 'deny', unauthenticated: true } as const;
  const days = range(1040, 1100);
  expect(judge([seen], days).found).toContain(`exception-expired-used ${gone}`);
  expect(judge([seen, refused], days).found).toContain(`exception-expired-used ${gone}`);
  expect(judge([{ ...seen, day: 1050 }, refused], days).found).not.toContain(
    `exception-expired-used ${gone}`,
  );
});

test('that an orphan is silent is said only of days that are all in the logs', () => {
  const seen = { day: 1050, who: gone, outcome: 'allow', unauthenticated: false, withKey: false } as const;
  const days = range(1040, 1100);
  const active = (kept: readonly number[]): unknown =>
    judge([seen], kept).identities.get(gone)?.orphans[0]?.active;
  expect(active(days)).toBe(false);
  expect(active(days.filter((day) => day !== 1075))).toBe(null);
  expect(active(days.filter((day) => day !== 1045))).toBe(false);
});
