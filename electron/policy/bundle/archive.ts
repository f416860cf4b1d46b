import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { type Header, extract } from 'tar-stream';
import { type Entry, fromBufferPromise, getFileNameLowLevel } from 'yauzl';
import { FailureError } from '#shared/util/result.ts';
import { type FileSet, safePath, tooLarge } from './file-set.ts';
import type { BundleLimits } from './limits.ts';

export type Packing = 'gzip' | 'tar' | 'zip';

/** How a file is packed, by its first bytes; null where it is a plain file. */
export function packingOf(head: Uint8Array): Packing | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  // "PK" and a file header, or the end of an empty directory (APPNOTE 4.3.7, 4.3.16).
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) return 'zip';
  return Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar' ? 'tar' : null;
}

/** SECURITY: the whole content of a gzip file, refused where it grows beyond the limits. */
export function unzip(bytes: Uint8Array, limits: BundleLimits): Buffer {
  const most = Math.min(limits.bytes, Math.max(2 ** 20, bytes.length * limits.ratio));
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (thrown) {
    const { code, message } = thrown as { code?: unknown; message: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(`unpacked it has more than ${most} bytes`);
    throw new FailureError('unusable', `The archive cannot be unpacked: ${message}.`);
  }
}

/** Reads the files of a tar archive. Nothing is written to disk; links and names that climb out are refused. */
export async function readTar(bytes: Uint8Array, files: FileSet): Promise<void> {
  const entries = Readable.from([bytes]).pipe(extract());
  try {
    for await (const entry of entries) {
      const path = tarPath(entry.header, files);
      if (path === null) {
        entry.resume();
        continue;
      }
      files.expect(path, entry.header.size ?? 0);
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      files.add(path, Buffer.concat(parts));
    }
  } catch (thrown) {
    throw damaged(thrown);
  }
}

function tarPath({ name, type }: Header, files: FileSet): string | null {
  if (type === 'directory') return null;
  const path = safePath(name);
  if (path === null) files.leaveOut(name, 'The name leads out of the bundle; the entry is left out.');
  else if (type === 'symlink' || type === 'link') files.leaveOut(path, 'A link; the entry is left out.');
  else if (type !== 'file' && type !== 'contiguous-file') {
    files.leaveOut(path, 'No ordinary file; the entry is left out.');
  } else return path;
  return null;
}

/** Reads the files of a zip archive, as `readTar` does. */
export async function readZip(bytes: Uint8Array, files: FileSet, limits: BundleLimits): Promise<void> {
  try {
    // Names stay bytes here: one that tries to leave the folder must be named, not end the reading.
    const options = { lazyEntries: true, decodeStrings: false };
    const zip = await fromBufferPromise(Buffer.from(bytes), options);
    for await (const entry of zip.eachEntry()) {
      const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
      const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
      if (name.endsWith('/')) continue;
      const path = zipPath(entry, name, files);
      if (path === null) continue;
      files.expect(path, entry.uncompressedSize);
      if (entry.uncompressedSize > Math.max(2 ** 20, entry.compressedSize * limits.ratio)) {
        throw tooLarge(`${path} grows more than ${limits.ratio} times when it is unpacked`);
      }
      const parts: Buffer[] = [];
      // The stream fails by itself where the content is longer than the directory says.
      for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
      files.add(path, Buffer.concat(parts));
    }
  } catch (thrown) {
    throw damaged(thrown);
  }
}

function zipPath(entry: Entry, name: string, files: FileSet): string | null {
  const path = safePath(name);
  if (path === null) files.leaveOut(name, 'The name leads out of the bundle; the entry is left out.');
  else if (entry.externalFileAttributes >>> 28 === 0xa)
    files.leaveOut(path, 'A link; the entry is left out.');
  else if (entry.isEncrypted()) files.leaveOut(path, 'The file is encrypted; the entry is left out.');
  else return path;
  return null;
}

function damaged(thrown: unknown): FailureError {
  if (thrown instanceof FailureError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new FailureError('unusable', `The archive is damaged: ${message}.`);
}
