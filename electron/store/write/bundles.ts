import { hash } from 'node:crypto';
import type { CaseBundle, NewBundle } from '#shared/domain/bundle.ts';
import { type WritableDb, sql } from '../connection.ts';
import { listBundles } from '../read/bundles.ts';
import { type Custody, bundleAdded } from './custody.ts';

/** Enters a bundle, or finds it where the same was entered before for the same time. */
export function addBundle(db: WritableDb, custody: Custody, bundle: NewBundle): CaseBundle {
  const { system, digest, inForceFrom, files } = bundle;
  const id = hash('sha256', `${system}\n${digest}\n${inForceFrom ?? ''}`).slice(0, 16);
  const known = find(db, id);
  if (known !== undefined) {
    addIdentities(db, id, bundle);
    return known;
  }
  // As with evidence, the journal knows of it before the catalogue does.
  custody.append([bundleAdded(id, bundle)]);
  db.transaction(() => {
    const { lastInsertRowid } = db
      .prepare<(string | number | null)[]>(sql`
        insert into bundle
          (id, system, revision, digest, in_force_from, imported_at, path, policies, subjects, problems, signature)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      `)
      .run(
        id,
        system,
        bundle.revision,
        digest,
        inForceFrom,
        new Date().toISOString(),
        bundle.path,
        bundle.policies,
        bundle.subjects,
        JSON.stringify(bundle.problems),
        bundle.signature,
      );
    const write = db.prepare<(string | number)[]>(
      sql`insert into bundle_file (bundle, path, sha256, bytes) values (?, ?, ?, ?)`,
    );
    for (const { path, sha256, bytes } of files) write.run(Number(lastInsertRowid), path, sha256, bytes);
    // One that was made by editing is a question; nobody is there because of it.
    if (bundle.editedFrom === undefined) writeIdentities(db, Number(lastInsertRowid), bundle);
    db.prepare(sql`update state set revision = revision + 1`).run();
  }).immediate();
  custody.checkpoint();
  const added = find(db, id);
  if (added === undefined) throw new Error('the bundle that was just entered is not there');
  return added;
}

/** Of a bundle from before identities were kept: they come with its being added again. */
function addIdentities(db: WritableDb, id: string, bundle: NewBundle): void {
  if (bundle.editedFrom !== undefined) return;
  db.transaction(() => {
    const number = db
      .prepare<[string], number>(sql`
        select number from bundle where id = ? and number not in (select bundle from bundle_identities)
      `)
      .pluck()
      .get(id);
    if (number === undefined) return;
    writeIdentities(db, number, bundle);
    db.prepare(sql`update state set revision = revision + 1`).run();
  }).immediate();
}

function writeIdentities(db: WritableDb, number: number, { identities }: NewBundle): void {
  db.prepare<[number, string]>(sql`insert into bundle_identities (bundle, identities) values (?, ?)`).run(
    number,
    JSON.stringify(identities),
  );
}

function find(db: WritableDb, id: string): CaseBundle | undefined {
  return listBundles(db).find((bundle) => bundle.id === id);
}
