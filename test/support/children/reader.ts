import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPort } from '#electron/platform/child-side.ts';
import { type MethodContext, serveService } from '#electron/platform/rpc.ts';
import { FailureError } from '#shared/util/result.ts';

// A reader that does what a test's question says. It is a real process, started like the real one.
let folder = '';
let opened = 0;

function summary() {
  const file = join(folder, 'opened');
  return {
    id: 'case-1',
    name: 'Double',
    folder,
    created: '2026-01-01T00:00:00Z',
    schemaVersion: 1,
    events: existsSync(join(folder, 'imported')) ? 7 : 0,
    files: 0,
    rejected: 0,
    from: null,
    to: null,
    revision: existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0,
  };
}

const service = {
  open: (input: { folder: string }) => {
    ({ folder } = input);
    if (!existsSync(join(folder, 'case.json')))
      throw new FailureError('not-found', `${folder} is not a case.`);
    if (existsSync(join(folder, 'old'))) {
      throw new FailureError('unusable', 'Written by an older Rescind.', { migration: true });
    }
    const file = join(folder, 'opened');
    opened = existsSync(file) ? Number(readFileSync(file, 'utf8')) + 1 : 1;
    writeFileSync(file, String(opened));
    return summary();
  },
  refresh: () => summary(),
  'events.count': ({ query }: { query: string }, { emit }: MethodContext) => {
    // Dies the first time only, as a crash by chance would.
    if (query === 'crash once' && opened === 1) process.exit(9);
    if (query === 'crash always') process.exit(9);
    // Longer than any patience with a reader that does not come back.
    if (query === 'busy') for (const end = performance.now() + 2_500; performance.now() < end; );
    if (query === 'spin') {
      emit('spinning');
      return new Promise(() => {
        setTimeout(() => {
          for (;;);
        }, 20);
      });
    }
    return { rows: [{ values: [String(process.pid)], count: opened }], total: opened, groups: 1 };
  },
  'events.stream': async (_: unknown, { emit }: MethodContext) => {
    emit([{ id: '1' }, { id: '2' }]);
    emit([{ id: '3' }]);
    return { total: 3 };
  },
  'sql.run': (_: unknown, { emit }: MethodContext) => {
    emit([{ row: 1 }]);
    // The item has to leave this process before it dies.
    setTimeout(() => process.exit(9), 50);
    return new Promise(() => undefined);
  },
};

serveService(hostPort(), service, () => 0);
