import { type ArchiveLimits, memberPath } from './archive-limits.ts';
import type { StreamProblem } from './limits.ts';
import { type ArchiveMember, type LeftOutMember, MemberReader } from './member.ts';
import { blockLength, isZeroBlock, parsePax, parseTarHeader, textAt } from './tar-header.ts';

/** Names and pax records longer than this are no file's. */
const longestExtension = 1024 * 1024;
const files = new Set(['0', '\0', '7']);

/** The files of a tar archive in their order; `chunks` is its decompressed stream. */
export function* tarMembers(
  chunks: Generator<Uint8Array, StreamProblem | null>,
  archive: { readonly sha256: string; readonly path: string },
  limits: ArchiveLimits,
): Generator<ArchiveMember | LeftOutMember> {
  const stream = new TarStream(chunks);
  const leftOut = (reason: string, path = archive.path): LeftOutMember => ({
    kind: 'left-out',
    path,
    reason,
  });
  let [count, total] = [0, 0];
  let longName: string | null = null;
  let pax = new Map<string, string>();
  for (;;) {
    const at = stream.offset;
    const block = stream.take(blockLength);
    if (block.length === 0 || (block.length === blockLength && isZeroBlock(block))) break;
    const header = parseTarHeader(block);
    if (header === null) {
      yield leftOut(`the tar header at ${at} is damaged; the rest of the archive was not read`);
      break;
    }
    const size = Number(pax.get('size') ?? header.size);
    const padding = (blockLength - (size % blockLength)) % blockLength;
    if (!Number.isSafeInteger(size) || size < 0) {
      yield leftOut(`the tar header at ${at} has no valid size; the rest of the archive was not read`);
      break;
    }
    if ('LKxg'.includes(header.type)) {
      if (size > longestExtension) {
        yield leftOut(
          `the tar header at ${at} is longer than ${longestExtension} bytes; the rest was not read`,
        );
        break;
      }
      const body = stream.take(size);
      stream.pass(padding);
      if (header.type === 'L') longName = textAt(body, 0, body.length);
      else if (header.type === 'x') pax = parsePax(body);
      continue;
    }
    const path = memberPath(archive.path, pax.get('path') ?? longName ?? header.name);
    const sparse = header.type === 'S' || [...pax.keys()].some((key) => key.startsWith('GNU.sparse'));
    [longName, pax] = [null, new Map()];
    if (header.type === '5') {
      stream.pass(size + padding);
      continue;
    }
    count += 1;
    total += size;
    if (count > limits.entries || total > limits.bytes) {
      const reason =
        count > limits.entries ? `more than ${limits.entries} files` : `more than ${limits.bytes} bytes`;
      yield leftOut(`the archive holds ${reason}; the rest was not read`, path);
      break;
    }
    if (!files.has(header.type) || sparse) {
      const isLink = header.type === '1' || header.type === '2';
      // The size of a link is that of the file it leads to; its data is not there.
      if (!isLink) stream.pass(size);
      yield leftOut(isLink ? 'the entry is a link' : 'the entry is no ordinary file', path);
    } else {
      const location = {
        kind: 'tar-member',
        parent: archive.sha256,
        offset: stream.offset,
        length: size,
      } as const;
      const reader = new MemberReader();
      const head = stream.copy(size, reader);
      const cut = reader.bytes < size;
      const problem = cut
        ? { offset: reader.bytes, inputOffset: stream.offset, message: 'the archive ends within this file' }
        : null;
      yield reader.finish(path, location, head, problem);
    }
    stream.pass(padding);
  }
  const problem = stream.finish();
  if (problem !== null)
    yield leftOut(`from byte ${problem.offset} on the archive cannot be read: ${problem.message}`);
}

/** A stream of chunks, read in pieces of any size. */
class TarStream {
  readonly #chunks: Generator<Uint8Array, StreamProblem | null>;
  #chunk: Uint8Array = new Uint8Array(0);
  #problem: StreamProblem | null = null;
  offset = 0;

  constructor(chunks: Generator<Uint8Array, StreamProblem | null>) {
    this.#chunks = chunks;
  }

  /** The next bytes, at most `limit`; none at the end. */
  #next(limit: number): Uint8Array {
    while (this.#chunk.length === 0) {
      const { done, value } = this.#chunks.next();
      if (done === true) {
        this.#problem ??= value ?? null;
        return this.#chunk;
      }
      this.#chunk = value;
    }
    const bytes = this.#chunk.subarray(0, limit);
    this.#chunk = this.#chunk.subarray(bytes.length);
    this.offset += bytes.length;
    return bytes;
  }

  take(length: number): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let left = length; left > 0; ) {
      const bytes = this.#next(left);
      if (bytes.length === 0) break;
      parts.push(bytes);
      left -= bytes.length;
    }
    return Buffer.concat(parts);
  }

  pass(length: number): void {
    for (let left = length; left > 0; ) {
      const bytes = this.#next(left);
      if (bytes.length === 0) return;
      left -= bytes.length;
    }
  }

  /** Gives the next bytes to a reader; answers with the first of them. */
  copy(length: number, reader: MemberReader): Uint8Array {
    let head: Uint8Array = new Uint8Array(0);
    for (let left = length; left > 0; ) {
      const bytes = this.#next(left);
      if (bytes.length === 0) break;
      if (head.length === 0) head = bytes.slice(0, 512);
      reader.add(bytes);
      left -= bytes.length;
    }
    return head;
  }

  /** Reads to the end, so that checkpoints cover the whole stream. */
  finish(): StreamProblem | null {
    for (let bytes = this.#next(Number.POSITIVE_INFINITY); bytes.length > 0; ) {
      bytes = this.#next(Number.POSITIVE_INFINITY);
    }
    return this.#problem;
  }
}
