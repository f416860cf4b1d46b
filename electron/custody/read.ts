import type { CustodyEntry, CustodyView } from '#shared/ipc/views.ts';
import { readIfThere } from './append-file.ts';
import { parseCheckpoints } from './checkpoint.ts';
import { type JournalEntry, parseEntry, splitLines } from './entry.ts';
import { journalPaths } from './layout.ts';
import { leafHash } from './merkle.ts';

/** Lists entries of a case's custody journal, oldest first, with the latest checkpoint. Verifies nothing. */
export function readCustody(journalFolder: string, offset: number, limit: number): CustodyView {
  const paths = journalPaths(journalFolder);
  const { lines } = splitLines(readIfThere(paths.entries));
  const latest = parseCheckpoints(readIfThere(paths.checkpoints).toString('utf8')).checkpoints.at(-1);
  return {
    entries: lines.slice(offset, offset + limit).map((line, index) => viewOf(line, offset + index)),
    total: lines.length,
    checkpoint:
      latest === undefined
        ? null
        : { size: latest.size, rootHash: latest.root.toString('hex'), time: latest.time, key: latest.key },
  };
}

/** Every entry of the journal that can be read, oldest first. */
export function* journalEntries(journalFolder: string): Generator<JournalEntry> {
  const { lines } = splitLines(readIfThere(journalPaths(journalFolder).entries));
  for (const [index, line] of lines.entries()) {
    const entry = parseEntry(line, index);
    if (entry !== null) yield entry;
  }
}

function viewOf(line: Buffer, index: number): CustodyEntry {
  const hash = leafHash(line).toString('hex');
  const entry = parseEntry(line, index);
  if (entry === null) {
    return { index, time: '', type: 'damaged', summary: 'This entry cannot be read.', leafHash: hash };
  }
  return { index, time: entry.time, type: entry.type, summary: summaryOf(entry), leafHash: hash };
}

/** The facts of an entry on one line: `path=logs/a.json.gz bytes=120`. */
function summaryOf({ data }: JournalEntry): string {
  return Object.entries(data)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(', ') : String(value)}`)
    .join(' ');
}
