import { describe, expect, it } from 'vitest';
import { dimensionNames, hashedFields } from '#shared/domain/dimensions.ts';
import { formatInstant } from '#shared/util/instant.ts';
import { readContent, readSegments } from './case-content.ts';
import { importFiles } from './fake-ingest.ts';
import { eager } from './kill-plan.ts';
import { newCase } from './support.ts';
import {
  batchOf,
  packedOf,
  evidenceFile,
  syntheticFile,
  type SyntheticFile,
  type SyntheticEvent,
} from './synthetic.ts';
import { packBatch } from '../../support/pack-batch.ts';

const files = [
  syntheticFile({ seed: 1, path: 'a.json.gz', records: 3_000, ids: 5_000 }),
  syntheticFile({ seed: 2, path: 'b.json.gz', records: 2_500, ids: 5_000 }),
];

/** What a case must hold, by a plain reading of the records: the first of each id, in order. */
function firstOfEachId(
  all: readonly SyntheticFile[],
): { event: SyntheticEvent; row: Record<string, unknown> }[] {
  const seen = new Set<string>();
  return all.flatMap(({ records }, file) =>
    records.flatMap(({ event, offset, length }) => {
      if (event === null || seen.has(event.key.join())) return [];
      seen.add(event.key.join());
      const row: Record<string, unknown> = { evidence: file + 1, offset, length };
      Object.assign(row, { micros: event.micros, nanos: event.nanos, timeDigits: event.digits });
      event.key.forEach((word, index) => (row[`key${index}`] = word));
      for (const name of dimensionNames) row[`dimension:${name}`] = event.values[name];
      hashedFields.forEach((field, index) => (row[`hash:${field}`] = event.hashes[index]));
      return [{ event, row }];
    }),
  );
}

/** The time of an event that stands at this place of the case. */
function microsOf(ordinal: number): number {
  return 1e15 + ordinal * 1e6;
}

describe('an import', () => {
  it('stores the first of each id with its values and position, in the order of the files', () => {
    const { writer, folder } = newCase();
    importFiles(writer, files);
    expect(readContent(folder).events).toEqual(firstOfEachId(files).map(({ row }) => row));
  });

  it('adds up, and names outcomes and sources of the new events', () => {
    const { writer, folder, configFolder } = newCase();
    const report = importFiles(writer, files);
    const expected = firstOfEachId(files);
    const rejected = files.flatMap(({ records }) => records).filter(({ event }) => event === null).length;
    expect(report).toMatchObject({ records: 5_500, events: expected.length, rejected, cancelled: false });
    expect(report.duplicates).toBe(5_500 - expected.length - rejected);
    const denied = expected.filter(({ event }) => event.values.decision.startsWith('["deny"')).length;
    expect(denied).toBeGreaterThan(0);
    expect(report.outcomes.deny).toBe(denied);
    expect(Object.values(report.outcomes).reduce((sum, count) => sum + count)).toBe(expected.length);
    expect(report.sources.map(({ format }) => format)).toEqual(['aws-cloudtrail', 'kubernetes-audit']);
    const own = expected.filter(({ row }) => row['evidence'] === 1).map(({ event }) => event);
    const order = own.toSorted((a, b) => a.micros - b.micros || a.nanos - b.nanos);
    expect(report.sources[1]).toEqual({
      format: 'kubernetes-audit',
      events: own.length,
      from: formatInstant(order[0]!),
      to: formatInstant(order.at(-1)!),
    });
    expect(writer.open({ folder, configFolder })).toMatchObject({
      events: expected.length,
      files: 2,
      rejected,
    });
  });

  it('keeps each rejected record with its position', () => {
    const { writer, folder } = newCase();
    importFiles(writer, files);
    const expected = files.flatMap(({ records }, file) =>
      records.flatMap(({ event, offset, length }) =>
        event === null
          ? [
              {
                evidence_id: file + 1,
                offset,
                length,
                reason: 'expected an object, found a number',
                excerpt: `${offset}`,
              },
            ]
          : [],
      ),
    );
    expect(readContent(folder).rejected).toEqual(expected);
  });

  it('makes the same case whatever the batches and commits', () => {
    const [first, second] = [newCase(), newCase(eager)];
    importFiles(first.writer, files, { seed: 5, batch: 4_000 });
    importFiles(second.writer, files, { seed: 6, batch: 90 });
    expect(readContent(second.folder)).toEqual(readContent(first.folder));
  });

  it('adds nothing from the same file, under another name either', () => {
    const { writer, folder, configFolder } = newCase();
    importFiles(writer, files);
    const before = readContent(folder);
    const rejected = files[0]!.records.filter(({ event }) => event === null).length;
    const copy = { ...files[0]!, evidence: { ...files[0]!.evidence, path: 'copy.json.gz' } };
    const report = importFiles(writer, [files[0]!, copy]);
    expect(report).toMatchObject({ records: 6_000, events: 0, rejected: 2 * rejected });
    expect(report.duplicates).toBe(6_000 - 2 * rejected);
    writer.open({ folder, configFolder });
    expect(readContent(folder)).toEqual(before);
  });

  it('finds the events of an earlier session again', () => {
    const { writer, folder, configFolder } = newCase();
    const first = importFiles(writer, files.slice(0, 1));
    writer.close({});
    writer.open({ folder, configFolder });
    const second = importFiles(writer, files.slice(1));
    expect(first.events + second.events).toBe(firstOfEachId(files).length);
    expect(readContent(folder).events).toEqual(firstOfEachId(files).map(({ row }) => row));
  });

  it('fills segments whatever was committed between, and keeps their times', () => {
    const { writer, folder } = newCase(eager);
    const { runId } = writer.beginRun({ paths: ['.'] });
    const { evidenceId } = writer.registerEvidence({ runId, file: evidenceFile('big', 8) });
    const { records } = syntheticFile({ seed: 8, path: 'big', records: 7_000, ids: 1e6, rejectedShare: 0 });
    const batch = batchOf(records);
    for (let round = 0; round < 20; round++) {
      const keys = Uint32Array.from({ length: 28_000 }, (_, at) =>
        at % 4 === 0 ? round * 7_000 + at / 4 : at % 4,
      );
      const micros = Float64Array.from({ length: 7_000 }, (_, at) => microsOf(round * 7_000 + at));
      writer.writeBatch({ evidenceId, batch: packBatch({ ...batch, keys, micros }), resumeAt: round });
    }
    writer.finishRun({ runId, cancelled: false });
    expect(readSegments(folder)).toEqual([
      { id: 1, first: 0, count: 65_536, min: microsOf(0), max: microsOf(65_535) },
      { id: 2, first: 65_536, count: 65_536, min: microsOf(65_536), max: microsOf(131_071) },
      { id: 3, first: 131_072, count: 8_928, min: microsOf(131_072), max: microsOf(139_999) },
    ]);
  });
});

