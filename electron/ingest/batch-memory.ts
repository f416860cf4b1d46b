/** Memory is asked for with this part of it to spare, so that a batch of about the same size fits there next. */
const spare = 1 / 8;
/** And taken for no batch that would leave more than this part empty: Electron's ports send memory whole. */
const mostEmpty = 1 / 4;
const mostFree = 8;

/** Memory for the columns of batches, which comes back when they are written: neither cleared nor collected each time. */
export class BatchMemory {
  readonly #free: ArrayBuffer[] = [];

  /** So many bytes of any content. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const at = this.#free.findIndex(
      ({ byteLength }) => byteLength >= bytes && byteLength * (1 - mostEmpty) <= bytes,
    );
    const [free] = at === -1 ? [] : this.#free.splice(at, 1);
    return new Uint8Array(free ?? new ArrayBuffer(Math.ceil(bytes * (1 + spare))), 0, bytes);
  }

  giveBack(memory: ArrayBuffer): void {
    this.#free.push(memory);
    if (this.#free.length > mostFree) this.#free.shift();
  }
}
