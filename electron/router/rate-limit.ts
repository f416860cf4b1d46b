/** SECURITY: a page that runs wild must not keep the host from everything else. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  #available: number;
  #countedAt: number;

  constructor(perSecond: number, burst: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#now = now;
    this.#available = burst;
    this.#countedAt = now();
  }

  /** Takes one request from what is allowed; false where there is none left. */
  take(): boolean {
    const now = this.#now();
    const refilled = this.#available + ((now - this.#countedAt) / 1000) * this.#perSecond;
    this.#available = Math.min(this.#burst, refilled);
    this.#countedAt = now;
    if (this.#available < 1) return false;
    this.#available--;
    return true;
  }
}
