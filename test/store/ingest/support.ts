import { createHash } from 'node:crypto';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { EvidenceFile, RecordCounts } from '#shared/domain/batch.ts';
import { noCorrelation } from '#shared/domain/event.ts';
import type { LogFormat } from '#shared/domain/format.ts';
import { textAt } from '#shared/domain/json.ts';
import { type PackedBatch, openColumns } from '#shared/domain/packed-batch.ts';
import { eventIdOf } from '#shared/util/event-id.ts';
import { FailureError } from '#shared/util/result.ts';
import { Extractors } from '#electron/ingest/accelerated/extractors.ts';
import { BatchBuilder } from '#electron/ingest/batch-builder.ts';
import { Credit } from '#electron/ingest/credit.ts';
import { runImport } from '#electron/ingest/import-run.ts';
import { listInputs } from '#electron/ingest/list-inputs.ts';
import type { MessageQueue } from '#electron/ingest/message-queue.ts';
import { createOpenInput, scratchSize } from '#electron/ingest/open-input.ts';
import type { InputFile, ToWorker } from '#electron/ingest/protocol.ts';
import type { ReadWorker, TaskMessage } from '#electron/ingest/read-worker.ts';
import { readTask } from '#electron/ingest/read-task.ts';
import { caseFolder } from '#electron/platform/case-folder.ts';
import type { Port } from '#electron/platform/port.ts';
import { createCaller, serveService } from '#electron/platform/rpc.ts';
import type { WriterService } from '#electron/platform/services.ts';
import type { IngestProgress, IngestReport } from '#shared/ipc/views.ts';

/** A small format of door readers: `{"door", "at", "who", "id"}` and its CSV with the same columns. */
export const doorFormat: LogFormat = {
  name: 'door',
  title: 'Doors',
  containerKeys: ['entries'],
  detect: (record) => ({
    confidence: 'door' in record ? 0.9 : 0,
    ...('summaryOf' in record && { skip: 'A summary, no log.' }),
  }),
  skipPath: (path) => (path.endsWith('.digest') ? 'A digest file.' : null),
  createReader: () => ({
    read(record) {
      if ('heartbeat' in record) return { kind: 'skip', reason: 'heartbeat' };
      const time = textAt(record, 'at');
      if (time === null) return { kind: 'problem', reason: 'No time "at".' };
      return {
        kind: 'event',
        event: {
          vendorId: textAt(record, 'id'),
          time,
          class: null,
          subject: { type: 'user', id: textAt(record, 'who'), name: null, account: null },
          actor: null,
          session: null,
          credential: null,
          action: 'door:Open',
          operation: 'open',
          service: 'door',
          resource: { type: 'door', id: textAt(record, 'door') ?? '' },
          resources: [{ type: 'door', id: textAt(record, 'door') ?? '' }],
          outcome: 'allow',
          reason: null,
          ip: null,
          userAgent: null,
          account: null,
          region: null,
          correlation: noCorrelation,
        },
      };
    },
  }),
};

export interface StoredFile {
  readonly evidenceId: number;
  readonly file: EvidenceFile;
  status: 'partial' | 'complete' | 'skipped';
  resumeAt: number;
  counts: RecordCounts;
  reason: string | null;
}

/** A store in memory that keeps the writer's promises: duplicates by key, resume positions, counts of the run. */
export class MemoryStore {
  readonly files = new Map<string, StoredFile>();
  readonly eventIds: string[] = [];
  readonly rejected: { readonly sha256: string; readonly offset: number; readonly reason: string }[] = [];
  readonly #known = new Set<string>();
  /** Fails the batch with this number, as a full disk would. */
  failAt = Number.POSITIVE_INFINITY;
  batches = 0;
  totals = { records: 0, events: 0, duplicates: 0, rejected: 0 };

  readonly service: WriterService = {
    create: () => unused(),
    open: () => unused(),
    decide: () => unused(),
    addBundle: () => unused(),
    close: () => null,
    beginRun: () => {
      this.totals = { records: 0, events: 0, duplicates: 0, rejected: 0 };
      return { runId: 1 };
    },
    registerEvidence: ({ file }) => {
      const known = this.files.get(file.sha256);
      if (known !== undefined && known.status !== 'skipped') {
        const { counts } = known;
        this.#count({ ...counts, events: 0, duplicates: counts.events + counts.duplicates });
        return { ...known, status: known.status };
      }
      const evidenceId = this.files.size + 1;
      const counts = { records: 0, events: 0, duplicates: 0, rejected: 0 };
      const entry = { evidenceId, file, status: 'partial' as const, resumeAt: 0, counts, reason: null };
      this.files.set(file.sha256, entry);
      return { evidenceId, status: 'new', resumeAt: 0, counts };
    },
    writeBatch: ({ evidenceId, batch, resumeAt }) => {
      if (++this.batches === this.failAt) throw new FailureError('disk-full', 'The disk is full.');
      const entry = this.#entry(evidenceId);
      const counts = this.#take(entry, batch);
      entry.resumeAt = resumeAt;
      this.#count(counts);
      entry.counts = sum(entry.counts, counts);
      return counts;
    },
    finishEvidence: ({ evidenceId }) => {
      const entry = this.#entry(evidenceId);
      entry.status = 'complete';
      return entry.counts;
    },
    skipEvidence: ({ file, reason }) => {
      const counts = { records: 0, events: 0, duplicates: 0, rejected: 0 };
      const evidenceId = this.files.size + 1;
      this.files.set(file.sha256, { evidenceId, file, status: 'skipped', resumeAt: 0, counts, reason });
      return null;
    },
    finishRun: ({ cancelled }) => ({
      ...this.totals,
      outcomes: { allow: this.totals.events, deny: 0, error: 0, challenge: 0, unknown: 0 },
      sources: [],
      directories: [],
      cancelled,
    }),
  };

