import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inventory } from '#shared/analysis/identities/inventory.ts';
import type { Principal } from '#shared/domain/event.ts';
import type { LogDays, Moment, Use } from '#shared/domain/identity.ts';

const day = 86_400e6;
const at = (days: number): Moment => ({
  micros: days * day,
  text: new Date(days * 86_400_000).toISOString(),
});
const user: Principal = { type: 'user', id: 'arn:aws:iam::1:user/ann', name: 'ann', account: '1' };
const use = (more: Partial<Use>): Use => ({
  format: 'aws-cloudtrail',
  account: '1',
  subject: user,
  actor: null,
  credential: null,
  sessions: 0,
  outcome: 'allow',
  unauthenticated: false,
  events: 1,
  first: at(1000),
  last: at(1000),
  ...more,
});
const log = (days: readonly number[]): LogDays => ({
  format: 'aws-cloudtrail',
  account: '1',
  from: at(days[0] ?? 0),
  to: at(days.at(-1) ?? 0),
  days,
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const judge = (uses: readonly Use[], days: readonly number[], asOf = 1200, dormantAfterDays = 90) =>
  inventory(uses, [log(days)], { asOf: at(asOf), dormantAfterDays });

describe('dormancy', () => {
  test('silence that the logs cover is dormancy, silence beyond them is not known', () => {
    expect(judge([use({})], range(1000, 1200))[0]?.dormancy).toBe('dormant');
    expect(judge([use({})], [1000, ...range(1150, 1200)])[0]?.dormancy).toBe('cannot-know');
    expect(judge([use({ last: at(1150) })], range(1000, 1200))[0]?.dormancy).toBe('active');
  });

  test('a refused right shows a living identity, a refused credential shows nothing', () => {
    const denied = use({ outcome: 'deny', first: at(1190), last: at(1190), events: 3 });
    expect(judge([use({}), denied], range(1000, 1200))[0]).toMatchObject({
      dormancy: 'active',
      lastSeenBasis: 'denied',
      events: 4,
      denied: 3,
    });
    const guess = { ...denied, unauthenticated: true };
    expect(judge([use({}), guess], range(1000, 1200))[0]).toMatchObject({
      dormancy: 'dormant',
      lastSeen: at(1190).text,
      lastSeenBasis: 'attempt',
    });
  });

  test('who stands behind a role is seen through it; a service that acts for somebody uses no key', () => {
    const role: Principal = { type: 'role', id: 'arn:aws:iam::1:role/admin', name: 'admin', account: '1' };
    const key = { id: 'AKIAIOSFODNN7EXAMPLE', type: 'access-key' };
    const service: Principal = {
      type: 'service',
      id: 'cloudformation.amazonaws.com',
      name: null,
      account: null,
    };
    const found = judge(
      [
        use({ credential: key }),
        use({ subject: role, actor: user, first: at(1150), last: at(1180) }),
        use({ credential: key, actor: service, first: at(1199), last: at(1199) }),
      ],
      range(1000, 1200),
    );
    const ann = found.find(({ id }) => id === user.id);
    expect(ann).toMatchObject({ lastSeen: at(1199).text, lastSeenBasis: 'on-behalf', events: 2 });
    expect(ann?.credentials).toMatchObject([{ id: key.id, lastSeen: at(1000).text, dormancy: 'dormant' }]);
    expect(found.find(({ id }) => id === role.id)).toMatchObject({ events: 1, dormancy: 'active' });
  });

  test('session credentials are counted, not listed', () => {
    const sessions = [use({ sessions: 2 }), use({ outcome: 'deny', sessions: 1 })];
    expect(judge(sessions, [1000])[0]).toMatchObject({ credentials: [], sessionCredentials: 3 });
  });

  test('a day of logs less never raises confidence', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1000, max: 1200 }), { minLength: 2 }), (days) => {
        const all = days.toSorted((one, other) => one - other);
        const [whole] = judge([use({})], all);
        for (const gone of all) {
          const [less] = judge(
            [use({})],
            all.filter((kept) => kept !== gone),
          );
          expect(less?.coverage.confidence).toBeLessThanOrEqual(whole?.coverage.confidence ?? 0);
          expect(whole?.dormancy === 'cannot-know' && less?.dormancy !== 'cannot-know').toBe(false);
        }
      }),
    );
  });
});
