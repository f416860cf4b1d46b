import type { BundleFile, CaseBundle } from '#shared/domain/bundle.ts';
import type { BundleEvidence } from '#shared/analysis/identities/sources.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ReadableDb, type WritableDb, sql } from '../connection.ts';

/** SQL of this file, for the tests of its plans. */
export const bundleQueries = {
  list: sql`
    select id, system, revision, digest, in_force_from as inForceFrom, imported_at as importedAt, path, policies,
      subjects, problems, signature
    from bundle order by number
  `,
  files: sql`
    select bundle_file.path as path, sha256, bytes from bundle cross join bundle_file on bundle = number
    where id = ? order by bundle_file.path
  `,
  identities: sql`
    select id, system, digest, in_force_from as inForceFrom, imported_at as importedAt, identities
    from bundle cross join bundle_identities on bundle = number order by number
  `,
  withIdentities: sql`select count(*) from bundle_identities`,
} as const;

interface Row extends Omit<CaseBundle, 'problems'> {
  readonly problems: string;
}

/** The bundles of a case in the order in which they were added. */
export function listBundles(db: ReadableDb | WritableDb): CaseBundle[] {
  return db
    .prepare<[], Row>(bundleQueries.list)
    .all()
    .map(({ problems, ...row }) => ({ ...row, problems: JSON.parse(problems) as CaseBundle['problems'] }));
}

/** Who appears in the bundles of a case, in the order in which these were added. */
export function bundleIdentities(db: ReadableDb): BundleEvidence[] {
  return db
    .prepare<[], BundleEvidence['bundle'] & { readonly identities: string }>(bundleQueries.identities)
    .all()
    .map(({ identities, ...bundle }) => ({
      bundle,
      identities: JSON.parse(identities) as BundleEvidence['identities'],
    }));
}

/** Of how many bundles the case knows who appears in them: their identities are read anew where it has changed. */
export function bundlesWithIdentities(db: ReadableDb): number {
  return db.prepare<[], number>(bundleQueries.withIdentities).pluck().get() ?? 0;
}

/** One bundle. Throws kind `not-found`. */
export function findBundle(db: ReadableDb, id: string): CaseBundle {
  const found = listBundles(db).find((bundle) => bundle.id === id);
  if (found !== undefined) return found;
  throw new FailureError('not-found', `The case has no bundle ${id}. See “rescind bundle list”.`, { id });
}

/** The files of a bundle by path. Throws kind `not-found`. */
export function bundleFiles(db: ReadableDb, id: string): BundleFile[] {
  findBundle(db, id);
  return db.prepare<[string], BundleFile>(bundleQueries.files).all(id);
}
