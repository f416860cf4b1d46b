/** Bytes that may be under way at once. What is larger than all of them goes alone. */
export class Credit {
  readonly #whole: number;
  #left: number;
  #onMore: (() => void) | null = null;

  constructor(bytes: number) {
    this.#whole = bytes;
    this.#left = bytes;
  }

  async spend(bytes: number): Promise<void> {
    while (this.#left < this.#whole && this.#left < bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onMore = resolve;
      await promise;
    }
    this.#left -= bytes;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
    this.#onMore?.();
    this.#onMore = null;
  }
}
