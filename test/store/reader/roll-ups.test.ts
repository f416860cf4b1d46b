import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReadableDb, WritableDb } from '#electron/store/connection.ts';
import { migrate } from '#electron/store/migrations/migrate.ts';
import { RollUps } from '#electron/store/read/roll-ups.ts';
import { EventStore } from '#electron/store/write/event-store.ts';
import { fillRollUps } from '#electron/store/write/roll-ups.ts';
import { dimensionNames, dimensions } from '#shared/domain/dimensions.ts';
import type { Outcome, Principal } from '#shared/domain/event.ts';
import { openColumns } from '#shared/domain/packed-batch.ts';
import { formatInstant } from '#shared/util/instant.ts';
import { packedOf } from '../writer/synthetic.ts';

const start = 1_780_000_000_000_000;
const second = 1_000_000;

/** What an event says, in the test's own words. */
interface Told {
  readonly id: number;
  readonly seconds: number;
  readonly nanos: number;
  readonly digits: number;
  readonly format: string;
  readonly account: string | null;
  readonly subject: Principal;
  readonly actor: Principal | null;
  readonly credential: readonly [string, string] | null;
  readonly outcome: Outcome;
  readonly reason: readonly [string, string] | null;
  readonly action: string;
}

const principal = fc.record<Principal>({
  type: fc.constantFrom('user', 'role', 'service'),
  id: fc.constantFrom('a', 'b', null),
  name: fc.constantFrom('Ann', 'Bob', null),
  account: fc.constantFrom('1', '2', null),
});
const told = fc.record<Told>({
  // Copies of an event are told apart by nothing else.
  id: fc.nat({ max: 150 }),
  seconds: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 40 * 86_400 })),
  nanos: fc.constantFrom(0, 0, 1, 999),
  digits: fc.constantFrom(0, 3, 9),
  format: fc.constantFrom('aws-cloudtrail', 'kubernetes-audit'),
  account: fc.constantFrom('1', '2', null),
  subject: principal,
  actor: fc.option(principal),
  credential: fc.option(
    fc.constantFrom<readonly [string, string]>(
      ['AKIA1', 'access-key'],
      ['AKIA2', 'access-key'],
      ['ASIA1', 'access-key'],
      ['ASIA2', 'access-key'],
      ['jti', 'token'],
    ),
  ),
  outcome: fc.constantFrom<Outcome>('allow', 'deny', 'error', 'challenge', 'unknown'),
  reason: fc.option(
    fc.constantFrom<readonly [string, string]>(
      ['authentication', 'bad key'],
      ['policy', 'no'],
      ['policy', 'never'],
    ),
  ),
  action: fc.constantFrom('get', 'put'),
});

function batch(events: readonly Told[]) {
  const { columns } = packedOf(
    events.map((event, index) => {
      const values: Record<string, readonly (string | null)[]> = {
        format: [event.format],
        account: [event.account],
        subject: [event.subject.type, event.subject.id, event.subject.name, event.subject.account],
        credential: event.credential ?? [null, null],
        decision: [event.outcome, ...(event.reason ?? [null, null]), null],
        operation: [event.action, event.action, null, null],
        ...(event.actor === null
          ? {}
          : { actor: [event.actor.type, event.actor.id, event.actor.name, event.actor.account] }),
      };
      return {
        offset: index * 10,
        length: 9,
        event: {
          key: [event.id, 0, 0, 1] as const,
          micros: start + event.seconds * second,
          nanos: event.nanos,
          digits: event.digits,
          values: Object.fromEntries(
            dimensionNames.map((name) => [
              name,
              JSON.stringify(values[name] ?? dimensions[name].map(() => null)),
            ]),
          ) as never,
          hashes: [0, 0, 0, 0, 0, 0],
        },
      };
    }),
  );
  return openColumns(columns);
}

const momentOf = ({ seconds, nanos, digits }: Told) => {
  const micros = start + seconds * second;
  return { micros, text: formatInstant({ micros, nanos, digits }) };
};
const isOfSession = ([id, type]: readonly [string, string]) => id.startsWith('ASIA') || type === 'token';

