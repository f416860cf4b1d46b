import type { Signer } from './signer.ts';

/** A signed statement of a journal's size and root: C2SP tlog-checkpoint within C2SP signed-note. */
export interface Checkpoint {
  /** Name of the log: the case. */
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  /** When it was signed; an extension line of the checkpoint. */
  readonly time: string;
  /** Name of the key that signed it. */
  readonly key: string;
}

/** The note, ending with a blank line that parts it from the next one. */
export function formatCheckpoint(checkpoint: Omit<Checkpoint, 'key'>, signer: Signer): string {
  const { origin, size, root, time } = checkpoint;
  const text = `${origin}\n${size}\n${root.toString('base64')}\ntime ${time}\n`;
  return `${text}\n${signer.signatureLine(text)}\n`;
}

const note = /([^\n]+)\n(\d+)\n([A-Za-z0-9+/=]{44})\ntime ([^\n]+)\n\n\u2014 (\S+) [A-Za-z0-9+/=]+\n\n/y;

/** The checkpoints of a file, oldest first, and how many characters they take: what follows is torn or no checkpoint. */
export function parseCheckpoints(file: string): {
  readonly checkpoints: Checkpoint[];
  readonly length: number;
} {
  const checkpoints: Checkpoint[] = [];
  let length = 0;
  for (;;) {
    note.lastIndex = length;
    const [whole, origin = '', size = '', root = '', time = '', key = ''] = note.exec(file) ?? [];
    if (whole === undefined) return { checkpoints, length };
    checkpoints.push({ origin, size: Number(size), root: Buffer.from(root, 'base64'), time, key });
    length += whole.length;
  }
}
