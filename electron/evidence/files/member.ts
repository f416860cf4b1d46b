import { createHash } from 'node:crypto';
import type { EvidenceLocation } from '#shared/domain/batch.ts';
import { memberBuffer } from './archive-limits.ts';
import { sniffEncoding } from './layout.ts';
import type { StreamProblem } from './limits.ts';
import type { EvidenceSource } from './read.ts';

/** A file within an archive, hashed. Its bytes stay where they are. */
export interface ArchiveMember {
  readonly kind: 'member';
  readonly file: EvidenceSource & { readonly path: string; readonly bytes: number };
  /** The member's bytes, where they are few enough to hand on. */
  readonly content: Uint8Array | null;
  /** Why the member's bytes end too early, or null. */
  readonly problem: StreamProblem | null;
}

/** What was left out of an archive, or what is wrong with it from there on. */
export interface LeftOutMember {
  readonly kind: 'left-out';
  readonly path: string;
  readonly reason: string;
}

/** Takes a member's bytes as they come. */
export class MemberReader {
  readonly #hash = createHash('sha256');
  #parts: Uint8Array[] | null = [];
  bytes = 0;

  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.bytes += chunk.length;
    if (this.bytes > memberBuffer) this.#parts = null;
    this.#parts?.push(chunk);
  }

  /** `head`: the first bytes, where they were not kept. */
  finish(
    path: string,
    location: EvidenceLocation,
    head: Uint8Array,
    problem: StreamProblem | null,
  ): ArchiveMember {
    const parts = this.#parts;
    const content = parts === null ? null : parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts);
    const file = {
      sha256: this.#hash.digest('hex'),
      path,
      bytes: this.bytes,
      encoding: sniffEncoding(content ?? head),
      location,
    };
    return { kind: 'member', file, content, problem };
  }
}
