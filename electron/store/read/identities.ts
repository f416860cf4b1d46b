import type { Principal } from '#shared/domain/event.ts';
import type { EventTable } from './event-table.ts';
import type { Matches } from './match.ts';
import { outcomeOf, principalOf } from './rows.ts';
import { rowAt } from './time-slices.ts';

/** A distinct subject (by type, id and account; by name where it has no id) and what is seen of it. */
export interface SeenIdentity {
  readonly subject: Principal;
  readonly events: number;
  readonly denied: number;
  /** Rows of its first and last event. */
  readonly first: number;
  readonly last: number;
}

/** Every subject of the matches, in the order in which they first appear. */
export function identities(matches: Matches, table: EventTable): SeenIdentity[] {
  const dictionary = table.dictionary('subject');
  const groups = new Map<string, number>();
  const groupOf = new Uint32Array(dictionary.size);
  const subjects: (Principal | null)[] = [];
  for (let id = 0; id < dictionary.size; id++) {
    const subject = principalOf(dictionary.tuple(id));
    const key = JSON.stringify([
      subject?.type,
      subject?.id ?? null,
      subject?.account,
      subject?.id === null ? subject.name : null,
    ]);
    let group = groups.get(key);
    if (group === undefined) {
      group = subjects.length;
      groups.set(key, group);
      subjects.push(subject);
    }
    groupOf[id] = group;
  }
  const isDenied = deniedEntries(table);
  const events = new Uint32Array(subjects.length);
  const denied = new Uint32Array(subjects.length);
  const first = new Uint32Array(subjects.length);
  const last = new Uint32Array(subjects.length);
  const [ids, decisions] = [table.ids('subject'), table.ids('decision')];
  for (let position = 0; position < matches.count; position++) {
    const row = rowAt(matches, position);
    const group = groupOf[ids[row] as number] as number;
    if (events[group] === 0) first[group] = row;
    events[group] = (events[group] as number) + 1;
    denied[group] = (denied[group] as number) + (isDenied[decisions[row] as number] as number);
    last[group] = row;
  }
  return subjects
    .flatMap((subject, group): SeenIdentity[] =>
      subject === null || events[group] === 0
        ? []
        : [
            {
              subject,
              events: events[group] as number,
              denied: denied[group] as number,
              first: first[group] as number,
              last: last[group] as number,
            },
          ],
    )
    .toSorted((one, other) => one.first - other.first);
}

/** Marks the entries of the decision dictionary that deny. */
function deniedEntries(table: EventTable): Uint8Array {
  const { values, indexes } = table.dictionary('decision').field('outcome');
  return Uint8Array.from(indexes, (index) => (outcomeOf(values[index] ?? null) === 'deny' ? 1 : 0));
}
