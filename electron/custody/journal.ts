import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { folderMode } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';
import { AppendFile, readIfThere } from './append-file.ts';
import { formatCheckpoint, parseCheckpoints } from './checkpoint.ts';
import { type JournalEntry, type JournalFact, parseEntry, splitLines } from './entry.ts';
import { type JournalPaths, journalPaths } from './layout.ts';
import { MerkleRoot, leafHash } from './merkle.ts';
import { type Signer, openSigner } from './signer.ts';

/**
 * The record of custody of a case: JSON lines that are only ever appended to. The bytes of each line, without the
 * line feed, are a leaf of a Merkle tree (RFC 6962) whose root is signed at checkpoints. One writer at a time.
 */
export class CustodyJournal {
  readonly #folder: string;
  readonly #paths: JournalPaths;
  readonly #signer: Signer;
  readonly #tree = new MerkleRoot();
  readonly #entries: JournalEntry[] = [];
  readonly #file: AppendFile;
  readonly #checkpoints: AppendFile;
  #lastLeaf: Buffer = Buffer.alloc(0);
  #origin: string | null = null;
  #signedSize: number;

  private constructor(folder: string, signer: Signer) {
    this.#folder = folder;
    this.#paths = journalPaths(folder);
    this.#signer = signer;
    mkdirSync(folder, { recursive: true, mode: folderMode });
    const notes = readIfThere(this.#paths.checkpoints).toString('utf8');
    const { checkpoints, length } = parseCheckpoints(notes);
    this.#signedSize = checkpoints.at(-1)?.size ?? 0;
    const bytes = readIfThere(this.#paths.entries);
    const { lines, rest } = splitLines(bytes);
    for (const line of lines) this.#load(line);
    if (this.size < this.#signedSize) {
      throw unusable(`has ${this.size} entries, but ${this.#signedSize} were signed: it was cut`);
    }
    this.#file = new AppendFile(this.#paths.entries);
    this.#checkpoints = new AppendFile(this.#paths.checkpoints);
    if (rest.length > 0) this.#recover(this.#file, rest, bytes.length - rest.length, 'custody');
    const torn = Buffer.from(notes.slice(length));
    if (torn.length > 0)
      this.#recover(this.#checkpoints, torn, Buffer.byteLength(notes.slice(0, length)), 'checkpoint');
  }

  /**
   * Opens the journal in a case's journal folder; `signer` may be the configuration folder that holds the key of
   * the workstation. What a crash left of an entry is set aside in a file of its own and entered as such. Throws a
   * failure of kind `unusable` where whole entries were changed or cut off: nothing is built on those.
   */
  static open(journalFolder: string, signer: Signer | string): CustodyJournal {
    return new CustodyJournal(journalFolder, typeof signer === 'string' ? openSigner(signer) : signer);
  }

  get size(): number {
    return this.#tree.size;
  }

  entries(): Iterable<JournalEntry> {
    return this.#entries;
  }

  /** Appends entries with the current time in one write; they are durable when it returns. */
  append(facts: readonly JournalFact[]): void {
    if (facts.length === 0) return;
    const time = new Date().toISOString();
    let leaf = this.#lastLeaf;
    const added = facts.map(({ type, data }, offset) => {
      const entry = { index: this.size + offset, time, previous: leaf.toString('hex'), type, data };
      const line = Buffer.from(JSON.stringify(entry));
      leaf = leafHash(line);
      return { entry, line, leaf };
    });
    this.#file.append(Buffer.concat(added.flatMap(({ line }) => [line, Buffer.of(10)])));
    for (const { entry, leaf } of added) this.#add(entry, leaf);
  }

  /** Signs the journal as it stands; nothing where that has been signed. */
  checkpoint(): void {
    if (this.size === this.#signedSize) return;
    this.#publishKey();
    const origin = `rescind/custody/${this.#origin ?? 'case'}`;
    const checkpoint = { origin, size: this.size, root: this.#tree.root(), time: new Date().toISOString() };
    this.#checkpoints.append(Buffer.from(formatCheckpoint(checkpoint, this.#signer)));
    this.#signedSize = this.size;
  }

  close(): void {
    this.#file.close();
    this.#checkpoints.close();
  }

  #load(line: Buffer): void {
    const entry = parseEntry(line, this.size);
    // A crash tears the last line alone; anything else was changed by somebody.
    if (entry === null) throw unusable(`is damaged at entry ${this.size}`);
    if (entry.previous !== this.#lastLeaf.toString('hex')) {
      throw unusable(`does not hold together between the entries ${this.size - 1} and ${this.size}`);
    }
    this.#add(entry, leafHash(line));
  }

  #add(entry: JournalEntry, leaf: Buffer): void {
    this.#entries.push(entry);
    this.#tree.append(leaf);
    this.#lastLeaf = leaf;
    if (entry.type === 'case-created') this.#origin ??= String(entry.data['case']);
  }

  #recover(file: AppendFile, torn: Buffer, length: number, name: string): void {
    const time = new Date().toISOString().replaceAll(':', '-');
    const path = join(this.#folder, `${name}-torn-${this.size}-${time}.bin`);
    file.setAside(torn, length, path);
    this.append([{ type: 'journal-recovered', data: { file: basename(path), bytes: torn.length } }]);
  }

  /** Puts the verifier key beside the checkpoints. */
  #publishKey(): void {
    const { verifierKey } = this.#signer;
    const known = readIfThere(this.#paths.keys).toString('utf8');
    if (known.split('\n').includes(verifierKey)) return;
    const file = new AppendFile(this.#paths.keys);
    try {
      // What a crash left of a key is no key: the next one starts a line of its own.
      file.append(Buffer.from(`${known === '' || known.endsWith('\n') ? '' : '\n'}${verifierKey}\n`));
    } finally {
      file.close();
    }
  }
}

function unusable(what: string): FailureError {
  return new FailureError(
    'unusable',
    `The custody journal ${what}. Nothing is added to it: look at it with "rescind verify", and restore the journal folder from a copy.`,
  );
}
