import type { LogDays } from '#shared/domain/identity.ts';
import { type KnownAppearance, logKey } from './appearances.ts';

/** Sets of logs, each once: what is worked out for a set is worked out for all identities that it watches. */
export class LogSets {
  readonly all: readonly LogDays[];
  readonly #byKey: ReadonlyMap<string, number>;
  readonly #sets = new Map<string, readonly LogDays[]>();

  readonly #single: (readonly LogDays[])[] = [];

  constructor(all: readonly LogDays[]) {
    this.all = all;
    this.#byKey = new Map(all.map(({ format, account }, index) => [logKey(format, account), index]));
  }

  /** Where the log of a key stands; undefined where there is none. */
  indexOf(key: string): number | undefined {
    return this.#byKey.get(key);
  }

  #alone(places: ReadonlySet<number>): readonly LogDays[] {
    const [place = 0] = places;
    let found = this.#single[place];
    if (found === undefined) {
      const log = this.all[place];
      this.#single[place] = found = log === undefined ? [] : [log];
    }
    return found;
  }

  /** The logs at these places, always the same list for the same places. */
  of(places: ReadonlySet<number>): readonly LogDays[] {
    if (places.size === 1) return this.#alone(places);
    const ordered = [...places].toSorted((one, other) => one - other);
    const key = ordered.join();
    let found = this.#sets.get(key);
    if (found === undefined) {
      found = ordered.flatMap((place) => this.all[place] ?? []);
      this.#sets.set(key, found);
    }
    return found;
  }
}

/** The logs in which an identity appears. */
export function placesOf(members: readonly KnownAppearance[], logs: LogSets): Set<number> {
  const places = new Set<number>();
  for (const member of members) {
    for (const key of member.logs) {
      const place = logs.indexOf(key);
      if (place !== undefined) places.add(place);
    }
  }
  return places;
}
