import { sql } from '../connection.ts';
import type { Migration } from './migration.ts';

/** What texts a part of a dictionary may hold: made with the part, and for those of before when the case is opened. */
export const textFilters: Migration = {
  version: 7,
  slug: 'text-filters',
  text: sql`
    -- As segments/text-filter.ts says, packed; null where the part is too small to need one.
    create table dictionary_filter (
      dimension text not null,
      first_id integer not null,
      version integer not null,
      data blob,
      primary key (dimension, first_id)
    ) strict, without rowid;
  `,
};
