import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileMode, folderMode } from '#electron/platform/case-folder.ts';
import { BlockPacker, BlockSource } from './blocks.ts';
import { type EvidencePaths, evidencePaths, incomingFolder } from './layout.ts';
import { FileSource } from './source.ts';

/** A file of the evidence folder while it is written: whole under its final name, or not there at all. */
export class IncomingFile {
  readonly #evidenceFolder: string;
  readonly #path: string;
  readonly #descriptor: number;
  readonly #packer: BlockPacker | null;
  #isOpen = true;

  constructor(evidenceFolder: string, packed: boolean) {
    this.#evidenceFolder = evidenceFolder;
    const folder = incomingFolder(evidenceFolder);
    mkdirSync(folder, { recursive: true, mode: folderMode });
    this.#path = join(folder, randomUUID());
    this.#descriptor = openSync(this.#path, 'wx', fileMode);
    this.#packer = packed ? new BlockPacker() : null;
  }

  add(chunk: Uint8Array): void {
    if (this.#packer === null) this.#write(chunk);
    else for (const packed of this.#packer.add(chunk)) this.#write(packed);
  }

  /** Makes the file durable under its name. */
  keep(sha256: string): void {
    for (const packed of this.#packer?.finish() ?? []) this.#write(packed);
    fdatasyncSync(this.#descriptor);
    this.#close();
    const paths = evidencePaths(this.#evidenceFolder, sha256);
    if (!existsSync(paths.folder)) {
      mkdirSync(paths.folder, { recursive: true, mode: folderMode });
      syncFolder(this.#evidenceFolder);
    }
    const target = this.#packer === null ? paths.original : paths.packed;
    renameSync(this.#path, target);
    syncFolder(dirname(target));
  }

  /** Leaves nothing of it, also where it was to be kept and could not be. */
  discard(): void {
    this.#close();
    rmSync(this.#path, { force: true });
  }

  /** Once: the number of a closed descriptor may by then be another file's. */
  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#descriptor);
  }

  #write(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written);
    }
  }
}

/** Makes a rename durable. Windows has no such call for folders, and does not need it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The kept form of a file; throws ENOENT where it is not kept. */
export function openKept(paths: EvidencePaths): FileSource | BlockSource {
  if (existsSync(paths.original)) return new FileSource(paths.original);
  return new BlockSource(new FileSource(paths.packed));
}

/** Whether a file of this hash and size is kept; one of another size is damaged and is to be written again. */
export function isKept(paths: EvidencePaths, bytes: number): boolean {
  try {
    const source = openKept(paths);
    source.close();
    return source.size === bytes;
  } catch {
    return false;
  }
}
