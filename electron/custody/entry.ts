export type JournalValue = string | number | boolean | null | readonly string[];

/** What happened, to be entered: `case-created`, `evidence-acquired`, `run-finished` … with its facts. */
export interface JournalFact {
  readonly type: string;
  readonly data: Readonly<Record<string, JournalValue>>;
}

/** An entry as it stands on its line. `previous`: leaf hash of the entry before it (hex), which finds a changed one. */
export interface JournalEntry extends JournalFact {
  readonly index: number;
  readonly time: string;
  readonly previous: string;
}

/** An entry of a line; null where it is none, or not the one that is due. */
export function parseEntry(line: Buffer, index: number): JournalEntry | null {
  try {
    const entry = JSON.parse(line.toString('utf8')) as Partial<JournalEntry> | null;
    const { type, time, previous, data } = entry ?? {};
    if (entry?.index !== index || typeof type !== 'string' || typeof time !== 'string') return null;
    if (typeof previous !== 'string' || typeof data !== 'object' || data === null) return null;
    return { index, time, previous, type, data };
  } catch {
    return null;
  }
}

/** The whole lines of a journal, without their line feeds, and the torn rest behind them. */
export function splitLines(bytes: Buffer): { readonly lines: Buffer[]; readonly rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return { lines, rest: bytes.subarray(start) };
}
