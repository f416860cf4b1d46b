import { type Phase, phases } from './thread/protocol.ts';

/** Bounds on one evaluator thread. What goes beyond them is answered with `indeterminate`. */
export interface ThreadLimits {
  readonly heapMegabytes: number;
  /** Milliseconds that a thread may be at one unit of each phase. */
  readonly milliseconds: Readonly<Record<Phase, number>>;
  /** Threads that one job may cost before its rest is given up. */
  readonly casualties: number;
}

export const threadLimits: ThreadLimits = {
  heapMegabytes: 2048,
  milliseconds: {
    [phases.idle]: 10_000,
    [phases.loading]: 120_000,
    [phases.evaluating]: 10_000,
    // The user's own programs have a limit of their own, which comes first.
    [phases.awaiting]: 180_000,
  },
  casualties: 5,
};

/** Milliseconds that one run of the user's own program may take. */
export const programMilliseconds = 120_000;
/** Bytes of its output. */
export const programOutput = 256 * 2 ** 20;
/** Characters of one line of requests. */
export const longestLine = 64 * 2 ** 20;
