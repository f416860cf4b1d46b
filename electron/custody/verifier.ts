/**
 * Verifies a custody journal. Stands alone: this file needs Node (22.15 or later for `--evidence`) and nothing else
 * of the application, on purpose with its own copy of the rules.
 *
 *   node verifier.ts JOURNAL_FOLDER [--evidence FOLDER] [--key VERIFIER_KEY]
 *
 * Every line of `custody.jsonl` is a leaf of an RFC 6962 Merkle tree. `custody-checkpoints.txt` holds signed notes
 * (C2SP tlog-checkpoint, Ed25519) of its size and root, `custody-keys.txt` the verifier keys. Without `--key`, the
 * keys beside the journal are believed: that finds every change but one by somebody who signed all of it anew.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

export interface JournalReport {
  readonly ok: boolean;
  readonly entries: number;
  /** Entries that the latest checkpoint covers; those behind it are linked but not signed yet. */
  readonly signed: number;
  readonly checkpoints: number;
  /** Root of all entries, hex; null where there are none. */
  readonly rootHash: string | null;
  /** The first entry that differs from what was written, where it can be named. */
  readonly firstDifference: number | null;
  readonly problems: readonly string[];
}

interface Options {
  /** The only verifier key that counts. */
  readonly key?: string;
}

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export function verifyJournal(folder: string, options: Options = {}): JournalReport {
  const problems: string[] = [];
  const lines = splitLines(read(`${folder}/custody.jsonl`), problems);
  const leaves = lines.map((line) => sha256(Buffer.of(0), line));
  const firstBroken = checkLinks(lines, leaves, problems);
  const keys = options.key === undefined ? readKeys(folder) : [options.key];
  const notes = readNotes(folder, problems);
  const roots = rootsAt(leaves, new Set([...notes.map(({ size }) => size), leaves.length]));
  let covered = 0;
  let firstUnfit: number | null = null;
  for (const [index, note] of notes.entries()) {
    const name = `checkpoint ${index} (${note.size} entries)`;
    if (!isSigned(note, keys)) problems.push(`${name} is not signed by a known key`);
    if (note.size > leaves.length)
      problems.push(`${name} covers entries that are missing: there are ${leaves.length}`);
    else if (note.size < covered) problems.push(`${name} is smaller than the one before it`);
    else if (roots.get(note.size) !== note.root) {
      problems.push(`${name} has another root: an entry from ${covered} to ${note.size - 1} was changed`);
      firstUnfit ??= covered;
    }
    covered = Math.max(covered, note.size);
  }
  if (lines.length > 0 && notes.length === 0) problems.push('there is no checkpoint: nothing was signed');
  return {
    ok: problems.length === 0,
    entries: lines.length,
    signed: Math.min(covered, lines.length),
    checkpoints: notes.length,
    rootHash:
      leaves.length === 0 ? null : Buffer.from(roots.get(leaves.length) ?? '', 'base64').toString('hex'),
    firstDifference: firstBroken ?? firstUnfit ?? (covered > leaves.length ? leaves.length : null),
    problems,
  };
}

function read(path: string): Buffer {
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
}

function splitLines(bytes: Buffer, problems: string[]): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) problems.push(`the last entry (${lines.length}) is torn: it has no end of line`);
  return lines;
}

/** Each entry carries its index and the hash of the one before it. Answers with the first that was changed. */
function checkLinks(lines: readonly Buffer[], leaves: readonly Buffer[], problems: string[]): number | null {
  const sound = lines.map((line, index) => {
    const entry = parse(line);
    if (entry === null) return { readable: false, linked: true };
    const previous = index === 0 ? '' : leaves[index - 1]?.toString('hex');
    return { readable: entry['index'] === index, linked: entry['previous'] === previous };
  });
  for (const [index, { readable, linked }] of sound.entries()) {
    // An unfit link speaks against the entry before it, unless the next link speaks against this one.
    const changed =
      readable && !linked && sound[index + 1]?.linked !== false ? Math.max(0, index - 1) : index;
    if (readable && linked) continue;
    problems.push(`entry ${changed} differs from what was written`);
    return changed;
  }
  return null;
}

function parse(line: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function node(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.of(1), left, right);
}

/** Base64 roots of the trees of the first n leaves, for each n that is asked for. */
function rootsAt(leaves: readonly Buffer[], sizes: ReadonlySet<number>): Map<number, string> {
  const roots = new Map<number, string>();
  const subtrees: Buffer[] = [];
  for (let size = 0; ; size++) {
    if (sizes.has(size)) {
      const root = subtrees.reduceRight<Buffer | null>(
        (right, left) => (right === null ? left : node(left, right)),
        null,
      );
      roots.set(size, (root ?? sha256()).toString('base64'));
    }
    const leaf = leaves[size];
    if (leaf === undefined) return roots;
    let hash = leaf;
    for (let odd = size; odd % 2 === 1; odd = (odd - 1) / 2) hash = node(subtrees.pop() ?? hash, hash);
    subtrees.push(hash);
  }
}

interface Note {
  readonly text: string;
  readonly size: number;
  readonly root: string;
  readonly key: string;
  readonly signature: Buffer;
}

