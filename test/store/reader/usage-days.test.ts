import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { accessUses } from '#electron/store/read/access-uses.ts';
import { unexplainedFindings } from '#shared/analysis/drift/findings.ts';
import { judgeUsage } from '#shared/analysis/usage/judge.ts';
import type { DriftStep } from '#shared/domain/drift.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import { type AccessEvent, noCorrelation } from '#shared/domain/event.ts';
import type { EntitlementUsage, LogReach } from '#shared/domain/usage.ts';
import { memoryTable } from '#test/support/memory-table.ts';

const account = '111122223333';
const firstDay = Date.UTC(2026, 0, 1) / 86_400e3;
const ann = `arn:aws:iam::${account}:user/ann`;
const bucket = 'arn:aws:s3:::reports';
const endMicros = Date.UTC(2027, 0, 1) * 1000;

interface Act {
  readonly day: number;
  readonly who: string;
  readonly action: string;
  readonly resource: string | null;
  readonly outcome: 'allow' | 'deny' | 'error';
}

function eventOf({ day, who, action, resource, outcome }: Act, index: number): AccessEvent {
  const resources = resource === null ? [] : [{ type: null, id: resource }];
  return {
    id: index.toString(16).padStart(32, '0'),
    vendorId: null,
    format: 'aws-cloudtrail',
    time: new Date((firstDay + day) * 86_400e3 + 3_600e3).toISOString(),
    class: null,
    subject: { type: 'user', id: who, name: null, account },
    actor: null,
    session: null,
    credential: null,
    action,
    operation: null,
    service: null,
    resource: resources[0] ?? null,
    resources,
    outcome,
    reason: null,
    ip: null,
    userAgent: null,
    account,
    region: null,
    correlation: noCorrelation,
    evidence: { sha256: 'a'.repeat(64), path: 'log.json', offset: index * 10, length: 9 },
  };
}

const actions = ['ec2:StopInstances', 'iam:ListUsers', 's3:GetObject', 's3:PutObject'];
const held: readonly Entitlement[] = actions.flatMap((action) =>
  ['*', `${bucket}/*`].map((resource) => ({
    key: `${action} ${resource}`,
    system: 'aws-iam',
    subject: { type: 'user', id: ann, account },
    action: { pattern: action, expanded: [action] },
    resource: { pattern: resource },
    condition: null,
    conditionality: 'always' as const,
    grants: [],
    limitedBy: [],
    risks: [],
  })),
);

function judge(acts: readonly Act[]): { usage: EntitlementUsage[]; reaches: readonly LogReach[] } {
  const { uses, reaches } = accessUses(memoryTable(acts.map(eventOf)).table, endMicros, [ann]);
  return { usage: judgeUsage(held, uses, reaches), reaches };
}

/** Somebody else's event of each day, so that the log is there. */
function daily(days: number): Act[] {
  return Array.from({ length: days }, (_, day) => ({
    day,
    who: `arn:aws:iam::${account}:user/bob`,
    action: day % 2 === 0 ? 'iam:GetUser' : 's3:GetObject',
    resource: day % 2 === 0 ? null : `${bucket}/a`,
    outcome: 'allow' as const,
  }));
}

const act: fc.Arbitrary<Act> = fc.record({
  day: fc.nat(39),
  who: fc.constant(ann),
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom(null, `${bucket}/a`, 'arn:aws:s3:::other/b'),
  outcome: fc.constantFrom('allow' as const, 'deny' as const, 'error' as const),
});
const logs = fc
  .record({
    days: fc.integer({ min: 26, max: 40 }),
    quiet: fc.uniqueArray(fc.nat(39), { maxLength: 1 }),
    acts: fc.array(act, { maxLength: 12 }),
  })
  .map(({ days, quiet, acts }) => [
    ...daily(days).filter(({ day }) => !quiet.includes(day)),
    ...acts.filter(({ day }) => day < days),
  ]);

test('a day of logs less never makes usage surer', () => {
  fc.assert(
    fc.property(logs, (acts) => {
      const days = [...new Set(acts.map(({ day }) => day))].toSorted((one, other) => one - other);
      const whole = judge(acts).usage;
      for (const gone of days) {
        const isEdge = gone === days[0] || gone === days.at(-1);
        const less = judge(acts.filter(({ day }) => day !== gone)).usage;
        for (const [index, after] of less.entries()) {
          const before = whole[index]!;
          expect(raised(before, after, isEdge)).toEqual([]);
        }
      }
    }),
    { numRuns: 40 },
  );
});

/** What is said with a day less that may not be said, since more logs did not say it. */
function raised(before: EntitlementUsage, after: EntitlementUsage, isEdge: boolean): string[] {
  return [
    ...(after.count > before.count ? ['count'] : []),
    ...(after.coverage.daysWithEvents >= before.coverage.daysWithEvents ? ['days with events'] : []),
    ...(after.coverage.days > before.coverage.days ? ['days'] : []),
    ...(after.usage === 'used' && before.usage !== 'used' ? ['used'] : []),
    // Of a day within the log nobody can say what was done on it; without a day at its end it is shorter.
    ...(!isEdge && after.usage === 'not-used' ? ['not used'] : []),
    ...(!isEdge && after.coverage.kind === 'complete' ? ['complete'] : []),
  ];
}

test('what is not used over a whole log nobody can know once a day of it is gone', () => {
  const acts = daily(40);
  const statesWithout = (gone: number | null): Record<string, string> =>
    Object.fromEntries(
      judge(acts.filter(({ day }) => day !== gone)).usage.map(({ entitlement, usage }) => [
        entitlement.key,
        usage,
      ]),
    );
  expect(statesWithout(null)).toMatchObject({ 'iam:ListUsers *': 'not-used', 's3:PutObject *': 'not-used' });
  expect(new Set(Object.values(statesWithout(17)))).toEqual(new Set(['cannot-know']));
});

test('a permission is unexplained only where every day between the two bundles is in the log', () => {
  const [entitlement] = held;
  const step: DriftStep = {
    system: 'aws-iam',
    from: 'one',
    to: 'two',
    since: new Date((firstDay + 5) * 86_400e3).toISOString(),
    until: new Date((firstDay + 9) * 86_400e3).toISOString(),
    changes: [
      {
        key: entitlement!.key,
        kind: 'gained',
        system: 'aws-iam',
        subject: entitlement!.subject,
        after: entitlement!,
        summary: 'ann gained it.',
        conditional: false,
        attribution: [],
      },
    ],
  };
  const acts = daily(40);
  const found = (kept: (day: number) => boolean): number =>
    unexplainedFindings([step], judge(acts.filter(({ day }) => kept(day))).reaches).length;
  expect(found(() => true)).toBe(1);
  for (const gone of [5, 6, 7, 8, 9]) expect([gone, found((day) => day !== gone)]).toEqual([gone, 0]);
  expect(found((day) => day > 5)).toBe(0);
  expect(found((day) => day < 9)).toBe(0);
  expect(found((day) => day !== 20)).toBe(1);
});
