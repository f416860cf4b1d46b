import type { AssembledReader } from './record-reader.ts';

/** What is seen where nothing can be remembered. */
export const unseen = 0;

/** Of a slot and of what was seen there. */
const wordsOfLook = 2;

/**
 * What the parts that are running look at, in order and each slot once, and what they see there. It lies in the module's
 * memory, where the module learns from it; looks of a part follow on those of the part that has asked for it.
 */
export class Trails {
  readonly #scanner: AssembledReader;
  /** Where looks of parts that are running begin, the outermost first, and whether all of them can be remembered. */
  readonly #starts: number[] = [];
  readonly #areWhole: boolean[] = [];
  /** Where the looks of the part that runs begin. */
  #start = 0;
  #end = 0;
  #isWhole = true;

  constructor(scanner: AssembledReader) {
    this.#scanner = scanner;
  }

  /** A part begins to run. */
  begin(): void {
    this.#starts.push(this.#start);
    this.#areWhole.push(this.#isWhole);
    this.#start = this.#end;
    this.#isWhole = true;
  }

  /**
   * It has come to a value, which is remembered for what it looked at. `isSeenThrough`: whoever has asked for it has
   * looked at the same.
   */
  finish(part: number, value: number, isSeenThrough: boolean): void {
    const looks = (this.#end - this.#start) / wordsOfLook;
    const isWhole = this.#isWhole;
    if (isWhole) this.#scanner.learn(part, this.#start / wordsOfLook, looks, value);
    this.#end = this.#start;
    this.#start = this.#starts.pop() ?? 0;
    this.#isWhole = this.#areWhole.pop() ?? true;
    if (!isSeenThrough) return;
    this.#isWhole &&= isWhole;
    this.#take(looks);
  }

  /** The value of a part that is seen through, of which the looks are those of the part that runs; 0: to be learnt. */
  trace(part: number): number {
    const value = this.#scanner.trace(part, this.#end / wordsOfLook);
    if (value !== 0) this.#take(this.#scanner.tracedLooks);
    return value;
  }

  /** So many looks that follow in the trail are those of the part that runs. */
  #take(looks: number): void {
    const { trail } = this.#scanner;
    const end = this.#end + looks * wordsOfLook;
    for (let at = this.#end; at < end; at += wordsOfLook) {
      const slot = trail[at] as number;
      const member = this.#scanner.withins.memberOf(slot);
      if (!this.has(slot) && (member === null || !this.has(member))) this.add(slot, trail[at + 1] as number);
    }
  }

  /** No part runs any more. */
  clear(): void {
    this.#starts.length = 0;
    this.#areWhole.length = 0;
    this.#start = 0;
    this.#end = 0;
    this.#isWhole = true;
  }

  /** Whether the part that runs has looked at a slot; of none it does not matter. */
  has(slot: number): boolean {
    const { trail } = this.#scanner;
    for (let at = this.#start; at < this.#end; at += wordsOfLook) if (trail[at] === slot) return true;
    return this.#starts.length === 0;
  }

  /** The part that runs looks at a slot, for the first time. */
  add(slot: number, seen: number): void {
    const { trail } = this.#scanner;
    if (seen === unseen || this.#end >= trail.length) {
      this.#isWhole = false;
      return;
    }
    trail[this.#end] = slot;
    trail[this.#end + 1] = seen;
    this.#end += wordsOfLook;
  }
}
