import type { IngestProgress, VerifyProgress } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import type { Terminal } from './terminal.ts';
import { byteSize, count, duration, visible } from './text.ts';

export interface ProgressView<Item> {
  readonly show: (item: Item) => void;
  /** Shows what came last, if it was held back. */
  readonly end: () => void;
}

const jsonInterval = 1_000;
const lineInterval = 100;

/** Shows progress on standard error as the `--progress` option says. Throws kind `invalid-input` for another mode. */
export function createProgress<Item extends object>(
  mode: string | undefined,
  terminal: Terminal,
  lineOf: (item: Item) => string,
  now: () => number = () => performance.now(),
): ProgressView<Item> {
  const chosen = mode ?? (terminal.showsProgress ? 'line' : 'none');
  if (chosen === 'none') return { show: () => undefined, end: () => undefined };
  if (chosen !== 'line' && chosen !== 'json') {
    throw new FailureError(
      'invalid-input',
      `--progress is “line”, “json” or “none”, not “${visible(chosen)}”.`,
    );
  }
  const print = (item: Item): void =>
    chosen === 'json' ? terminal.note(JSON.stringify(item)) : terminal.status(lineOf(item));
  const interval = chosen === 'json' ? jsonInterval : lineInterval;
  let shownAt = Number.NEGATIVE_INFINITY;
  let held: Item | null = null;
  return {
    show(item) {
      if (now() - shownAt < interval) {
        held = item;
        return;
      }
      shownAt = now();
      held = null;
      print(item);
    },
    end() {
      if (held !== null && chosen === 'json') print(held);
      held = null;
    },
  };
}

export function ingestLine(progress: IngestProgress): string {
  if (progress.phase === 'listing') return 'Looking for files …';
  if (progress.phase === 'finishing') return `Finishing: ${count(progress.events)} events …`;
  const { bytesDone, bytesTotal, secondsLeft } = progress;
  const parts = [
    bytesTotal > 0 ? `${Math.floor((100 * bytesDone) / bytesTotal)} %` : '',
    `${byteSize(bytesDone)} of ${byteSize(bytesTotal)}`,
    `${count(progress.events)} events`,
    `${count(progress.eventsPerSecond)}/s`,
    secondsLeft === null ? '' : `${duration(secondsLeft)} left`,
    progress.file === null ? '' : visible(progress.file),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

export function verifyLine({ checked, total, what }: VerifyProgress): string {
  return `Verifying ${checked} of ${total}: ${visible(what)}`;
}