/** The same by looking at every event: in the order of time, of one time in the order of import. */
function scan(imported: readonly Told[], upTo: number) {
  const events = imported
    .filter((event) => momentOf(event).micros <= upTo)
    .toSorted((one, other) => one.seconds - other.seconds || one.nanos - other.nanos);
  const byUse = Map.groupBy(events, ({ format, account, subject, actor, credential, outcome, reason }) =>
    JSON.stringify([
      format,
      account,
      subject,
      actor,
      credential !== null && isOfSession(credential) ? 'session' : credential,
      outcome,
      reason?.[0] === 'authentication',
    ]),
  );
  const uses = [...byUse.values()].map((own) => {
    const [first] = own as [Told];
    return {
      format: first.format,
      account: first.account,
      subject: first.subject,
      actor: first.actor,
      credential:
        first.credential === null || isOfSession(first.credential)
          ? null
          : { id: first.credential[0], type: first.credential[1] },
      outcome: first.outcome,
      unauthenticated: first.reason?.[0] === 'authentication',
      events: own.length,
      first: momentOf(first),
      last: momentOf(own.at(-1)!),
    };
  });
  const byLog = Map.groupBy(events, ({ format, account }) => JSON.stringify([format, account]));
  const logs = [...byLog.values()].map((own) => ({
    format: own[0]!.format,
    account: own[0]!.account,
    from: momentOf(own[0]!),
    to: momentOf(own.at(-1)!),
    days: [...new Set(own.map((event) => Math.floor(momentOf(event).micros / (86_400 * second))))],
  }));
  const sessions: Record<string, number> = {};
  const seen = new Set<string>();
  for (const { subject, actor, credential } of events) {
    if (credential === null || !isOfSession(credential) || actor?.type === 'service') continue;
    const key = identity(subject);
    if (seen.has(`${key} ${credential[0]}`)) continue;
    seen.add(`${key} ${credential[0]}`);
    sessions[key] = (sessions[key] ?? 0) + 1;
  }
  return { uses, logs, sessions, end: events.length === 0 ? null : momentOf(events.at(-1)!) };
}

/** An id within its account; without one, type and name. */
function identity({ id, type, name, account }: Principal): string {
  return id === null ? `${type} ${name} ${account}` : `${id} ${account}`;
}

function ask(db: WritableDb, upTo: number) {
  const rollUps = RollUps.load(db as unknown as ReadableDb);
  const { uses, logs } = rollUps.upTo(upTo);
  const sessions: Record<string, number> = {};
  for (const use of uses) {
    if (use.sessions > 0)
      sessions[identity(use.subject)] = (sessions[identity(use.subject)] ?? 0) + use.sessions;
  }
  return {
    uses: uses.map(({ sessions: _sessions, ...use }) => use),
    logs,
    sessions,
    end: upTo === Number.POSITIVE_INFINITY ? rollUps.end : scanEnd,
  };
}
const scanEnd = Symbol('not asked');

test('stored roll-ups tell what a look at every event tells, however the events came in', () => {
  fc.assert(
    fc.property(
      fc.array(told, { maxLength: 250 }),
      fc.integer({ min: 1, max: 60 }),
      fc.array(
        fc.record({
          size: fc.integer({ min: 1, max: 60 }),
          after: fc.constantFrom('go on', 'commit', 'kill'),
        }),
      ),
      fc.option(fc.nat()),
      fc.constantFrom('kept', 'gone', 'of another version', 'filled again'),
      (events, capacity, steps, cut, stored) => {
        const db = new Database(':memory:') as unknown as WritableDb;
        try {
          migrate(db, ':memory:', '');
          let store = new EventStore(db, capacity);
          let [committed, at, step] = [0, 0, 0];
          const commit = (): void => {
            db.transaction(() => store.flush(db)).immediate();
            committed = at;
          };
          while (at < events.length) {
            const { size, after } = steps[step++] ?? { size: 50, after: 'commit' };
            store.add(1, batch(events.slice(at, at + size)));
            at = Math.min(events.length, at + size);
            if (after === 'commit') commit();
            if (after !== 'kill') continue;
            // What was not committed is read again.
            store = new EventStore(db, capacity);
            at = committed;
          }
          commit();
          // The same files once more.
          store = new EventStore(db, capacity);
          store.add(1, batch(events));
          commit();

          if (stored === 'of another version')
            db.exec('update roll_up set version = 0 where segment_id % 2 = 0' as never);
          if (stored === 'gone' || stored === 'filled again') {
            db.exec('delete from roll_up_column where segment_id % 3 = 1' as never);
            db.exec('delete from roll_up where segment_id % 3 = 1' as never);
          }
          if (stored === 'filled again') fillRollUps(db);
          const known = new Set<number>();
          const imported = events.filter(({ id }) => !known.has(id) && known.add(id));
          const chosen = cut === null ? undefined : imported[cut % Math.max(1, imported.length)];
          const upTo = chosen === undefined ? Number.POSITIVE_INFINITY : momentOf(chosen).micros;
          const expected = scan(imported, upTo);
          expect(ask(db, upTo)).toEqual(
            upTo === Number.POSITIVE_INFINITY ? expected : { ...expected, end: scanEnd },
          );
        } finally {
          db.close();
        }
      },
    ),
    { numRuns: 50 },
  );
}, 60_000);
