import { crc32 } from 'node:zlib';
import {
  type Entry,
  RandomAccessReader,
  type ZipFile,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
} from 'yauzl';
import type { EvidenceLocation } from '#shared/domain/batch.ts';
import { type ArchiveLimits, memberPath } from './archive-limits.ts';
import { inflate } from './inflate.ts';
import type { StreamProblem } from './limits.ts';
import { type ArchiveMember, type LeftOutMember, MemberReader } from './member.ts';
import { type ByteSource, SliceSource, chunksOf } from './source.ts';

const chunkSize = 2 * 1024 * 1024;

class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource;
  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const bytes = this.#source.read(position, length);
    buffer.set(bytes, offset);
    callback(bytes.length === length ? null : new Error('the archive is cut off'));
  }
}

/** The files of a zip archive (also zip64) in the order of its directory. */
export async function* zipMembers(
  source: ByteSource,
  archive: { readonly sha256: string; readonly path: string },
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveMember | LeftOutMember> {
  let zip: ZipFile;
  try {
    // Names stay bytes here: a name that tries to leave the folder must not end the whole reading.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
    zip = await fromRandomAccessReaderPromise(new SourceReader(source), source.size, options);
  } catch (error) {
    yield {
      kind: 'left-out',
      path: archive.path,
      reason: `the zip directory is damaged: ${messageOf(error)}`,
    };
    return;
  }
  let count = 0;
  let left = limits.bytes;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        false,
      );
      if (name.endsWith('/')) continue;
      const path = memberPath(archive.path, name);
      count += 1;
      if (count > limits.entries || left <= 0) {
        const reason =
          count > limits.entries ? `more than ${limits.entries} files` : `more than ${limits.bytes} bytes`;
        yield { kind: 'left-out', path, reason: `the archive holds ${reason}; the rest was not read` };
        return;
      }
      const unfit = unfitness(entry);
      if (unfit !== null) {
        yield { kind: 'left-out', path, reason: unfit };
        continue;
      }
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      const member = readMember(source, archive.sha256, path, entry, fileDataStart, {
        ...limits,
        bytes: left,
      });
      left -= member.file.bytes;
      yield member;
    }
  } catch (error) {
    yield { kind: 'left-out', path: archive.path, reason: `the zip archive is damaged: ${messageOf(error)}` };
  }
}

function unfitness(entry: Entry): string | null {
  if (entry.isEncrypted()) return 'the file is encrypted; unpack it and import the result';
  if (entry.externalFileAttributes >>> 28 === 0xa) return 'the entry is a link';
  if (entry.compressionMethod === 0 || entry.compressionMethod === 8) return null;
  return `the file is packed with method ${entry.compressionMethod}; stored and deflate can be read`;
}

function readMember(
  source: ByteSource,
  parent: string,
  path: string,
  entry: Entry,
  offset: number,
  limits: ArchiveLimits,
): ArchiveMember {
  const method = entry.compressionMethod === 0 ? 'stored' : 'deflate';
  const location: EvidenceLocation = {
    kind: 'zip-member',
    parent,
    offset,
    length: entry.compressedSize,
    method,
  };
  const slice = new SliceSource(() => source, offset, entry.compressedSize);
  const reader = new MemberReader();
  let crc = 0;
  let head: Uint8Array = new Uint8Array(0);
  const take = (chunk: Uint8Array): void => {
    if (head.length === 0) head = chunk.slice(0, 512);
    crc = crc32(chunk, crc);
    reader.add(chunk);
  };
  let problem: StreamProblem | null = null;
  if (method === 'stored') for (const chunk of chunksOf(slice, chunkSize)) take(chunk);
  else {
    const member = { ...limits.member, bytes: Math.min(limits.member.bytes, limits.bytes) };
    const chunks = inflate(slice, 'deflate', {
      limits: member,
      expected: Math.min(entry.uncompressedSize, slice.size * 64),
    });
    for (let next = chunks.next(); ; next = chunks.next()) {
      if (next.done === true) {
        problem = next.value;
        break;
      }
      take(next.value);
    }
  }
  if (problem === null && (crc !== entry.crc32 || reader.bytes !== entry.uncompressedSize)) {
    const message = 'the checksum or size in the archive does not fit the file';
    problem = { offset: reader.bytes, inputOffset: slice.size, message };
  }
  return reader.finish(path, location, head, problem);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
