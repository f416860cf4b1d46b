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

  /** Takes in a use. `basis` is what its allowed events show; refusals show less. */
  add(use: Use, basis: 'use' | 'on-behalf', counts: boolean): void {
    const shown = basisOf(use, basis);
    if (this.first === null || use.first.micros < this.first.micros) this.first = use.first;
    const later = this.last === null ? 1 : use.last.micros - this.last.micros;
    if (later > 0 || (later === 0 && strength[shown] > strength[this.lastBasis ?? 'directory'])) {
      this.last = use.last;
      this.lastBasis = shown;
    }
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
