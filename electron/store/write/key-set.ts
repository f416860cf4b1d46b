import { randomBytes } from 'node:crypto';
import { type AssembledMemory, assembledModule } from '#electron/platform/assembled.ts';
import { wasm } from './event-keys-module.ts';

/** What electron/assembly/event-keys.ts exports. */
interface Assembled {
  readonly memory: AssembledMemory;
  readonly begin: (seed0: bigint, seed1: bigint) => void;
  readonly size: () => number;
  readonly prepare: (more: number) => void;
  readonly keysAddress: () => number;
  readonly addedAddress: () => number;
  readonly add: (keys: number) => number;
}

const instance = assembledModule(wasm);

/**
 * The 128-bit keys of all events of a case: exact, some 24 bytes an event. Keys may be chosen by whoever writes the log
 * (a Kubernetes client names its own audit id), so they are spread by a secret that is drawn anew each time; the
 * answers do not depend on it.
 */
export class KeySet {
  readonly #assembled: Assembled;
  #words = new Uint32Array(0);

  constructor() {
    this.#assembled = instance() as Assembled;
    const secret = randomBytes(16);
    this.#assembled.begin(secret.readBigUInt64LE(0), secret.readBigUInt64LE(8));
  }

  get size(): number {
    return this.#assembled.size();
  }

  /** Adds the first `count` keys, four words each; answers the positions of those that were not there, in order. */
  addNew(keys: Uint32Array, count: number): Uint32Array {
    const { memory, prepare, keysAddress, addedAddress, add } = this.#assembled;
    prepare(count);
    if (this.#words.buffer !== memory.buffer) this.#words = new Uint32Array(memory.buffer);
    // Addresses above 2 GiB come as negative numbers.
    this.#words.set(keys.subarray(0, count * 4), (keysAddress() >>> 0) / 4);
    const added = add(count);
    const from = (addedAddress() >>> 0) / 4;
    return this.#words.slice(from, from + added);
  }
}
