import type { Assembled, Layout } from './assembled.ts';

/** Room that is kept for the texts of one record. */
const spareBytes = 2 * 1024 * 1024;
/** Texts that one record may add. */
const spareTexts = 64;
/** Of one UTF-16 unit in UTF-8. */
const mostBytes = 3;

/** Texts by number, from 1 on, kept as bytes in the module's memory: no garbage collector looks at them. */
export class TextPool {
  readonly #module: Assembled;
  readonly #layout: Layout;
  #bytes: Buffer = Buffer.alloc(0);
  /** Where each text ends; text 0 is empty. */
  #ends = new Uint32Array(0);
  #count = 1;

  constructor(module: Assembled, layout: Layout) {
    this.#module = module;
    this.#layout = layout;
  }

  /** Makes the views anew: the module's memory has grown. */
  view(): void {
    const { entryTexts, entryTextsSize, entryEnds, mostEntries } = this.#layout;
    const { buffer } = this.#module.memory;
    this.#bytes = Buffer.from(buffer, entryTexts, entryTextsSize);
    this.#ends = new Uint32Array(buffer, entryEnds, mostEntries);
  }

  /** The number that the text gets. Throws where there is no room: a record may have more text than is kept for it. */
  add(text: string): number {
    const number = this.#count;
    const start = this.#ends[number - 1] as number;
    if (start + text.length * mostBytes > this.#bytes.length || number >= this.#ends.length) {
      throw new RangeError('the texts of a record have no room');
    }
    this.#ends[number] = start + this.#bytes.write(text, start, 'utf8');
    this.#count++;
    return number;
  }

  textOf(number: number): string {
    return this.#bytes.toString('utf8', this.#ends[number - 1], this.#ends[number]);
  }

  /** Whether there should be no more. */
  get isFull(): boolean {
    const used = this.#ends[this.#count - 1] as number;
    return used >= this.#bytes.length - spareBytes || this.#count >= this.#ends.length - spareTexts;
  }

  clear(): void {
    this.#count = 1;
  }
}
