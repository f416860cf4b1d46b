import { createHash } from 'node:crypto';

/** Merkle tree of RFC 6962, section 2.1: SHA-256, leaves prefixed with 0x00, nodes with 0x01. */

export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(entry).digest();
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

/** The root while leaves are appended; keeps one hash for each complete subtree, O(log n). */
export class MerkleRoot {
  #size = 0;
  /** Roots of the complete subtrees from the largest to the smallest, as the bits of `size` say. */
  readonly #subtrees: Buffer[] = [];

  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#size = 0;
    this.#subtrees.length = 0;
  }

  append(leaf: Uint8Array): void {
    let hash: Buffer = Buffer.from(leaf);
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      hash = nodeHash(this.#subtrees.pop() as Buffer, hash);
    }
    this.#subtrees.push(hash);
    this.#size += 1;
  }

  /** Of no leaves: the hash of nothing. */
  root(): Buffer {
    const root = this.#subtrees.reduceRight<Buffer | null>(
      (right, left) => (right === null ? left : nodeHash(left, right)),
      null,
    );
    return root ?? createHash('sha256').digest();
  }
}

/** Root of a list of leaf hashes. */
export function rootOf(leaves: readonly Uint8Array[]): Buffer {
  const tree = new MerkleRoot();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

/** Audit path of leaf `index` in the tree of all `leaves` (RFC 6962, 2.1.1), from the leaf upwards. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Buffer[] {
  if (leaves.length <= 1) return [];
  const split = largestPowerBelow(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProof(left, index), rootOf(right)]
    : [...inclusionProof(right, index - split), rootOf(left)];
}

/** Proof that the tree of the first `size` leaves is a prefix of the tree of all (RFC 6962, 2.1.2). */
export function consistencyProof(leaves: readonly Uint8Array[], size: number): Buffer[] {
  return size === 0 ? [] : subproof(leaves, size, true);
}

function subproof(leaves: readonly Uint8Array[], size: number, known: boolean): Buffer[] {
  if (size === leaves.length) return known ? [] : [rootOf(leaves)];
  const split = largestPowerBelow(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return size <= split
    ? [...subproof(left, size, known), rootOf(right)]
    : [...subproof(right, size - split, false), rootOf(left)];
}

/** Checks an audit path (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index >= size) return false;
  let [position, last] = [index, size - 1];
  let hash: Uint8Array = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else hash = nodeHash(hash, sibling);
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && Buffer.compare(hash, root) === 0;
}

/** Checks a consistency proof (RFC 9162, 2.1.4.2). */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && Buffer.compare(oldRoot, newRoot) === 0;
  if (oldSize === 0) return proof.length === 0;
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  let [position, last] = [oldSize - 1, newSize - 1];
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  let [older, newer] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else newer = nodeHash(newer, sibling);
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && Buffer.compare(older, oldRoot) === 0 && Buffer.compare(newer, newRoot) === 0;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return 2 ** Math.round(Math.log2(value)) === value;
}

/** The largest power of two that is smaller than `count` (at least 2). */
function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
