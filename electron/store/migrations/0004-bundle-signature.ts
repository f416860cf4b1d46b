import { sql } from '../connection.ts';
import type { Migration } from './migration.ts';

/** What came of checking a bundle's own signature when it was added. */
export const bundleSignature: Migration = {
  version: 4,
  slug: 'bundle-signature',
  text: sql`
    -- verified, not-verified or wrong; null where it is not signed.
    alter table bundle add column signature text;
  `,
};
