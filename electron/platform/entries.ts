import { fileURLToPath } from 'node:url';

/** The children by name, with the file of each relative to this folder, without its ending. */
const entries = {
  writer: '../store/writer-process',
  reader: '../store/reader-process',
  ingest: '../ingest/ingest-process',
  respond: '../respond/respond-process',
  policy: '../policy/policy-process',
} as const;

export type EntryName = keyof typeof entries;

/** The file to run for a child: the TypeScript source in a checkout, the module beside this one in the build. */
export function entryFile(name: EntryName): string {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`${entries[name]}.${ending}`, import.meta.url));
}
