import type { IngestProgress } from '#shared/ipc/views.ts';
import type { InputFile } from './protocol.ts';

/** At most so often. */
const interval = 200;

/** Of the work on a plain file, the share of hashing and keeping it before its first record is read. */
const acquisition = 0.25;

/** Growth of a compressed file until this run has seen its own. */
const assumedGrowth = 10;

/** Adds up what a run has done, and tells it a few times a second. */
export class Progress {
  readonly #tell: (progress: IngestProgress) => void;
  readonly #bytesTotal: number;
  readonly #filesTotal: number;
  readonly #startedAt = performance.now();
  #phase: IngestProgress['phase'] = 'reading';
  #file: string | null = null;
  #filesDone = 0;
  /** Bytes of the files that are done, and of their streams. */
  #bytesDone = 0;
  #streamDone = 0;
  /** What has been read of the streams of files that are not done. */
  readonly #positions = new Map<InputFile, number>();
  /** What of these has been taken into the case. */
  readonly #acquired = new Map<InputFile, number>();
  #events = 0;
  #rejected = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(files: readonly InputFile[], tell: (progress: IngestProgress) => void) {
    this.#tell = tell;
    this.#filesTotal = files.length;
    this.#bytesTotal = files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get bytesDone(): number {
    return this.#bytesDone;
  }

  /** So many bytes of a large input are in the case. */
  acquired(input: InputFile, bytes: number): void {
    this.#file = input.path;
    this.#acquired.set(input, bytes);
    this.#tellWhenDue();
  }

  /** A batch has been written; `position` bytes of the input's stream have been read. */
  batch(input: InputFile, position: number, events: number, rejected: number): void {
    this.#file = input.path;
    this.#positions.set(input, position);
    this.#events += events;
    this.#rejected += rejected;
    this.#tellWhenDue();
  }

  /** `bytes` is the input's size as it was read: that of a pipe is not known before. */
  fileDone(input: InputFile, bytes: number): void {
    this.#filesDone++;
    this.#bytesDone += bytes;
    this.#streamDone += this.#positions.get(input) ?? 0;
    this.#positions.delete(input);
    this.#acquired.delete(input);
    this.#tellWhenDue();
  }

  finishing(): void {
    this.#phase = 'finishing';
    this.tellNow();
  }

  tellNow(): void {
    const now = performance.now();
    this.#toldAt = now;
    const seconds = (now - this.#startedAt) / 1000;
    const bytesDone = Math.min(this.#bytesTotal, this.#bytesDone + this.#bytesUnderWay());
    const left = bytesDone === 0 ? null : (seconds * (this.#bytesTotal - bytesDone)) / bytesDone;
    this.#tell({
      phase: this.#phase,
      file: this.#file,
      filesDone: this.#filesDone,
      filesTotal: this.#filesTotal,
      bytesDone: Math.round(bytesDone),
      bytesTotal: this.#bytesTotal,
      events: this.#events,
      rejected: this.#rejected,
      eventsPerSecond: seconds > 0 ? Math.round(this.#events / seconds) : 0,
      secondsLeft: seconds < 1 || left === null ? null : Math.ceil(left),
    });
  }

  #tellWhenDue(): void {
    if (performance.now() - this.#toldAt >= interval) this.tellNow();
  }

  /** Of files that are not done the stream's position is known; what that is in the file is told from the others. */
  #bytesUnderWay(): number {
    let sum = 0;
    const growth = this.#streamDone > 0 ? Math.max(1, this.#streamDone / this.#bytesDone) : assumedGrowth;
    for (const input of new Set([...this.#positions.keys(), ...this.#acquired.keys()])) {
      const isPacked = /\.(gz|tgz|zst|zip)$/i.test(input.path);
      const read = (this.#positions.get(input) ?? 0) / (isPacked ? growth : 1);
      // A small file is in the case before anything is told of it.
      const taken = this.#acquired.get(input) ?? read;
      sum += Math.min(input.bytes * 0.99, acquisition * taken + (1 - acquisition) * read);
    }
    return sum;
  }
}
