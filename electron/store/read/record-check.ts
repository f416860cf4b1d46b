/** Positions of events, in any order and any number of stretches; row i of each column is one event. */
export interface EventPositions {
  readonly count: number;
  readonly evidenceIds: ArrayLike<number>;
  readonly offsets: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
}

const samplesPerFile = 64;

/** Where the events of each file lie: how far they reach, and some of them to be read again. */
export class RecordCheck {
  readonly #ends = new Map<number, number>();
  readonly #samples = new Map<number, Samples>();
  readonly unknown = new Set<number>();
  events = 0;

  constructor(evidenceIds: readonly number[]) {
    for (const id of evidenceIds) {
      this.#ends.set(id, 0);
      this.#samples.set(id, new Samples());
    }
  }

  add({ count, evidenceIds, offsets, lengths }: EventPositions): void {
    this.events += count;
    for (let index = 0; index < count; index++) {
      const id = evidenceIds[index] as number;
      const [offset, length] = [offsets[index] as number, lengths[index] as number];
      const end = this.#ends.get(id);
      if (end === undefined) {
        this.unknown.add(id);
        continue;
      }
      if (offset + length > end) this.#ends.set(id, offset + length);
      this.#samples.get(id)?.offer(offset, length);
    }
  }

  endOf(evidenceId: number): number {
    return this.#ends.get(evidenceId) ?? 0;
  }

  samplesOf(evidenceId: number): Samples {
    return this.#samples.get(evidenceId) ?? new Samples();
  }
}

interface Sample {
  readonly offset: number;
  readonly length: number;
  bytes: Uint8Array | null;
}

/** Some records of a file, spread over it: every n-th, with n doubled whenever there are too many. */
class Samples {
  #list: Sample[] = [];
  #seen = 0;
  #step = 1;

  offer(offset: number, length: number): void {
    if (this.#seen++ % this.#step !== 0) return;
    this.#list.push({ offset, length, bytes: null });
    if (this.#list.length <= samplesPerFile) return;
    this.#list = this.#list.filter((_, index) => index % 2 === 0);
    this.#step *= 2;
  }

  /** Keeps the samples that lie within a chunk of the decoded stream. */
  take(chunk: Uint8Array, start: number): void {
    for (const sample of this.#list) {
      const from = sample.offset - start;
      if (from >= 0 && from + sample.length <= chunk.length)
        sample.bytes = Uint8Array.from(chunk.subarray(from, from + sample.length));
    }
  }

  /** The offset of the first record that is read differently; null where all are the same. */
  compare(read: (offset: number, length: number) => Uint8Array): number | null {
    for (const { offset, length, bytes } of this.#list) {
      const again = read(offset, length);
      if (bytes !== null && Buffer.compare(bytes, again) !== 0) return offset;
    }
    return null;
  }
}
