import { sql } from '../connection.ts';
import type { Migration } from './migration.ts';

/** Who appears in a bundle. Of bundles that were added before, nothing is known until they are added again. */
export const bundleIdentities: Migration = {
  version: 5,
  slug: 'bundle-identities',
  text: sql`
    create table bundle_identities (
      bundle integer primary key references bundle (number),
      -- JSON: a list of BundleIdentity.
      identities text not null
    ) strict;
  `,
};
