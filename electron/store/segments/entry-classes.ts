import type { DimensionName } from '#shared/domain/dimensions.ts';
import { type Outcome, outcomes } from '#shared/domain/event.ts';
import { isSessionCredential } from '#shared/domain/identity.ts';
import type { NumberArray } from './codec.ts';

/** How an event ended: its outcome, and whether the credential was not accepted. */
export interface End {
  readonly outcome: Outcome;
  readonly unauthenticated: boolean;
}

/** The ends by their number, which is what roll-ups hold. */
export const ends: readonly End[] = outcomes.flatMap((outcome) => [
  { outcome, unauthenticated: false },
  { outcome, unauthenticated: true },
]);

/** Which of `outcomes` an end has, by their numbers. */
export function outcomeOf(end: number): number {
  return end >> 1;
}

const classified = { decision: endOf, credential: isSession } as const;
type ClassifiedDimension = keyof typeof classified;
export const classifiedDimensions = Object.keys(classified) as ClassifiedDimension[];

export function isClassified(dimension: DimensionName): dimension is ClassifiedDimension {
  return Object.hasOwn(classified, dimension);
}

/**
 * What roll-ups have to know of dictionary entries, by id: how a decision ended, and whether a credential lives for a
 * session alone (1).
 */
export class EntryClasses {
  readonly #classes: Record<ClassifiedDimension, Uint8Array> = {
    decision: new Uint8Array(1024),
    credential: new Uint8Array(1024),
  };
  readonly #credentials = new Map<number, string>();
  /** Which entries were met. */
  readonly #met: Record<ClassifiedDimension, Uint8Array> = {
    decision: new Uint8Array(1024),
    credential: new Uint8Array(1024),
  };

  get ends(): Uint8Array {
    return this.#classes.decision;
  }

  get sessions(): Uint8Array {
    return this.#classes.credential;
  }

  /** The texts of long-lived credentials that were learnt, by entry. */
  get credentials(): ReadonlyMap<number, string> {
    return this.#credentials;
  }

  /** Takes an entry of a dictionary in: the JSON text of its tuple. */
  learn(dimension: ClassifiedDimension, id: number, entry: string): void {
    const found = classified[dimension](entry);
    this.#reserve(dimension, id)[id] = found;
    if (dimension === 'credential' && found === 0 && id > 0) this.#credentials.set(id, entry);
  }

  /** Takes in which credentials are of sessions, where that is known. */
  learnSessions(ids: NumberArray): void {
    for (const id of ids) this.#reserve('credential', id)[id] = 1;
  }

  /** Whether an entry has been met. */
  hasMet(dimension: ClassifiedDimension, id: number): boolean {
    return this.#met[dimension][id] === 1;
  }

  /** Takes an entry in that an event uses and that has not been met before. */
  meet(dimension: ClassifiedDimension, id: number, entry: string): void {
    const met = this.#met[dimension];
    if (id >= met.length) this.#met[dimension] = enlarged(met, id);
    this.#met[dimension][id] = 1;
    this.learn(dimension, id, entry);
  }

  #reserve(dimension: ClassifiedDimension, id: number): Uint8Array {
    const known = this.#classes[dimension];
    if (id < known.length) return known;
    this.#classes[dimension] = enlarged(known, id);
    return this.#classes[dimension];
  }
}

function enlarged(values: Uint8Array, id: number): Uint8Array {
  const larger = new Uint8Array(2 ** Math.ceil(Math.log2(id + 2)));
  larger.set(values);
  return larger;
}

function endOf(entry: string): number {
  const [outcome, reason] = tupleOf(entry);
  const number = outcomes.findIndex((known) => known === outcome);
  const known = number === -1 ? outcomes.indexOf('unknown') : number;
  return known * 2 + (reason === 'authentication' ? 1 : 0);
}

function isSession(entry: string): number {
  // Nearly all are AWS's temporary keys: these need no reading.
  if (entry.startsWith('["ASIA')) return 1;
  const [id, type] = tupleOf(entry);
  if (typeof id !== 'string') return 0;
  return isSessionCredential({ id, type: typeof type === 'string' ? type : '' }) ? 1 : 0;
}

function tupleOf(entry: string): readonly unknown[] {
  const tuple: unknown = JSON.parse(entry);
  return Array.isArray(tuple) ? tuple : [];
}
