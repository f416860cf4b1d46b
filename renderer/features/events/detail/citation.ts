import type { AccessEvent } from '#shared/domain/event.ts';

/** How a finding or report names an event, so that anyone finds the very bytes: file, hash, offset and length. */
export function citationOf({ id, time, evidence }: AccessEvent): string {
  const { path, sha256, offset, length } = evidence;
  return `event ${id} of ${time}: ${length} bytes at ${offset} of ${path} (SHA-256 ${sha256})`;
}
