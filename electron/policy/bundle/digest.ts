import { hash } from 'node:crypto';
import type { BundleSource } from '#shared/domain/policy-system.ts';
import { stableJson } from '#shared/util/stable-json.ts';

/**
 * What identifies a bundle: for files the SHA-256 of the list that `sha256sum` prints for them in the order of their
 * paths (so it can be checked by hand), for a document given in place that of its JSON with sorted keys (RFC 8785). A
 * folder and an archive with the same files have the same digest.
 */
export function bundleDigest(source: BundleSource): string {
  const text =
    source.kind === 'files'
      ? source.files.map(({ path, bytes }) => `${hash('sha256', bytes)}  ${path}\n`).join('')
      : stableJson(source.document);
  return `sha256:${hash('sha256', text)}`;
}
