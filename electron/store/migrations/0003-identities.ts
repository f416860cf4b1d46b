import { sql } from '../connection.ts';
import type { Migration } from './migration.ts';

/** What directory exports tell of identities, and what analysts have decided about them. */
export const identities: Migration = {
  version: 3,
  slug: 'identities',
  text: sql`
    -- One export of a directory: evidence whose records are no events.
    create table directory_snapshot (
      evidence_id integer primary key references evidence (id),
      format text not null,
      -- RFC 3339; null where neither the file nor the analyst said.
      taken_at text,
      -- 1 whole, 0 more pages follow, null nobody can tell; null as well until the file has been read to its end.
      complete integer,
      last_page integer not null default 0,
      -- JSON of the mapping by which a table was read.
      mapping text
    ) strict;

    -- In the order of the file. value: JSON of a DirectoryEntry.
    create table directory_entry (
      evidence_id integer not null references evidence (id),
      number integer not null,
      offset integer not null,
      length integer not null,
      value text not null,
      primary key (evidence_id, number)
    ) strict, without rowid;

    -- Append-only: a decision is taken back by a later one.
    create table decision (
      number integer primary key,
      time text not null,
      who text not null,
      why text not null,
      kind text not null,
      -- JSON, by kind.
      data text not null,
      -- The decision that this one takes back.
      undoes integer references decision (number)
    ) strict;

    create trigger decision_is_final before update on decision begin
      select raise(abort, 'a decision is never changed');
    end;
    create trigger decision_stays before delete on decision begin
      select raise(abort, 'a decision is never deleted');
    end;
  `,
};
