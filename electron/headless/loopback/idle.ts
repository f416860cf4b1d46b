/** Tells when nobody has used the host for a while. An open request, such as a page's event feed or an import, is use. */
export class IdleWatch {
  /** Settles when it is time to end; never with a time of 0. */
  readonly idle: Promise<void>;
  readonly #milliseconds: number;
  readonly #end: () => void;
  #open = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(minutes: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.idle = promise;
    this.#end = resolve;
    this.#milliseconds = minutes * 60_000;
    this.#wait();
  }

  begin(): void {
    this.#open++;
    this.stop();
  }

  end(): void {
    this.#open--;
    if (this.#open === 0) this.#wait();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(): void {
    if (this.#milliseconds > 0) this.#timer = setTimeout(this.#end, this.#milliseconds).unref();
  }
}
