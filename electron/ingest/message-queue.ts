/** Messages in the order they came, for one reader that waits for the next. */
export class MessageQueue<T> {
  #messages: T[] = [];
  #wake: (() => void) | null = null;

  push(message: T): void {
    this.#messages.push(message);
    this.#wake?.();
    this.#wake = null;
  }

  async next(): Promise<T> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
