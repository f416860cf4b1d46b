import { sql } from '../connection.ts';
import type { Migration } from './migration.ts';

/** The case as it began: evidence, events as columns, what was rejected and skipped, and the runs of import. */
export const initial: Migration = {
  version: 1,
  slug: 'initial',
  text: sql`
    -- One row: grows with every commit that changes what a reader would see.
    create table state (
      id integer primary key check (id = 1),
      revision integer not null
    ) strict;
    insert into state values (1, 0);

    create table import_run (
      id integer primary key,
      -- What the analyst chose: a JSON array of paths.
      paths text not null,
      started_at text not null,
      -- Null while it runs, and for ever where the process was ended.
      finished_at text,
      cancelled integer not null default 0,
      records integer not null default 0,
      events integer not null default 0,
      duplicates integer not null default 0,
      rejected integer not null default 0
    ) strict;

    -- A file, or a member of an archive, by the hash of its bytes.
    create table evidence (
      id integer primary key,
      sha256 text not null unique,
      path text not null,
      bytes integer not null,
      encoding text not null,
      -- JSON of an EvidenceLocation.
      location text not null,
      format text,
      -- JSON of a RecordSyntax; null where the file was skipped.
      syntax text,
      time_zone text,
      status text not null check (status in ('partial', 'complete', 'skipped')),
      reason text,
      -- Records that end at or before this offset of the decompressed stream are stored.
      resume_at integer not null default 0,
      records integer not null default 0,
      events integer not null default 0,
      duplicates integer not null default 0,
      rejected integer not null default 0,
      -- First and last event, duplicates included: RFC 3339 with the source's own precision.
      time_from text,
      time_to text,
      imported_at text not null,
      run_id integer not null references import_run (id)
    ) strict;

    -- Further paths under which the same bytes were seen.
    create table evidence_path (
      evidence_id integer not null references evidence (id),
      path text not null,
      primary key (evidence_id, path)
    ) strict, without rowid;

    -- In the order in which they were found, which within a file is the order of their offsets.
    create table rejected (
      id integer primary key,
      evidence_id integer not null references evidence (id),
      offset integer not null,
      length integer not null,
      reason text not null,
      excerpt text not null
    ) strict;
    create index rejected_evidence on rejected (evidence_id, offset);

    -- Records that are no access events by nature, by reason.
    create table skipped (
      evidence_id integer not null references evidence (id),
      reason text not null,
      records integer not null,
      primary key (evidence_id, reason)
    ) strict, without rowid;

    -- Values of each dimension by id, each the JSON array of its fields, packed as segments/dictionary-part.ts says;
    -- id 0 is the tuple of nulls and always there. A part holds what one commit added, from first_id on.
    create table dictionary_part (
      dimension text not null,
      first_id integer not null,
      data blob not null,
      primary key (dimension, first_id)
    ) strict, without rowid;

    -- Up to 65,536 events in the order of import; only the last segment may hold fewer, and grows with later
    -- commits. Times are microseconds since 1970.
    create table segment (
      id integer primary key,
      first_ordinal integer not null,
      count integer not null,
      time_min integer not null,
      time_max integer not null
    ) strict;

    -- value = base + scale * stored, see segments/codec.ts; names in segments/columns.ts.
    create table segment_column (
      name text not null,
      segment_id integer not null references segment (id),
      encoding text not null,
      base real not null,
      scale real not null,
      data blob not null,
      primary key (name, segment_id)
    ) strict, without rowid;
  `,
};
