import type { NumberArray } from './codec.ts';
import { greatest } from './extremes.ts';
import { PairNumbers } from './pair-numbers.ts';

/** A segment has fewer pairs of whatever. */
const mostPairs = 2 ** 17;
/** A wider range of entries is not worth a place for each. */
const widestRange = 2 ** 21;

/**
 * Which pairs of subject and actor used which credentials of sessions. Nearly every credential is of one pair alone: its
 * first one has a place, and only what comes beside it is looked up.
 */
export class SessionUses {
  readonly #least: number;
  /** The first pair of each credential from the least one on, and one more; 0 for none. */
  readonly #first: Uint32Array;
  #places = 0;
  readonly #others = new PairNumbers();

  /** `credentials`: the column, of whose first `count` values some are added. */
  constructor(credentials: NumberArray, count: number) {
    this.#least = leastEntry(credentials, count);
    const range = greatest(credentials, count) - this.#least + 1;
    this.#first = new Uint32Array(range > widestRange ? 0 : range);
  }

  add(pair: number, credential: number): void {
    const place = credential - this.#least;
    const held = this.#first[place];
    if (held === pair + 1) return;
    if (held === 0) {
      this.#first[place] = pair + 1;
      this.#places++;
    } else this.#others.numberOf(pair, credential);
  }

  /** All uses in the order of their credentials, those of one in the order in which they were added. */
  inOrder(): { readonly pairs: Uint32Array; readonly credentials: Uint32Array } {
    const size = this.#places + this.#others.size;
    const [pairs, credentials] = [new Uint32Array(size), new Uint32Array(size)];
    let length = 0;
    const put = (pair: number, credential: number): void => {
      pairs[length] = pair;
      credentials[length++] = credential;
    };
    let place = 0;
    const putFirst = (until: number): void => {
      for (; place < until; place++) {
        const held = this.#first[place] as number;
        if (held !== 0) put(held - 1, place + this.#least);
      }
    };
    for (const other of bySecond(this.#others)) {
      const credential = this.#others.secondOf(other);
      putFirst(Math.min(this.#first.length, credential - this.#least + 1));
      put(this.#others.firstOf(other), credential);
    }
    putFirst(this.#first.length);
    return { pairs, credentials };
  }
}

/** Entry 0, no credential at all, would widen every range. */
function leastEntry(credentials: NumberArray, count: number): number {
  let least = 0;
  for (let row = 0; row < count; row++) {
    const credential = credentials[row] as number;
    if (credential !== 0 && (credential < least || least === 0)) least = credential;
  }
  return least;
}

/** The numbers of the pairs in the order of their second part. */
function bySecond(pairs: PairNumbers): Uint32Array {
  const keys = new Float64Array(pairs.size);
  for (let number = 0; number < keys.length; number++) {
    keys[number] = pairs.secondOf(number) * mostPairs + number;
  }
  keys.sort();
  const numbers = new Uint32Array(keys.length);
  for (let at = 0; at < keys.length; at++) numbers[at] = (keys[at] as number) % mostPairs;
  return numbers;
}
