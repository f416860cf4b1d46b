import type { EvidenceFile, EvidenceState } from '#shared/domain/batch.ts';
import type { DirectoryFormat } from '#shared/domain/directory.ts';
import type { LogFormat } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { PackedBatch } from '#shared/domain/packed-batch.ts';
import { longestRecord } from '#electron/evidence/records/record.ts';
import { syntaxHead } from '#electron/evidence/records/syntax.ts';
import type { Extractors } from './accelerated/extractors.ts';
import type { BatchBuilder } from './batch-builder.ts';
import { type FormatFinding, type Sniff, detectFormat, sniff, sniffBeyond } from './detect-format.ts';
import { settleDateOrder } from './date-order.ts';
import { detectDirectory } from './detect-directory.ts';
import { importDirectory } from './directory-import.ts';
import { foreignData } from './foreign-data.ts';
import { type ReadBatch, importLog } from './log-import.ts';
import type { KeptLog, LeftOut, OpenInput } from './log-source.ts';
import type { FromWorker, InputFile } from './protocol.ts';

/** The other side of a worker: the coordinator. */
export interface Desk {
  send(message: FromWorker, transfer?: readonly ArrayBuffer[]): void;
  /** What the store knows of the log that was announced last; logs are answered in their order. */
  registration(): Promise<Pick<EvidenceState, 'status' | 'resumeAt'>>;
  /** Waits until so many bytes of batches may be sent. */
  spend(bytes: number): Promise<void>;
}

export interface ReadSettings {
  readonly formats: readonly LogFormat[];
  /** Exports of directories, looked for where no log format fits. */
  readonly directories: readonly DirectoryFormat[];
  /** The analyst's choice; null to detect. */
  readonly format: LogFormat | null;
  readonly directory: DirectoryFormat | null;
  /** What the columns of a directory's table mean. */
  readonly mapping: JsonObject | null;
  /** When directory exports were made, where they do not say. */
  readonly takenAt: string | null;
  readonly timeZone: string | null;
  /** Used for one log after another: its columns are large. */
  readonly builder: BatchBuilder;
  /** Keep what they have learnt from one log to the next. */
  readonly extractors: Extractors;
}

/** Reads one input and tells the desk what it holds. */
export async function readTask(
  input: InputFile,
  open: OpenInput,
  settings: ReadSettings,
  desk: Desk,
): Promise<void> {
  const { isArchive, logs } = await open(input, (bytes) => desk.send({ type: 'acquired', bytes }));
  for await (const log of logs) {
    if (log.kind === 'left-out') leaveOut(log, settings, desk);
    else if (log.kind === 'archive') {
      desk.send({ type: 'archive', file: { ...log.file, format: null, syntax: null, timeZone: null } });
    } else await readLog(log, !isArchive, settings, desk);
  }
  desk.send({ type: 'done' });
}

async function readLog(log: KeptLog, isOnly: boolean, settings: ReadSettings, desk: Desk): Promise<void> {
  const { path } = log.file;
  const isChosen = settings.format !== null || settings.directory !== null;
  const skip = !isChosen ? skippedByPath(settings.formats, path) : null;
  if (skip !== null) {
    leaveOut({ kind: 'left-out', path, reason: skip, file: log.file }, settings, desk);
    return;
  }
  let stream = new PeekedStream(() => log.read());
  const { sniffed, finding } = judgeStream(stream, settings);
  if (finding.kind === 'none') {
    const reason = stream.problem === null ? finding.reason : `${finding.reason} Also: ${stream.problem}.`;
    leaveOut({ kind: 'left-out', path, reason, file: log.file }, settings, desk);
    stream.close();
    return;
  }
  const { markLength } = sniffed;
  const syntax = settleDateOrder(sniffed.syntax, markLength, sniffed.records, () => log.read());
  const file: EvidenceFile = {
    ...log.file,
    format: finding.format.name,
    syntax,
    timeZone: settings.timeZone,
  };
  const plan = { file, syntax, markLength };
  const { builder, extractors, mapping, takenAt } = settings;
  const batchesOf = (from: PeekedStream, resumeAt: number): Iterator<ReadBatch> =>
    finding.kind === 'format'
      ? importLog(
          { ...plan, resumeAt, format: finding.format },
          from.chunks(),
          builder,
          extractors.of(finding.format, syntax),
        )
      : importDirectory(
          { ...plan, resumeAt, format: finding.format, mapping, takenAt },
          from.chunks(),
          builder,
        );
  desk.send({ type: 'evidence', file, isOnly });
  const registered = desk.registration();
  let batches = batchesOf(stream, 0);
  const send = async (read: ReadBatch, isAhead: boolean): Promise<void> => {
    const { batch } = read;
    const bytes = heldBy(batch);
    await desk.spend(bytes);
    desk.send({ type: 'batch', batch, resumeAt: read.resumeAt, bytes, isAhead }, [batch.columns.buffer]);
  };
  const finish = (): void => desk.send({ type: 'finished', path, problem: stream.problem });
  // A new log is read while the store enters it. Should the store know it all the same, it is read again from there.
  let ahead = log.isNew ? batches.next() : null;
  if (ahead?.done === false && ahead.value.isLast === true) {
    // All of it: the store may be at a commit, and the next log need not wait for that.
    await send(ahead.value, true);
    finish();
    return;
  }
  const { status, resumeAt } = await registered;
  if (status === 'complete') {
    stream.close();
    return;
  }
  if (resumeAt > 0) {
    if (ahead !== null) {
      stream.close();
      stream = new PeekedStream(() => log.read());
      ahead = null;
    }
    batches = batchesOf(stream, resumeAt);
  }
  for (let next = ahead ?? batches.next(); next.done !== true; next = batches.next()) {
    await send(next.value, false);
  }
  finish();
}

