import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { JsonObject } from '#shared/domain/json.ts';
import type { NamedPath } from '../file-tokens.ts';
import type { HandlerServices, Handlers } from './handler.ts';

export function ingestHandlers({ engine, tokens }: HandlerServices): Handlers<'ingest.start'> {
  return {
    'ingest.start': async ({ tokens: chosen, format, timeZone, mapping, takenAt }, { signal, emit }) => {
      const files = chosen.map((token) => tokens.take(token));
      const [workingFolder] = files.flatMap((file) => file.workingFolder ?? []);
      const paths = files.map(({ path }) => path);
      const base = workingFolder === undefined ? {} : { workingFolder };
      try {
        return await engine.importFiles(
          {
            paths,
            format,
            timeZone,
            workers: 0,
            directory: { mapping: mapping as JsonObject | null, takenAt },
            ...base,
          },
          { signal, onProgress: (progress) => void emit(progress) },
        );
      } finally {
        await removeUploads(files);
      }
    },
  };
}

/** What was uploaded for this import alone lies in the case now. */
async function removeUploads(files: readonly NamedPath[]): Promise<void> {
  for (const { workingFolder, path } of files) {
    if (workingFolder !== undefined) await rm(resolve(workingFolder, path), { force: true });
  }
}