  #take(entry: StoredFile, batch: PackedBatch): RecordCounts {
    const { count, keys } = openColumns(batch.columns);
    let events = 0;
    for (let index = 0; index < count; index++) {
      const id = eventIdOf(keys, index * 4);
      if (this.#known.has(id)) continue;
      this.#known.add(id);
      this.eventIds.push(id);
      events++;
    }
    for (const { offset, reason } of batch.rejected) {
      this.rejected.push({ sha256: entry.file.sha256, offset, reason });
    }
    const rejected = batch.rejected.length;
    return { records: count + rejected, events, duplicates: count - events, rejected };
  }

  #entry(evidenceId: number): StoredFile {
    const entry = [...this.files.values()].find((file) => file.evidenceId === evidenceId);
    if (entry === undefined) throw new Error(`evidence ${evidenceId} was never entered`);
    return entry;
  }

  #count(counts: RecordCounts): void {
    this.totals = sum(this.totals, counts);
  }
}

function sum(first: RecordCounts, second: RecordCounts): RecordCounts {
  return {
    records: first.records + second.records,
    events: first.events + second.events,
    duplicates: first.duplicates + second.duplicates,
    rejected: first.rejected + second.rejected,
  };
}

function unused(): never {
  throw new Error('not part of an import');
}

/** Two ends of a channel within this process; messages are cloned as between processes. */
export function portPair(): [Port, Port] {
  const { port1, port2 } = new MessageChannel();
  return [portOf(port1), portOf(port2)];
}

function portOf(port: MessagePort): Port {
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    onMessage: (listener) => port.on('message', listener),
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  };
}

/** A worker without a thread of its own. `dieAt`: dies when it begins a file of this name. */
function localWorker(folder: string, credit: number, dieAt: string | null): ReadWorker {
  const scratch = Buffer.alloc(scratchSize);
  const open = createOpenInput(caseFolder(folder).evidence, () => scratch);
  const left = new Credit(credit);
  const registrations: ((answer: Extract<ToWorker, { type: 'registered' }>) => void)[] = [];
  let die: ((reason: string) => void) | null = null;
  const post = (message: ToWorker): void => {
    if (message.type === 'registered') registrations.shift()?.(message);
    if (message.type === 'credit') left.giveBack(message.bytes);
  };
  return {
    perform(input: InputFile, messages: MessageQueue<TaskMessage>) {
      let isDead = false;
      const ended = new Promise<void>((resolve) => {
        die = (reason) => {
          isDead = true;
          messages.push({ type: 'died', reason });
          resolve();
        };
        const send = (message: TaskMessage): void => {
          if (isDead) return;
          messages.push(message);
          if (message.type === 'done') resolve();
          if (dieAt !== null && message.type === 'batch' && input.path.endsWith(dieAt))
            die?.('Out of memory.');
        };
        void readTask(
          input,
          open,
          {
            formats: [doorFormat],
            directories: [],
            format: null,
            directory: null,
            mapping: null,
            takenAt: null,
            timeZone: null,
            builder: new BatchBuilder(),
            extractors: new Extractors(),
          },
          {
            send,
            registration: () => new Promise((answer) => registrations.push(answer)),
            spend: (bytes) => left.spend(bytes),
          },
        );
      });
      return { post, ended };
    },
    terminate: () => Promise.resolve(die?.('terminated')),
  };
}

export interface ImportOptions {
  readonly workers?: number;
  readonly credit?: number;
  readonly dieAt?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

/** Imports paths into the store the way the ingest process does. */
export async function importPaths(
  store: MemoryStore,
  folder: string,
  paths: readonly string[],
  options: ImportOptions = {},
): Promise<IngestReport> {
  const [near, far] = portPair();
  serveService(far, store.service);
  const writer = createCaller<WriterService>(near);
  const { workers = 2, credit = 1 << 20, dieAt = null, signal, onProgress } = options;
  try {
    return await runImport({
      paths,
      listing: await listInputs(paths, folder),
      writer,
      workers: Array.from({ length: workers }, () => localWorker(folder, credit, dieAt)),
      signal: signal ?? new AbortController().signal,
      onProgress: onProgress ?? (() => {}),
    });
  } finally {
    near.close();
  }
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
