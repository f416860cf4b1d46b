import type { RunStatus } from '#shared/ipc/respond-views.ts';

interface Due {
  readonly run: string;
  readonly round: string;
  readonly timer: NodeJS.Timeout;
}

/** A timer cannot be set for longer than this. */
const longestTimer = 2 ** 31 - 1;

/**
 * Looks at runs again when their times have come: +30 s, +5 min, at the residual time, a day later. The times are in
 * the journal, so that a host that was started meanwhile makes up for what is overdue.
 */
export class Reverification {
  readonly #verify: (run: string, round: string) => Promise<void>;
  readonly #now: () => number;
  readonly #due = new Map<string, Due>();

  /** `verify` tells by itself what it found; a failure (a provider is down, no case is open) waits for the next round. */
  constructor(verify: (run: string, round: string) => Promise<void>, now: () => number = () => Date.now()) {
    this.#verify = verify;
    this.#now = now;
  }

  /** Sets timers for the rounds of a run that are still to come, and makes up for the latest that was missed. */
  watch({ run, scheduled, rounds }: Pick<RunStatus, 'run' | 'scheduled' | 'rounds'>): void {
    const open = scheduled.filter(({ round }) => !rounds.includes(round));
    const overdue = open.filter(({ at }) => Date.parse(at) <= this.#now()).at(-1);
    for (const { round, at } of open) {
      const wait = Date.parse(at) - this.#now();
      if (wait <= 0 && round !== overdue?.round) continue;
      if (wait <= longestTimer) this.#set(run, round, Math.max(0, wait));
    }
  }

  stop(): void {
    for (const { timer } of this.#due.values()) clearTimeout(timer);
    this.#due.clear();
  }

  #set(run: string, round: string, wait: number): void {
    const key = `${run} ${round}`;
    clearTimeout(this.#due.get(key)?.timer);
    const timer = setTimeout(() => {
      this.#due.delete(key);
      void this.#verify(run, round).catch(() => undefined);
    }, wait);
    // The command line ends when its work is done; only a host that stays looks again.
    timer.unref();
    this.#due.set(key, { run, round, timer });
  }
}
