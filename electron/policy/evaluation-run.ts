import { availableParallelism } from 'node:os';
import { FailureError } from '#shared/util/result.ts';
import { type ThreadLimits, threadLimits } from './limits.ts';
import type { LineBlock } from './line-blocks.ts';
import { Slots } from './slots.ts';
import { type BundleChoice, type Casualty, type EvaluateJob, type Tally, phases } from './thread/protocol.ts';
import { SupervisedThread, type ThreadServices } from './thread/supervised.ts';

export interface RunOptions {
  /** The bundle of all lines; null where each line names its own. */
  readonly bundle: BundleChoice | null;
  readonly signal: AbortSignal;
  readonly services: ThreadServices;
  /** Takes answers in the order of the lines; the run waits for it. */
  readonly emit: (text: string, tally: Tally) => Promise<void>;
  /** A thread that has loaded the bundle already. It is ended with the others. */
  readonly first?: SupervisedThread;
  readonly limits?: ThreadLimits;
  readonly threads?: number;
}

/** Threads at most: more only wait for the one that writes. */
const mostThreads = 8;
/** Blocks that may be read ahead of the one whose answers are next. */
const blocksPerThread = 4;

/**
 * Answers blocks of lines in worker threads, in order. A thread is started only where the others are busy. A block
 * whose thread dies is taken up again after the unit that killed it.
 */
export async function runEvaluation(blocks: AsyncIterable<LineBlock>, options: RunOptions): Promise<void> {
  const { signal, services, limits = threadLimits } = options;
  const most = options.threads ?? Math.min(mostThreads, availableParallelism());
  const all = options.first === undefined ? [] : [options.first];
  const idle = [...all];
  const losses = new Losses(limits.casualties);
  const [threadSlots, blockSlots] = [new Slots(most), new Slots(most * blocksPerThread)];
  const endAll = (): void => {
    for (const thread of all) void thread.end();
  };
  signal.addEventListener('abort', endAll, { once: true });

  const answer = async (block: LineBlock): Promise<readonly Answers[]> => {
    const thread = idle.pop() ?? new SupervisedThread(services, limits);
    if (!all.includes(thread)) all.push(thread);
    try {
      return await answerBlock(thread, block, options, losses);
    } finally {
      idle.push(thread);
      threadSlots.release();
    }
  };
  let failed = false;
  const give = async (before: Promise<void>, answers: Promise<readonly Answers[]>): Promise<void> => {
    try {
      // A failure that comes before its turn is told in its turn.
      answers.catch(() => undefined);
      await before;
      for (const { text, tally } of await answers) await options.emit(text, tally);
    } catch (thrown) {
      failed = true;
      throw thrown;
    } finally {
      blockSlots.release();
    }
  };
  let given = Promise.resolve();
  try {
    for await (const block of blocks) {
      await blockSlots.acquire();
      await threadSlots.acquire();
      if (signal.aborted || failed) break;
      given = give(given, answer(block));
      given.catch(() => undefined);
    }
    await given;
  } finally {
    signal.removeEventListener('abort', endAll);
    await Promise.all(all.map((thread) => thread.end()));
  }
  if (signal.aborted) throw new FailureError('cancelled', 'Cancelled.');
}

interface Answers {
  readonly text: string;
  readonly tally: Tally;
}

/** Counts the threads that one bundle has cost. */
class Losses {
  readonly #most: number;
  #count = 0;
  constructor(most: number) {
    this.#most = most;
  }
  add(): void {
    this.#count++;
  }
  get reason(): string | null {
    if (this.#count < this.#most) return null;
    return `The bundle has ended ${this.#count} evaluators or kept them too long; no more of it is evaluated.`;
  }
}

async function answerBlock(
  thread: SupervisedThread,
  { firstLine, lines }: LineBlock,
  { bundle, signal, limits = threadLimits }: RunOptions,
  runLosses: Losses,
): Promise<readonly Answers[]> {
  const answers: Answers[] = [];
  const casualties: Casualty[] = [];
  // Where each line has a bundle of its own, one that kills threads says nothing about the next.
  const losses = bundle === null ? new Losses(limits.casualties * 4) : runLosses;
  let from = 0;
  while (!signal.aborted) {
    const job: EvaluateJob = {
      kind: 'evaluate',
      bundle,
      firstLine,
      lines,
      from,
      casualties,
      giveUp: losses.reason,
    };
    const attempt = await thread.attempt(job, (text, tally) => {
      answers.push({ text, tally });
      from += tally.answers;
    });
    if (attempt.type === 'done') break;
    if (attempt.type === 'failed') {
      throw new FailureError(attempt.failure.kind, attempt.failure.message, attempt.failure.details);
    }
    const { casualty } = attempt;
    if (bundle !== null && casualty.phase === phases.loading) {
      throw new FailureError('unusable', `The bundle cannot be loaded: ${casualty.reason}`);
    }
    casualties.push(casualty);
    losses.add();
  }
  return answers;
}
