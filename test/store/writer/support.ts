import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CommitLimits } from '#electron/store/write/import-run.ts';
import { createWriterService } from '#electron/store/write/writer-service.ts';
import type { DirectWriter } from './fake-ingest.ts';

export interface Place {
  readonly root: string;
  readonly folder: string;
  readonly configFolder: string;
}

/** Folders for a case and a configuration that are removed after the test. */
export function freshPlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'rescind-writer-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return { root, folder: join(root, 'case'), configFolder: join(root, 'config') };
}

export function openWriter(limits?: CommitLimits): DirectWriter {
  const writer = createWriterService(limits) as DirectWriter;
  onTestFinished(() => void writer.close({}));
  return writer;
}

/** A writer with a new case. */
export function newCase(limits?: CommitLimits): Place & { readonly writer: DirectWriter } {
  const place = freshPlace();
  const writer = openWriter(limits);
  writer.create({ ...place, name: 'Test' });
  return { ...place, writer };
}
