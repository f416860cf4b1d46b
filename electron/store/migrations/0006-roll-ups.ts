import { sql } from '../connection.ts';
import type { Migration } from './migration.ts';

/** What segments come to, kept beside them: made with the segment, and for those of before when the case is opened. */
export const rollUps: Migration = {
  version: 6,
  slug: 'roll-ups',
  text: sql`
    -- Holds for a segment of just so many events and for one version of the program's roll-ups only.
    create table roll_up (
      segment_id integer primary key references segment (id),
      version integer not null,
      count integer not null
    ) strict;

    -- Entries of the dictionary of credentials that roll-ups name, so that it need not be read.
    create table roll_up_credential (
      id integer primary key,
      value text not null
    ) strict;

    -- Columns as in segment_column; names and lengths in segments/roll-up.ts.
    create table roll_up_column (
      segment_id integer not null references roll_up (segment_id),
      name text not null,
      length integer not null,
      encoding text not null,
      base real not null,
      scale real not null,
      data blob not null,
      primary key (segment_id, name)
    ) strict, without rowid;
  `,
};
