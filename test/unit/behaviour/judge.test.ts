import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atLeast, atMost } from '#shared/analysis/behaviour/chance.ts';
import { networkOf, programOf } from '#shared/analysis/behaviour/features.ts';
import { judgeBehaviour } from '#shared/analysis/behaviour/judge.ts';
import type {
  BehaviourDay,
  BehaviourFacts,
  BehaviourFeature,
  FeatureKind,
} from '#shared/domain/behaviour.ts';

const start = 20_000;

function day(subject: string, offset: number, allowed: number, denied = 0): BehaviourDay {
  const firstEvent = `${subject} ${offset}`;
  return {
    subject,
    day: start + offset,
    allowed,
    denied,
    firstEvent,
    firstDenied: denied > 0 ? firstEvent : null,
  };
}

function feature(subject: string, kind: FeatureKind, value: string, offset: number): BehaviourFeature {
  const first = `2026-01-${String(offset + 1).padStart(2, '0')}T00:00:00Z`;
  return {
    kind,
    subject,
    value,
    events: 1,
    firstDay: start + offset,
    first,
    firstEvent: `${subject} ${value}`,
  };
}

const every = (days: number) => Array.from({ length: days }, (_, index) => index);

/** Two service accounts that do the same each day, in a log without gaps. */
function facts(more: Partial<BehaviourFacts> = {}, days = 30): BehaviourFacts {
  return {
    asOf: '2026-01-30T00:00:00Z',
    subjects: ['ci', 'peer'].map((id) => ({ id, type: 'service', account: 'one', format: 'aws-cloudtrail' })),
    features: ['ci', 'peer'].map((id) => feature(id, 'action', 's3:GetObject', 0)),
    days: ['ci', 'peer'].flatMap((id) => every(days).map((offset) => day(id, offset, 20))),
    turns: [],
    logs: [{ format: 'aws-cloudtrail', days: every(days).map((offset) => start + offset) }],
    ...more,
  };
}

const kinds = (given: BehaviourFacts) =>
  judgeBehaviour(given).map(({ kind, subject }) => `${subject} ${kind}`);
const withDay = (changed: BehaviourDay, given = facts()): BehaviourFacts => ({
  ...given,
  days: [
    ...given.days.filter((each) => each.subject !== changed.subject || each.day !== changed.day),
    changed,
  ],
});
const novelties = (offset: number) =>
  (['address', 'user-agent', 'scope'] as const).map((kind) => feature('ci', kind, `new ${kind}`, offset));

describe('chance', () => {
  // Values of the Poisson distribution as tables have them.
  test.each([
    [1, 0.1, 0.095162582],
    [3, 0.5, 0.014387678],
    [10, 5, 0.0318280573],
    [25, 10, 0.0000469494],
  ])('at least %d where %d is expected', (count, mean, expected) => {
    expect(atLeast(count, mean)).toBeCloseTo(expected, 8);
  });

  test('the two tails are one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.double({ min: 0.01, max: 40, noNaN: true }),
        (count, mean) => {
          expect(atLeast(count + 1, mean) + atMost(count, mean)).toBeCloseTo(1, 6);
        },
      ),
    );
  });
});

describe('behaviour', () => {
  test('nothing is said of what goes on as before', () => {
    expect(judgeBehaviour(facts())).toEqual([]);
  });

  test('several new things at once, with the numbers and the evidence', () => {
    const given = facts({ features: [...facts().features, ...novelties(20)] });
    const [change, ...others] = judgeBehaviour(given);
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      kind: 'first-seen',
      subject: 'ci',
      seen: 3,
      baseline: { days: 20, daysWithEvents: 20, daysActive: 20, peers: 1 },
    });
    expect(change?.events).toHaveLength(3);
    expect(change?.why).toContain('new address');
  });

  test('what a peer had done before is not new', () => {
    const known = novelties(20).map((each) => ({ ...each, subject: 'peer' }));
    const given = facts({ features: [...facts().features, ...known, ...novelties(22)] });
    // The peer itself did it first: that is what is said.
    expect(kinds(given)).toEqual(['peer first-seen']);
  });

  test('who does new things every day does nothing new by one more', () => {
    const daily = every(30).flatMap((offset) =>
      every(3).map((index) => feature('ci', 'action', `action ${offset} ${index}`, offset)),
    );
    expect(kinds(facts({ features: [...daily, ...novelties(20)] }))).toEqual([]);
  });

  test('a burst of denials, and far more than ever', () => {
    expect(kinds(withDay(day('ci', 20, 20, 64)))).toEqual(['ci rising-denials']);
    expect(kinds(withDay(day('ci', 20, 500)))).toEqual(['ci unexpected-volume']);
    expect(kinds(withDay(day('ci', 20, 30, 2)))).toEqual([]);
  });

  test('allowed where it used to be denied', () => {
    const given = facts({ days: every(30).map((offset) => day('ci', offset, 60, offset < 25 ? 60 : 0)) });
    const changes = judgeBehaviour(given);
    expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(['unexpected-allow-rate']));
    expect(changes[0]).toMatchObject({ day: '2024-10-29T00:00:00Z' });
  });

  test('back after a silence, unless peers come and go', () => {
    const quiet = facts().days.filter(
      ({ subject, day: each }) => subject === 'peer' || each === start || each > start + 20,
    );
    expect(kinds(facts({ days: quiet }))).toEqual(['ci woken']);
    const people = ['ann', 'bob', 'eve'];
    const subjects = people.map((id) => ({ id, type: 'user', account: null, format: 'aws-cloudtrail' }));
    const days = people.flatMap((id) => [day(id, 0, 1), day(id, 20, 1)]);
    expect(kinds(facts({ subjects, days, features: [] }))).toEqual([]);
  });

  test('denied again and again, then allowed', () => {
    const turn = {
      subject: 'ci',
      action: 'secretsmanager:GetSecretValue',
      denied: 5,
      allowed: 2,
      firstDenied: '2026-01-20T00:00:00Z',
      firstDeniedDay: start + 19,
      firstAllowed: '2026-01-21T00:00:00Z',
      events: ['one', 'two'] as const,
    };
    expect(kinds(facts({ turns: [turn] }))).toEqual(['ci denied-then-allowed']);
    expect(kinds(facts({ turns: [{ ...turn, denied: 1 }] }))).toEqual([]);
  });

  test('nothing is said where the baseline is too short or has gaps', () => {
    const early = facts({ features: [...facts().features, ...novelties(10)] });
    expect(kinds(withDay(day('ci', 10, 500, 64), early))).toEqual([]);
    const late = withDay(
      day('ci', 20, 500, 64),
      facts({ features: [...facts().features, ...novelties(20)] }),
    );
    expect(kinds(late).length).toBeGreaterThan(0);
    const gaps = {
      ...late,
      logs: [{ format: 'aws-cloudtrail', days: late.logs[0]?.days.filter((each) => each % 5 !== 0) ?? [] }],
    };
    expect(kinds(gaps)).toEqual([]);
  });
});

test('networks and programs', () => {
  expect(networkOf('192.0.2.66')).toBe('192.0.2.0/24');
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(networkOf('ec2.amazonaws.com')).toBe('ec2.amazonaws.com');
  expect(programOf('aws-cli/2.15.30 Python/3.11.8')).toBe(programOf('aws-cli/2.17.1 Python/3.12.0'));
});
