import type { RecordSyntax } from '#shared/domain/batch.ts';
import type { LogFormat, RecordShape } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { shapeOf } from '#electron/evidence/records/decode.ts';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';
import { detectSyntax } from '#electron/evidence/records/syntax.ts';

/** Records by which a format is told. */
const shownRecords = 20;

/** A format is taken when it is at least this sure of one record. */
const leastConfidence = 0.5;

export interface Sniff {
  readonly syntax: RecordSyntax;
  readonly markLength: number;
  readonly records: readonly JsonObject[];
}

/** Bytes that are looked at for a first record: many of the longest that are read. */
const lookedAt = 1024 * 1024 * 1024;

/** The first records of a stream, by its first bytes. `isWhole`: the stream ends with them. */
export function sniff(head: Buffer, isWhole: boolean, containerKeys: ReadonlySet<string>): Sniff {
  const { syntax, markLength } = detectSyntax(head);
  return { syntax, markLength, records: firstRecords(syntax, markLength, containerKeys, [head], isWhole) };
}

/** The same of a stream that begins with something longer than any record that is read. */
export function sniffBeyond(
  { syntax, markLength }: Sniff,
  chunks: Iterable<Uint8Array>,
  containerKeys: ReadonlySet<string>,
): Sniff {
  return { syntax, markLength, records: firstRecords(syntax, markLength, containerKeys, chunks, true) };
}

function firstRecords(
  syntax: RecordSyntax,
  markLength: number,
  containerKeys: ReadonlySet<string>,
  chunks: Iterable<Uint8Array>,
  isWhole: boolean,
): readonly JsonObject[] {
  const splitter = new RecordSplitter(syntax, markLength, containerKeys);
  const records: JsonObject[] = [];
  const take = (slices: ReturnType<RecordSplitter['push']>): void => {
    for (const slice of slices) {
      if (slice.kind === 'record') records.push(slice.record);
      if (records.length >= shownRecords) return;
    }
  };
  let length = 0;
  for (const chunk of chunks) {
    take(splitter.push(chunk));
    length += chunk.length;
    if (records.length >= shownRecords || length > lookedAt) return records;
  }
  if (isWhole && records.length < shownRecords) take(splitter.end());
  return records;
}

export type FormatFinding =
  | { readonly kind: 'format'; readonly format: LogFormat }
  /** No log, or none that is known, and why. */
  | { readonly kind: 'none'; readonly reason: string };

/** The format that is surest of the records altogether. */
export function detectFormat(formats: readonly LogFormat[], { syntax, records }: Sniff): FormatFinding {
  const shape = shapeOf(syntax);
  let best: { readonly format: LogFormat; readonly verdict: Verdict } | null = null;
  for (const format of formats) {
    const verdict = judge(format, records, shape);
    if (verdict.highest >= leastConfidence && verdict.total > (best?.verdict.total ?? 0)) {
      best = { format, verdict };
    }
  }
  if (best === null) return { kind: 'none', reason: describeUnknown(syntax, records) };
  const { skip } = best.verdict;
  return skip === null ? { kind: 'format', format: best.format } : { kind: 'none', reason: skip };
}

interface Verdict {
  readonly total: number;
  readonly highest: number;
  /** Set where every record that the format knows says that the file is no log. */
  readonly skip: string | null;
}

function judge(format: LogFormat, records: readonly JsonObject[], shape: RecordShape): Verdict {
  let [total, highest, known, skipped] = [0, 0, 0, 0];
  let reason: string | null = null;
  for (const record of records) {
    const { confidence, skip } = format.detect(record, shape);
    total += confidence;
    highest = Math.max(highest, confidence);
    if (confidence > 0) known++;
    if (confidence > 0 && skip !== undefined) {
      skipped++;
      reason ??= skip;
    }
  }
  return { total, highest, skip: skipped === known ? reason : null };
}

/** Names what was seen, for a file of no known format. */
function describeUnknown(syntax: RecordSyntax, records: readonly JsonObject[]): string {
  const [first] = records;
  const known = 'no log format that is known';
  if (syntax.kind === 'table') return `A table with ${namesOf(syntax.header, 'column')}: ${known}.`;
  if (first === undefined)
    return 'It holds no records: no JSON objects, and no rows of a table with a header.';
  if (Object.keys(first).length === 0) return `JSON objects without any key: ${known}.`;
  return `JSON objects with ${namesOf(Object.keys(first), 'key')}: ${known}.`;
}

function namesOf(names: readonly string[], what: string): string {
  const shown = names.slice(0, 6).map((name) => JSON.stringify(name.slice(0, 40)));
  return `the ${what}s ${shown.join(', ')}${names.length > shown.length ? ', …' : ''}`;
}
