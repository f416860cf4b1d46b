import { hostPort, peerPort } from '#electron/platform/child-side.ts';
import { type MethodContext, createCaller, serveService } from '#electron/platform/rpc.ts';
import type { WriterService } from '#electron/platform/services.ts';

// An importer that imports nothing, slowly or not at all, as the path says.
const writer = createCaller<WriterService>(await peerPort('writer'));
const report = { files: 1, skipped: [], records: 7, events: 7, cancelled: false };

serveService(hostPort(), {
  // Every path will do.
  check: () => null,
  run: async ({ paths }: { paths: readonly string[] }, { signal, emit }: MethodContext) => {
    emit({ phase: 'reading', events: 0 });
    await writer.call('writeBatch', {} as never);
    if (paths[0]?.endsWith('crash.json') === true) process.exit(9);
    if (paths[0]?.endsWith('endless.json') !== true) return { ...report, paths, folder: process.cwd() };
    return new Promise((resolve) => {
      const end = (): void => resolve({ ...report, cancelled: true });
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
    });
  },
});
