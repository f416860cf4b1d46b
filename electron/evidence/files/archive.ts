import { acquireBuffer, acquireFile } from './acquire.ts';
import { type ArchiveLimits, archiveLimits } from './archive-limits.ts';
import { DecodedStream } from './decoded.ts';
import { inflate } from './inflate.ts';
import { decodeLimits } from './limits.ts';
import type { ArchiveMember, LeftOutMember } from './member.ts';
import { EvidenceFiles, type EvidenceSource } from './read.ts';
import { BufferSource, type ByteSource, chunksOf } from './source.ts';
import { parseTarHeader } from './tar-header.ts';
import { tarMembers } from './tar.ts';
import { zipMembers } from './zip.ts';

export type ArchiveKind = 'zip' | 'tar';

/** An archive within an archive: kept as a file of its own, since members are found within kept files only. */
export interface InnerArchive {
  readonly kind: 'archive';
  readonly file: ArchiveMember['file'];
}

export type ArchiveItem = ArchiveMember | LeftOutMember | InnerArchive;

/** A kept file with the path that it is shown under. */
export type KeptArchive = EvidenceSource & { readonly path: string };

/** What a kept file is an archive of, if any, by its first decompressed bytes. */
export function archiveKind(
  evidenceFolder: string,
  file: EvidenceSource,
  content: Uint8Array | null,
): ArchiveKind | null {
  if (content !== null) return kindOf(new BufferSource(content), file.encoding);
  const files = new EvidenceFiles(evidenceFolder);
  try {
    return kindOf(files.original(file), file.encoding);
  } finally {
    files.close();
  }
}

function kindOf(source: ByteSource, encoding: EvidenceSource['encoding']): ArchiveKind | null {
  if (encoding === 'none') return kindOfHead(source.read(0, 512));
  const chunks = inflate(source, encoding, { limits: { ...decodeLimits, bytes: 1 }, expected: 512 });
  const { done, value } = chunks.next();
  chunks.return(null);
  // Only tar is compressed as a whole.
  return done !== true && kindOfHead(value) === 'tar' ? 'tar' : null;
}

function kindOfHead(head: Uint8Array): ArchiveKind | null {
  // "PK" and a file header, or the end of an empty directory (APPNOTE 4.3.7, 4.3.16).
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) return 'zip';
  return parseTarHeader(head) === null ? null : 'tar';
}

/**
 * The members of a kept archive, in its order. Nothing is unpacked to disk: a member is a place in the archive.
 * Members that are archives are opened in turn (and are then kept as files of their own), to the depth of the
 * limits. Never throws on data: what cannot be read is `left-out` with the reason.
 */
export async function* openArchive(
  evidenceFolder: string,
  archive: KeptArchive,
  kind: ArchiveKind,
  limits: ArchiveLimits = archiveLimits,
): AsyncGenerator<ArchiveItem> {
  const files = new EvidenceFiles(evidenceFolder);
  try {
    for await (const item of membersOf(files, evidenceFolder, archive, kind, limits)) {
      const inner =
        item.kind === 'member' && item.problem === null
          ? archiveKind(evidenceFolder, item.file, item.content)
          : null;
      if (item.kind !== 'member' || inner === null) yield item;
      else if (limits.depth <= 1) {
        const reason =
          'archives within archives within archives are not opened; unpack it and import the result';
        yield { kind: 'left-out', path: item.file.path, reason };
      } else {
        const file = await keepInner(files, evidenceFolder, item);
        yield { kind: 'archive', file };
        yield* openArchive(evidenceFolder, file, inner, { ...limits, depth: limits.depth - 1 });
      }
    }
  } finally {
    files.close();
  }
}

function membersOf(
  files: EvidenceFiles,
  evidenceFolder: string,
  archive: KeptArchive,
  kind: ArchiveKind,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveMember | LeftOutMember> | Generator<ArchiveMember | LeftOutMember> {
  if (kind === 'tar')
    return tarMembers(
      new DecodedStream(evidenceFolder, archive, null, limits.member).read(),
      archive,
      limits,
    );
  return zipMembers(
    archive.encoding === 'none' ? files.original(archive) : files.decoded(archive),
    archive,
    limits,
  );
}

async function keepInner(
  files: EvidenceFiles,
  evidenceFolder: string,
  member: ArchiveMember,
): Promise<ArchiveMember['file']> {
  if (member.content !== null) acquireBuffer({ evidenceFolder }, member.content);
  else {
    const chunks = chunksOf(files.original(member.file), 4 * 1024 * 1024);
    await acquireFile({ evidenceFolder, from: toAsync(chunks) });
  }
  return { ...member.file, location: { kind: 'file' } };
}

async function* toAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
