import { sql } from '../connection.ts';
import type { Migration } from './migration.ts';

/** Policy bundles and their files, which lie in the case's `bundles` folder under their hash. */
export const bundles: Migration = {
  version: 2,
  slug: 'bundles',
  text: sql`
    create table bundle (
      number integer primary key,
      id text not null unique,
      system text not null,
      revision text,
      digest text not null,
      in_force_from text,
      imported_at text not null,
      path text not null,
      policies integer not null,
      subjects integer not null,
      -- JSON array of BundleProblem.
      problems text not null
    ) strict;

    create table bundle_file (
      bundle integer not null references bundle (number),
      path text not null,
      sha256 text not null,
      bytes integer not null,
      primary key (bundle, path)
    ) strict, without rowid;
  `,
};
