/** Lets numbered parties through in their order: `enter(n)` waits until all below `n` have left for good. */
export class Gate {
  #next = 0;
  readonly #left = new Set<number>();
  readonly #waiting = new Map<number, () => void>();

  async enter(party: number): Promise<void> {
    if (party <= this.#next) return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(party, resolve);
    });
  }

  /** The party will not come again. */
  leave(party: number): void {
    if (party < this.#next) return;
    this.#left.add(party);
    while (this.#left.delete(this.#next)) this.#next++;
    this.#waiting.get(this.#next)?.();
    this.#waiting.delete(this.#next);
  }
}