/** What a batch holds in memory, in bytes, roughly. */
function heldBy({ columns, rejected }: PackedBatch): number {
  let bytes = 1024 + columns.length;
  for (const { reason, excerpt } of rejected) bytes += reason.length + excerpt.length + 128;
  return bytes;
}

function leaveOut(
  { path, reason, file }: LeftOut,
  { format, directory, timeZone }: ReadSettings,
  desk: Desk,
): void {
  const chosen = format?.name ?? directory?.name ?? null;
  const entry = file === null ? null : { ...file, format: chosen, syntax: null, timeZone };
  desk.send({ type: 'skipped', path, reason, file: entry });
}

function skippedByPath(formats: readonly LogFormat[], path: string): string | null {
  for (const format of formats) {
    const reason = format.skipPath?.(path) ?? null;
    if (reason !== null) return reason;
  }
  return null;
}

type Finding = FormatFinding | { readonly kind: 'directory'; readonly format: DirectoryFormat };

interface Judged {
  readonly sniffed: Sniff;
  readonly finding: Finding;
}

/** What the stream is: a log, or else an export of a directory. */
function judgeStream(stream: PeekedStream, settings: ReadSettings): Judged {
  const { formats, directories, format, directory, mapping } = settings;
  if (directory !== null) {
    return judgeWith(stream, keysOf([directory]), () => ({ kind: 'directory', format: directory }));
  }
  if (format !== null) return judgeWith(stream, keysOf([format]), () => ({ kind: 'format', format }));
  const asLog = judgeWith(stream, keysOf(formats), (sniffed) => detectFormat(formats, sniffed));
  if (asLog.finding.kind === 'format') return asLog;
  return judgeWith(stream, keysOf(directories), (sniffed) => {
    const found = detectDirectory(directories, sniffed, mapping);
    return found === null ? asLog.finding : { kind: 'directory', format: found };
  });
}

function keysOf(known: readonly { readonly containerKeys: readonly string[] }[]): ReadonlySet<string> {
  return new Set(known.flatMap(({ containerKeys }) => containerKeys));
}

/** Looks at as much of the stream as it takes to see a record. */
function judgeWith(
  stream: PeekedStream,
  keys: ReadonlySet<string>,
  judge: (sniffed: Sniff) => Finding,
): Judged {
  for (let size = syntaxHead; ; size *= 8) {
    const head = stream.peek(size);
    const isWhole = stream.isWhole(size);
    const sniffed = sniff(head, isWhole, keys);
    if (head.length === 0) return { sniffed, finding: { kind: 'none', reason: 'The file is empty.' } };
    const foreign = sniffed.records.length === 0 ? foreignData(head) : null;
    if (foreign !== null) return { sniffed, finding: { kind: 'none', reason: foreign } };
    if (sniffed.records.length > 0 || isWhole) return { sniffed, finding: judge(sniffed) };
    if (size > longestRecord) {
      const beyond = sniffBeyond(sniffed, stream.again(), keys);
      return { sniffed: beyond, finding: judge(beyond) };
    }
  }
}

/** A stream whose beginning can be looked at before it is read. */
class PeekedStream {
  readonly #open: () => Generator<Uint8Array, string | null>;
  readonly #stream: Generator<Uint8Array, string | null>;
  #peeked: Uint8Array[] = [];
  #length = 0;
  isEnded = false;
  /** What is wrong with the stream, once it has ended. */
  problem: string | null = null;

  constructor(open: () => Generator<Uint8Array, string | null>) {
    this.#open = open;
    this.#stream = open();
  }

  /** The stream from its beginning, beside this one. */
  again(): Iterable<Uint8Array> {
    return this.#open();
  }

  /** The first `size` bytes; fewer where the stream has no more. */
  peek(size: number): Buffer {
    while (this.#length <= size && !this.isEnded) {
      const chunk = this.#next();
      if (chunk === null) break;
      this.#peeked.push(chunk);
      this.#length += chunk.length;
    }
    const [first = new Uint8Array(0)] = this.#peeked;
    const head = (this.#peeked.length === 1 ? first : Buffer.concat(this.#peeked)).subarray(0, size);
    return Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  }

  /** Whether a peek of this size shows all of the stream. */
  isWhole(size: number): boolean {
    return this.isEnded && this.#length <= size;
  }

  *chunks(): Generator<Uint8Array> {
    while (this.#peeked.length > 0) {
      const chunk = this.#peeked.shift();
      if (chunk !== undefined) yield chunk;
    }
    for (let chunk = this.#next(); chunk !== null; chunk = this.#next()) yield chunk;
  }

  close(): void {
    this.#peeked = [];
    this.#stream.return(null);
  }

  #next(): Uint8Array | null {
    if (this.isEnded) return null;
    const { done, value } = this.#stream.next();
    if (done !== true) return value;
    this.isEnded = true;
    this.problem = value;
    return null;
  }
}
