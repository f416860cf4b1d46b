import { nodeHash } from '#electron/custody/merkle.ts';

/** Inclusion proofs (RFC 6962, 2.1.1) for many leaves of one tree: every subtree is hashed once. */
export class ProofTree {
  readonly #leaves: readonly Buffer[];
  readonly #subtrees = new Map<number, Buffer>();

  constructor(leaves: readonly Buffer[]) {
    this.#leaves = leaves;
  }

  root(): Buffer {
    return this.#hash(0, this.#leaves.length);
  }

  /** From the leaf upwards. */
  proof(index: number): Buffer[] {
    const path: Buffer[] = [];
    let [start, end] = [0, this.#leaves.length];
    while (end - start > 1) {
      const split = start + largestPowerBelow(end - start);
      if (index < split) {
        path.push(this.#hash(split, end));
        end = split;
      } else {
        path.push(this.#hash(start, split));
        start = split;
      }
    }
    return path.toReversed();
  }

  #hash(start: number, end: number): Buffer {
    const leaf = this.#leaves[start];
    if (end - start === 1 && leaf !== undefined) return leaf;
    const key = start * (this.#leaves.length + 1) + end;
    const known = this.#subtrees.get(key);
    if (known !== undefined) return known;
    const split = start + largestPowerBelow(end - start);
    const hash = nodeHash(this.#hash(start, split), this.#hash(split, end));
    this.#subtrees.set(key, hash);
    return hash;
  }
}

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