function readNotes(folder: string, problems: string[]): Note[] {
  const file = read(`${folder}/custody-checkpoints.txt`).toString('utf8');
  const pattern = /([^\n]+\n(\d+)\n([A-Za-z0-9+/=]{44})\n(?:[^\n]+\n)*)\n\u2014 (\S+) ([A-Za-z0-9+/=]+)\n\n/y;
  const notes: Note[] = [];
  for (let at = 0; at < file.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(file);
    if (match === null) {
      problems.push(`checkpoint ${notes.length} cannot be read`);
      return notes;
    }
    const [, text = '', size = '', root = '', key = '', signature = ''] = match;
    const bytes = Buffer.from(signature, 'base64');
    // Base64 has idle bits at its end; a signature that uses them is not as it was written.
    if (bytes.toString('base64') !== signature)
      problems.push(`checkpoint ${notes.length} is not as it was written`);
    notes.push({ text, size: Number(size), root, key, signature: bytes });
  }
  return notes;
}

function readKeys(folder: string): string[] {
  return read(`${folder}/custody-keys.txt`)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** C2SP signed-note: name+id+key, where the id is the start of SHA-256(name LF key) and the key starts with 1 for Ed25519. */
function isSigned(note: Note, keys: readonly string[]): boolean {
  return keys.some((line) => {
    const [name = '', id = '', ...rest] = line.split('+');
    const key = Buffer.from(rest.join('+'), 'base64');
    const expected = sha256(Buffer.from(`${name}\n`), key).subarray(0, 4);
    if (name !== note.key || id !== expected.toString('hex') || key.length !== 33 || key[0] !== 1)
      return false;
    if (note.signature.length !== 68 || !note.signature.subarray(0, 4).equals(expected)) return false;
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.subarray(1).toString('base64url') };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    return verify(null, Buffer.from(note.text), publicKey, note.signature.subarray(4));
  });
}

/** SHA-256 of the original bytes of a kept file; null where it is not there or damaged. */
export function hashKept(evidenceFolder: string, sha256Name: string): string | null {
  const path = `${evidenceFolder}/${sha256Name.slice(0, 2)}/${sha256Name}`;
  const hash = createHash('sha256');
  const packed = !existsSync(path);
  if (packed && !existsSync(`${path}.zst`)) return null;
  const descriptor = openSync(packed ? `${path}.zst` : path, 'r');
  const piece = (offset: number, length: number): Buffer => {
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, offset));
  };
  try {
    const { size } = fstatSync(descriptor);
    if (packed) {
      // Zstandard Seekable Format: frames, then a table of their sizes, its count nine bytes before the end.
      const count = piece(size - 9, 4).readUInt32LE();
      const table = piece(size - 9 - count * 8, count * 8);
      for (let index = 0, at = 0; index < count; index++) {
        const length = table.readUInt32LE(index * 8);
        hash.update(
          zstdDecompressSync(piece(at, length), { maxOutputLength: table.readUInt32LE(index * 8 + 4) }),
        );
        at += length;
      }
    } else for (let at = 0; at < size; at += 2 ** 22) hash.update(piece(at, 2 ** 22));
    return hash.digest('hex');
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/** The evidence that the journal says was acquired and that lies in the folder of its own. */
function verifyEvidence(
  journalFolder: string,
  evidenceFolder: string,
): { files: number; problems: string[] } {
  const problems: string[] = [];
  const names = new Map<string, string>();
  for (const line of splitLines(read(`${journalFolder}/custody.jsonl`), [])) {
    const entry = parse(line);
    const data = entry?.['data'] as { sha256?: unknown; path?: unknown; parent?: unknown } | undefined;
    if (entry?.['type'] !== 'evidence-acquired' || typeof data?.sha256 !== 'string') continue;
    // Members of archives lie within their archive.
    if (typeof data.path === 'string' && !data.path.includes('!')) names.set(data.sha256, data.path);
  }
  for (const [name, path] of names) {
    if (hashKept(evidenceFolder, name) !== name)
      problems.push(`evidence ${path} (${name}) is missing or was changed`);
  }
  return { files: names.size, problems };
}

function main(parameters: readonly string[]): number {
  const option = (name: string): string | undefined => {
    const at = parameters.indexOf(name);
    return at < 0 ? undefined : parameters[at + 1];
  };
  const [folder] = parameters;
  if (folder === undefined || folder.startsWith('--')) {
    process.stderr.write('Usage: verifier JOURNAL_FOLDER [--evidence FOLDER] [--key VERIFIER_KEY]\n');
    return 2;
  }
  const key = option('--key');
  const report = verifyJournal(folder, key === undefined ? {} : { key });
  const evidenceFolder = option('--evidence');
  const evidence = evidenceFolder === undefined ? null : verifyEvidence(folder, evidenceFolder);
  const problems = [...report.problems, ...(evidence?.problems ?? [])];
  process.stdout.write(
    `${JSON.stringify({ ...report, ok: problems.length === 0, files: evidence?.files ?? null, problems })}\n`,
  );
  return problems.length === 0 ? 0 : 1;
}

// Started by itself. The program that holds this among others, in one file, has another name.
const started = process.argv[1];
const isProgram = basename(import.meta.filename).startsWith('verifier.');
if (
  isProgram &&
  started !== undefined &&
  existsSync(started) &&
  realpathSync(started) === import.meta.filename
) {
  process.exitCode = main(process.argv.slice(2));
}
