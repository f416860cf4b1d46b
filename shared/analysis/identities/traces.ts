import type { Moment, SeenBasis, Use } from '#shared/domain/identity.ts';

const strength: Readonly<Record<SeenBasis, number>> = {
  use: 4,
  'on-behalf': 3,
  denied: 2,
  attempt: 1,
  directory: 0,
};

/** First and last moments of something, and what shows them. */
export class Traces {
  first: Moment | null = null;
  last: Moment | null = null;
  lastBasis: SeenBasis | null = null;
  /** The last moment that proves it alive: everything but a refused credential. */
  alive: Moment | null = null;
  events = 0;
  denied = 0;

  /** Takes in the traces of another appearance of the same identity. */
  merge(other: Traces): void {
    if (other.first !== null && (this.first === null || other.first.micros < this.first.micros)) {
      this.first = other.first;
    }
    if (other.last !== null && other.lastBasis !== null) this.#see(other.last, other.lastBasis);
    if (other.alive !== null && (this.alive === null || other.alive.micros > this.alive.micros)) {
      this.alive = other.alive;
    }
    this.events += other.events;
    this.denied += other.denied;
  }

  /** A directory says that it was used then. */
  claim(at: Moment): void {
    this.#see(at, 'directory');
    if (this.alive === null || at.micros > this.alive.micros) this.alive = at;
  }

  #see(at: Moment, basis: SeenBasis): void {
    const later = this.last === null ? 1 : at.micros - this.last.micros;
    if (later > 0 || (later === 0 && strength[basis] > strength[this.lastBasis ?? 'directory'])) {
      this.last = at;
      this.lastBasis = basis;
    }
  }

  /** Takes in a use. `basis` is what its allowed events show; refusals show less. */
  add(use: Use, basis: 'use' | 'on-behalf', counts: boolean): void {
    const shown = basisOf(use, basis);
    if (this.first === null || use.first.micros < this.first.micros) this.first = use.first;
    this.#see(use.last, shown);
    if (shown !== 'attempt' && (this.alive === null || use.last.micros > this.alive.micros)) {
      this.alive = use.last;
    }
    if (!counts) return;
    this.events += use.events;
    if (use.outcome === 'deny') this.denied += use.events;
  }
}

function basisOf({ outcome, unauthenticated }: Use, basis: 'use' | 'on-behalf'): SeenBasis {
  if (unauthenticated) return 'attempt';
  return outcome === 'deny' || outcome === 'challenge' ? 'denied' : basis;
}
