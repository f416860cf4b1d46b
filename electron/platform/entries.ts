import { join } from 'node:path';
import { installation } from './installation.ts';

/** What runs in a process or thread of its own, by name: its file relative to the root, without its ending. */
const entries = {
  writer: 'electron/store/writer-process',
  reader: 'electron/store/reader-process',
  ingest: 'electron/ingest/ingest-process',
  respond: 'electron/respond/respond-process',
  policy: 'electron/policy/policy-process',
} as const;

const threads = {
  ingest: 'electron/ingest/worker',
  policy: 'electron/policy/thread/worker',
} as const;

export type EntryName = keyof typeof entries;

/** The file to run for a child: the TypeScript source where this is one, else the built one. */
export function entryFile(name: EntryName): string {
  return runnable(entries[name]);
}

/** The file to run for the worker threads of a child. */
export function threadFile(name: keyof typeof threads): string {
  return runnable(threads[name]);
}

/** The build lays entries out as the sources are; what they share lies elsewhere, so nothing here is relative. */
function runnable(entry: string): string {
  const { root } = installation();
  return import.meta.url.endsWith('.ts') ? join(root, `${entry}.ts`) : join(root, 'out', `${entry}.js`);
}
