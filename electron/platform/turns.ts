/**
 * Starts calls one by one, the most urgent first and else in their order, each in a turn of its own: what came
 * meanwhile, a cancel say, is heard before the next one starts.
 */
export class Turns {
  readonly #waiting: { readonly id: number; readonly urgency: number; readonly start: () => void }[] = [];

  add(id: number, urgency: number, start: () => void): void {
    this.#waiting.push({ id, urgency, start });
    if (this.#waiting.length === 1) this.#schedule();
  }

  /** Takes a call out that has not started; whether there was one. */
  remove(id: number): boolean {
    const at = this.#waiting.findIndex((call) => call.id === id);
    if (at === -1) return false;
    this.#waiting.splice(at, 1);
    return true;
  }

  #schedule(): void {
    setImmediate(() => this.#next());
  }

  #next(): void {
    const most = Math.max(...this.#waiting.map(({ urgency }) => urgency));
    const at = this.#waiting.findIndex(({ urgency }) => urgency === most);
    const [call] = at === -1 ? [] : this.#waiting.splice(at, 1);
    if (this.#waiting.length > 0) this.#schedule();
    call?.start();
  }
}