describe('a file', () => {
  it('that comes again while it is read counts once as new and once as duplicates', () => {
    const { writer, folder } = newCase();
    const { evidence, records } = files[0]!;
    const { runId } = writer.beginRun({ paths: ['.'] });
    const first = writer.registerEvidence({ runId, file: evidence });
    const second = writer.registerEvidence({ runId, file: { ...evidence, path: 'twin' } });
    expect([first.status, second.status]).toEqual(['new', 'complete']);
    const { evidenceId } = first;
    const counts = writer.writeBatch({ evidenceId, batch: packedOf(records), resumeAt: 1 });
    writer.finishEvidence({ evidenceId, skipped: [] });
    expect(writer.finishRun({ runId, cancelled: false })).toMatchObject({
      records: 6_000,
      events: counts.events,
      duplicates: counts.events + 2 * counts.duplicates,
      rejected: 2 * counts.rejected,
    });
    expect(readContent(folder).evidence).toHaveLength(1);
  });

  it('that was skipped is in the list, and can be made a log later', () => {
    const { writer, folder } = newCase();
    const { runId } = writer.beginRun({ paths: ['.'] });
    const notes = { ...evidenceFile('notes.txt', 4), format: null, syntax: null };
    writer.skipEvidence({ runId, file: notes, reason: 'no known log format' });
    writer.finishRun({ runId, cancelled: false });
    expect(readContent(folder).evidence).toMatchObject([
      { path: 'notes.txt', status: 'skipped', reason: 'no known log format', format: null },
    ]);
    importFiles(writer, [syntheticFile({ seed: 4, path: 'notes.txt', records: 10, ids: 100 })]);
    expect(readContent(folder).evidence).toMatchObject([
      { path: 'notes.txt', status: 'complete', reason: null, format: 'aws-cloudtrail', records: 10 },
    ]);
  });

  it('that was read in part is not read on in another format', () => {
    const { writer } = newCase();
    const { evidence, records } = files[0]!;
    const begun = writer.beginRun({ paths: ['.'] });
    const { evidenceId } = writer.registerEvidence({ runId: begun.runId, file: evidence });
    writer.writeBatch({ evidenceId, batch: packedOf(records.slice(0, 5)), resumeAt: 500 });
    writer.finishRun({ runId: begun.runId, cancelled: true });
    const { runId } = writer.beginRun({ paths: ['.'] });
    expect(() => writer.registerEvidence({ runId, file: { ...evidence, format: 'aws-cloudtrail' } })).toThrow(
      /imported in part as kubernetes-audit/,
    );
    expect(writer.registerEvidence({ runId, file: evidence })).toMatchObject({
      status: 'partial',
      resumeAt: 500,
    });
  });
});

it('a batch that is not what it claims ends the run and leaves the case as it was', () => {
  const { writer, folder } = newCase();
  importFiles(writer, files.slice(0, 1));
  const before = readContent(folder);
  const { evidence, records } = files[1]!;
  const { runId } = writer.beginRun({ paths: ['.'] });
  const { evidenceId } = writer.registerEvidence({ runId, file: evidence });
  const batch = batchOf(records);
  const ids = batch.dimensions.subject.ids.slice().fill(1_000_000);
  const broken = { ...batch, dimensions: { ...batch.dimensions, subject: { ids, values: ['[]'] } } };
  expect(() => writer.writeBatch({ evidenceId, batch: packBatch(broken), resumeAt: 9 })).toThrow(
    /subject entry 1000000/,
  );
  expect(() => writer.writeBatch({ evidenceId, batch: packBatch(batch), resumeAt: 9 })).toThrow(
    /subject entry/,
  );
  expect(() => writer.finishRun({ runId, cancelled: true })).toThrow(/subject entry/);
  expect(readContent(folder)).toEqual(before);
});

it('an import that its process left behind is ended by the next one', () => {
  const { writer, folder } = newCase();
  const { runId } = writer.beginRun({ paths: ['.'] });
  const { evidenceId } = writer.registerEvidence({ runId, file: files[0]!.evidence });
  const half = files[0]!.records.slice(0, 1_000);
  const { offset, length } = half.at(-1)!;
  writer.writeBatch({ evidenceId, batch: packedOf(half), resumeAt: offset + length });
  importFiles(writer, files);
  expect(() => writer.finishRun({ runId, cancelled: true })).toThrow(/import is over/);
  expect(readContent(folder).events).toEqual(firstOfEachId(files).map(({ row }) => row));
});
