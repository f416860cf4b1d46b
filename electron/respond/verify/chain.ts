import { type Note, Root, leafOf, readNote, sha256 } from './note.ts';

/** A record of the action journal as it lies there: the line that is hashed, and its body beside. */
export interface ChainRow {
  readonly seq: number;
  readonly line: string;
  readonly body: string;
  /** As the index has them; they must say what the line says. */
  readonly run: string | null;
  readonly action: string | null;
  readonly kind: string;
}

export interface ChainReport {
  readonly ok: boolean;
  readonly records: number;
  /** Records that the latest checkpoint covers. */
  readonly signed: number;
  readonly checkpoints: number;
  /** Hex; null where there are no records. */
  readonly rootHash: string | null;
  /** Number of the first record that differs from what was written, where it can be named. */
  readonly firstDifference: number | null;
  readonly problems: readonly string[];
}

interface ChainInput {
  readonly rows: Iterable<ChainRow>;
  /** Checkpoints, oldest first. */
  readonly notes: readonly string[];
  /** Verifier keys that are believed. */
  readonly keys: readonly string[];
  /** What was last known of this journal elsewhere: finds one that was cut or put back to an older copy. */
  readonly head: { readonly size: number; readonly root: string } | null;
}

/** Checks an action journal: numbers, links, bodies, roots, signatures. Finds every edit, drop, swap and truncation. */
export function verifyChain({ rows, notes, keys, head }: ChainInput): ChainReport {
  const problems: string[] = [];
  const checkpoints = readNotes(notes, keys, problems);
  const wanted = new Set([...checkpoints.map(({ size }) => size), ...(head === null ? [] : [head.size])]);
  const { roots, count, rootHash, firstBroken } = walk(rows, wanted, problems);
  let covered = 0;
  let firstUnfit: number | null = null;
  for (const { size, root } of checkpoints) {
    if (size > count) problems.push(`a checkpoint covers ${size} records, but there are ${count}`);
    else if (size < covered) problems.push(`a checkpoint of ${size} records follows one of ${covered}`);
    else if (roots.get(size) !== root) {
      problems.push(`a record from ${covered} to ${size - 1} was changed: the checkpoint has another root`);
      firstUnfit ??= covered;
    }
    covered = Math.max(covered, size);
  }
  if (head !== null && head.size > count) {
    problems.push(`this workstation has seen ${head.size} records, but there are ${count}: it was cut`);
  } else if (head !== null && roots.get(head.size) !== head.root) {
    problems.push(`the first ${head.size} records are not those that this workstation has seen`);
    firstUnfit ??= 0;
  }
  if (count > 0 && checkpoints.length === 0) problems.push('there is no checkpoint: nothing was signed');
  const known = Math.max(covered, head?.size ?? 0);
  return {
    ok: problems.length === 0,
    records: count,
    signed: Math.min(covered, count),
    checkpoints: checkpoints.length,
    rootHash,
    firstDifference: firstBroken ?? firstUnfit ?? (known > count ? count : null),
    problems,
  };
}

function readNotes(notes: readonly string[], keys: readonly string[], problems: string[]): Note[] {
  return notes.flatMap((text, index) => {
    const note = readNote(text, keys);
    if (note === null) problems.push(`checkpoint ${index} cannot be read`);
    else if (!note.signed) problems.push(`checkpoint ${index} is not signed by a known key`);
    return note === null ? [] : [note];
  });
}

function walk(rows: Iterable<ChainRow>, wanted: ReadonlySet<number>, problems: string[]) {
  const roots = new Map<number, string>();
  const tree = new Root();
  let count = 0;
  let previous = '';
  let firstBroken: number | null = null;
  if (wanted.has(0)) roots.set(0, tree.value());
  for (const row of rows) {
    const { line } = row;
    const why = objectionTo(row, count, previous);
    if (why !== null && firstBroken === null) {
      // A link that does not fit speaks against the record before it, where that one is not known to be sound.
      firstBroken = why === 'link' ? Math.max(0, count - 1) : count;
      problems.push(`record ${firstBroken} differs from what was written (${reasons[why]})`);
    }
    const leaf = leafOf(line);
    previous = leaf.toString('hex');
    tree.append(leaf);
    count += 1;
    if (wanted.has(count)) roots.set(count, tree.value());
  }
  const rootHash = count === 0 ? null : Buffer.from(tree.value(), 'base64').toString('hex');
  return { roots, count, rootHash, firstBroken };
}

const reasons = {
  number: 'its number is not the one that is due',
  text: 'it is no record',
  link: 'the next one does not link to it',
  index: 'its index says something else',
  body: 'its body has another hash',
} as const;

function objectionTo(row: ChainRow, due: number, previous: string): keyof typeof reasons | null {
  const { seq, line, body } = row;
  let record: Partial<Record<keyof ChainRow | 'previous' | 'bodyDigest', unknown>> | null;
  try {
    record = JSON.parse(line) as typeof record;
  } catch {
    return 'text';
  }
  if (record === null || typeof record !== 'object') return 'text';
  if (seq !== due || record.seq !== due) return 'number';
  if (record.previous !== previous) return 'link';
  if (record.run !== row.run || record.action !== row.action || record.kind !== row.kind) return 'index';
  return record.bodyDigest === sha256(body).toString('hex') ? null : 'body';
}
