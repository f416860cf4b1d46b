import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { acquireBuffer } from '#electron/evidence/files/acquire.ts';
import { BatchBuilder } from '#electron/ingest/batch-builder.ts';
import { caseFolder } from '#electron/platform/case-folder.ts';
import type { MethodContext } from '#electron/platform/rpc.ts';
import type { ReaderService, WriterService } from '#electron/platform/services.ts';
import { createReaderService } from '#electron/store/read/reader-service.ts';
import { createWriterService } from '#electron/store/write/writer-service.ts';
import type { AccessEvent, NormalizedEvent } from '#shared/domain/event.ts';
import type { LogFormat } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { parseInstant } from '#shared/util/instant.ts';

/** A format whose records are events in normal form, so that any event can be put into a case. */
export const plainFormat: LogFormat = {
  name: 'plain',
  title: 'Plain events',
  containerKeys: [],
  detect: () => ({ confidence: 1 }),
  createReader: () => ({
    read: (record: JsonObject) => ({ kind: 'event', event: record as unknown as NormalizedEvent }),
  }),
};

type Direct<Service> = {
  readonly [K in keyof Service]: Service[K] extends (input: infer Input, ...rest: never[]) => infer Output
    ? (input: Input, context?: MethodContext) => Output
    : never;
};

export interface RealCase {
  readonly folder: string;
  readonly writer: Direct<WriterService>;
  readonly reader: ReaderService;
  /** Imports events as one file; answers their bytes in it, one record a line. */
  readonly add: (path: string, events: readonly AccessEvent[], rejected?: number) => readonly Buffer[];
}

/** A case on disk, with its writer and a reader that has it open. */
export function realCase(): RealCase {
  const root = mkdtempSync(join(tmpdir(), 'rescind-reader-'));
  const folder = join(root, 'case');
  const writer = createWriterService() as unknown as Direct<WriterService>;
  const reader = createReaderService((name) => (name === 'plain' ? plainFormat : undefined));
  onTestFinished(() => {
    writer.close({});
    rmSync(root, { recursive: true, force: true });
  });
  writer.create({ folder, name: 'Test', configFolder: join(root, 'config') });
  reader.open({ folder });
  return {
    folder,
    writer,
    reader,
    add: (path, events, rejected = 0) => importFile(folder, writer, path, events, rejected),
  };
}

function importFile(
  folder: string,
  writer: Direct<WriterService>,
  path: string,
  events: readonly AccessEvent[],
  rejected: number,
): Buffer[] {
  const lines = events.map((event) =>
    Buffer.from(JSON.stringify({ ...event, id: undefined, format: undefined, evidence: undefined })),
  );
  const content = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const acquired = acquireBuffer({ evidenceFolder: caseFolder(folder).evidence }, content);
  const { runId } = writer.beginRun({ paths: [path] });
  const file = {
    sha256: acquired.sha256,
    path,
    bytes: content.length,
    encoding: 'none' as const,
    format: 'plain',
    location: { kind: 'file' as const },
    syntax: { kind: 'json' as const, charset: 'utf-8' as const },
    timeZone: null,
  };
  const { evidenceId } = writer.registerEvidence({ runId, file });
  const builder = new BatchBuilder();
  builder.begin('plain', acquired.sha256);
  let offset = 0;
  for (const [index, event] of events.entries()) {
    const length = lines[index]!.length;
    builder.addEvent(event, parseInstant(event.time)!, offset, length);
    offset += length + 1;
  }
  for (let index = 0; index < rejected; index++) {
    builder.addRejected({ offset: index, length: 1, reason: `reason ${index}`, excerpt: '{' });
  }
  writer.writeBatch({ evidenceId, batch: builder.take(), resumeAt: content.length });
  writer.finishEvidence({ evidenceId, skipped: [] });
  writer.finishRun({ runId, cancelled: false });
  return lines;
}

/** The context of a call, and the items that it emits in groups. */
export function callContext<Item>(items: Item[] = []): { context: MethodContext; items: Item[] } {
  const { signal } = new AbortController();
  return { items, context: { signal, emit: (group) => items.push(...(group as Item[])) } };
}
