import type { Outcome } from '../domain/event.ts';

/** Where a record is delivered: a trail's folder of one account and region, or a cluster's log. */
export interface Stream {
  readonly kind: 'cloudtrail' | 'kubernetes';
  /** Account of a trail, name of a cluster. */
  readonly owner: string;
  readonly region: string;
}

/** One record, as it is written to its stream. */
export interface Emission {
  readonly stream: Stream;
  readonly text: string;
  /** RFC 3339, whole seconds: for order and coverage. */
  readonly time: string;
  readonly outcome: Outcome;
  /** Durable identity of the subject; null where the record names none. */
  readonly subject: string | null;
}

export type Emit = (emission: Emission) => void;

/** Streams by name, one object each. */
export class Streams {
  readonly #known = new Map<string, Stream>();

  trail(account: string, region: string): Stream {
    return this.#stream({ kind: 'cloudtrail', owner: account, region });
  }

  cluster(name: string): Stream {
    return this.#stream({ kind: 'kubernetes', owner: name, region: '' });
  }

  all(): readonly Stream[] {
    return [...this.#known.values()];
  }

  #stream(stream: Stream): Stream {
    const key = `${stream.kind}/${stream.owner}/${stream.region}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, stream);
    return stream;
  }
}
