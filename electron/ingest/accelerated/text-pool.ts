/** Bytes of all texts, from which on there should be no more. */
const full = 24 * 1024 * 1024;
/** Of one UTF-16 unit in UTF-8. */
const mostBytes = 3;

/** Texts by number, from 1 on, kept as bytes: no garbage collector looks at them. */
export class TextPool {
  #bytes = Buffer.allocUnsafeSlow(1024 * 1024);
  /** Where each text ends; text 0 is empty. */
  #ends = new Uint32Array(4096);
  #count = 1;

  add(text: string): number {
    const number = this.#count++;
    const start = this.#ends[number - 1] as number;
    const needed = start + text.length * mostBytes;
    if (needed > this.#bytes.length) this.#growBytes(needed);
    if (number >= this.#ends.length) this.#growEnds();
    this.#ends[number] = start + this.#bytes.write(text, start, 'utf8');
    return number;
  }

  textOf(number: number): string {
    return this.#bytes.toString('utf8', this.#ends[number - 1], this.#ends[number]);
  }

  /** Of a text, in bytes. */
  lengthOf(number: number): number {
    return (this.#ends[number] as number) - (this.#ends[number - 1] as number);
  }

  /** Texts, text 0 among them. */
  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return (this.#ends[this.#count - 1] as number) >= full;
  }

  clear(): void {
    this.#count = 1;
  }

  #growBytes(needed: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, needed));
    this.#bytes.copy(bytes);
    this.#bytes = bytes;
  }

  #growEnds(): void {
    const ends = new Uint32Array(this.#ends.length * 2);
    ends.set(this.#ends);
    this.#ends = ends;
  }
}
