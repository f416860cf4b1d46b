import type { EvidenceFile, EvidenceState } from '#shared/domain/batch.ts';
import { type ErrorKind, FailureError, type Result } from '#shared/util/result.ts';
import type { Caller } from '#electron/platform/rpc.ts';
import type { WriterService } from '#electron/platform/services.ts';
import type { Gate } from './gate.ts';
import type { Skipped } from './list-inputs.ts';
import type { MessageQueue } from './message-queue.ts';
import type { Progress } from './progress.ts';
import type { FromWorker, InputFile, ToWorker } from './protocol.ts';
import type { TaskMessage } from './read-worker.ts';

/** What all tasks of a run share. */
export interface Intake {
  readonly writer: Caller<WriterService>;
  readonly runId: number;
  /** Files are entered in the case in the order of the listing… */
  readonly registering: Gate;
  /** …and so are their events, so that the same files always make the same case. */
  readonly writing: Gate;
  readonly progress: Progress;
  readonly skipped: Skipped[];
  /** The run is over: what has not been taken in yet is not taken in. */
  readonly signal: AbortSignal;
  /** Counts a log that was read, or that the case had already. */
  readonly countLog: () => void;
}

type EvidenceMessage = Extract<FromWorker, { type: 'evidence' }>;
type BatchMessage = Extract<FromWorker, { type: 'batch' }>;

interface OpenLog {
  readonly evidenceId: number;
  readonly path: string;
  /** What the store had of it before. */
  readonly resumeAt: number;
  readonly skips: Map<string, number>;
}

/** Failures of one file, after which the others can still be read. */
const failuresOfFile: readonly ErrorKind[] = ['refused', 'invalid-input', 'unsupported', 'unusable'];

/** A log that the store knows in part and whose bytes were taken for new: only by hand do they leave a case. */
const wasLost =
  'Its bytes were missing in the case, which had read a part of them. They are there again: import the file again to read the rest.';

/** Takes what a worker finds in one input into the store, in turn with the other inputs. */
export async function takeIn(
  intake: Intake,
  number: number,
  input: InputFile,
  messages: MessageQueue<TaskMessage>,
  reply: (message: ToWorker) => void,
): Promise<void> {
  const { registering, writing, progress } = intake;
  let open: OpenLog | null = null;
  let { bytes } = input;
  /** Waits for this input's turn; false when the run is over by then. */
  const isTurn = async (gate: Gate): Promise<boolean> => {
    await gate.enter(number);
    return !intake.signal.aborted;
  };
  try {
    for (;;) {
      const message = await messages.next();
      if (intake.signal.aborted) return;
      if ('file' in message && message.file?.path === input.path) ({ bytes } = message.file);
      switch (message.type) {
        case 'acquired':
          progress.acquired(input, message.bytes);
          break;
        case 'evidence':
          if (!(await isTurn(registering))) return;
          open = await register(intake, message, reply);
          if (message.isOnly) registering.leave(number);
          break;
        case 'batch':
          if (!(await isTurn(writing))) return;
          if (open !== null && message.isAhead && open.resumeAt > 0) {
            if (message.resumeAt > open.resumeAt) {
              intake.skipped.push({ path: open.path, reason: wasLost });
              open = null;
            }
          } else if (open !== null) await write(intake, open, input, message);
          reply({ type: 'credit', bytes: message.bytes, memory: message.batch.columns.buffer });
          break;
        case 'finished':
          if (!(await isTurn(writing))) return;
          if (open !== null) await finish(intake, open, message.problem);
          open = null;
          break;
        case 'skipped':
          if (!(await isTurn(registering))) return;
          await skip(intake, message);
          break;
        case 'archive':
          if (!(await isTurn(registering))) return;
          await enterArchive(intake, message.file);
          break;
        case 'failed':
          throw new FailureError(message.failure.kind, message.failure.message, message.failure.details);
        case 'died':
          intake.skipped.push({ path: open?.path ?? input.path, reason: restOf(open, message.reason) });
          progress.fileDone(input, bytes);
          return;
        case 'done':
          if (await isTurn(writing)) progress.fileDone(input, bytes);
          return;
      }
    }
  } finally {
    registering.leave(number);
    writing.leave(number);
  }
}

async function register(
  { writer, runId, skipped, countLog }: Intake,
  { file }: EvidenceMessage,
  reply: (message: ToWorker) => void,
): Promise<OpenLog | null> {
  const answer: Result<EvidenceState> = await writer.call('registerEvidence', { runId, file });
  if (!answer.ok && failuresOfFile.includes(answer.error.kind)) {
    skipped.push({ path: file.path, reason: answer.error.message });
    reply({ type: 'registered', status: 'complete', resumeAt: 0 });
    return null;
  }
  const { status, resumeAt, evidenceId } = valueOf(answer);
  countLog();
  reply({ type: 'registered', status, resumeAt });
  return status === 'complete' ? null : { evidenceId, path: file.path, resumeAt, skips: new Map() };
}

async function write(
  { writer, progress }: Intake,
  open: OpenLog,
  input: InputFile,
  { batch, resumeAt }: BatchMessage,
): Promise<void> {
  const { evidenceId, skips } = open;
  const counts = valueOf(await writer.call('writeBatch', { evidenceId, batch, resumeAt }));
  for (const { reason, records } of batch.skipped ?? [])
    skips.set(reason, (skips.get(reason) ?? 0) + records);
  progress.batch(input, resumeAt, counts.events + counts.duplicates, counts.rejected);
}

async function finish({ writer, skipped }: Intake, open: OpenLog, problem: string | null): Promise<void> {
  const { evidenceId, path, skips } = open;
  const atEnd = problem === null ? [] : [{ reason: problem, records: 0 }];
  valueOf(await writer.call('finishEvidence', { evidenceId, skipped: atEnd }));
  for (const [reason, records] of skips) skipped.push({ path, reason, records });
  if (problem !== null) skipped.push({ path, reason: problem });
}

async function skip(
  { writer, runId, skipped }: Intake,
  { path, reason, file }: Extract<FromWorker, { type: 'skipped' }>,
): Promise<void> {
  skipped.push({ path, reason });
  if (file !== null) valueOf(await writer.call('skipEvidence', { runId, file, reason }));
}

/** Into the list of evidence, so that its hash is checked with the others'; it counts for nothing else. */
async function enterArchive({ writer, runId }: Intake, file: EvidenceFile): Promise<void> {
  const reason = 'Archive: its members are listed one by one.';
  valueOf(await writer.call('skipEvidence', { runId, file, reason }));
}

function restOf(open: OpenLog | null, reason: string): string {
  if (open === null) return reason;
  return `${reason} What had been read is in the case; import the file again to read the rest.`;
}

/** The value, or the failure thrown: the run cannot go on. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { kind, message, details } = result.error;
  throw new FailureError(kind, message, details);
}
