/** Sizes are rounded up to this, so that one batch fits where another was. */
const step = 1024 * 1024;
const mostFree = 8;

/** Memory for the columns of batches, which comes back when they are written: neither cleared nor collected each time. */
export class BatchMemory {
  readonly #free: ArrayBuffer[] = [];

  /** So many bytes of any content. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const at = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    const [free] = at === -1 ? [] : this.#free.splice(at, 1);
    return new Uint8Array(free ?? new ArrayBuffer(Math.ceil(bytes / step) * step), 0, bytes);
  }

  giveBack(memory: ArrayBuffer): void {
    this.#free.push(memory);
    if (this.#free.length > mostFree) this.#free.shift();
  }
}
