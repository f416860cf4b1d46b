import { expect } from 'vitest';
import { decodeRecord } from '#electron/evidence/records/decode.ts';
import type { RecordSlice } from '#electron/evidence/records/record.ts';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';
import { detectSyntax } from '#electron/evidence/records/syntax.ts';
import type { NormalizedEvent } from '#shared/domain/event.ts';
import type { RecordShape } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';
import { records } from './records.ts';

/** Every event of a container, through the splitter, each also read again from its bytes alone. */
export function eventsOf(container: string | Buffer): readonly NormalizedEvent[] {
  const bytes = Buffer.from(container);
  const { syntax, markLength } = detectSyntax(bytes);
  const shape: RecordShape = syntax.kind === 'table' ? 'row' : 'json';
  const splitter = new RecordSplitter(syntax, markLength, new Set(awsCloudTrail.containerKeys));
  const reader = awsCloudTrail.createReader({ path: '', timeZone: null });
  const take = (slice: RecordSlice): NormalizedEvent => {
    if (slice.kind !== 'record') throw new Error(JSON.stringify(slice));
    expect(awsCloudTrail.detect(slice.record, shape).confidence).toBeGreaterThanOrEqual(0.5);
    const result = reader.read(slice.record, shape);
    if (result.kind !== 'event') throw new Error(JSON.stringify(result));
    const again = decodeRecord(bytes.subarray(slice.offset, slice.offset + slice.length), syntax);
    if (!('record' in again)) throw new Error(again.problem);
    const fresh = awsCloudTrail.createReader({ path: '', timeZone: null });
    expect(fresh.read(again.record, again.shape)).toEqual(result);
    return result.event;
  };
  return [...Array.from(splitter.push(bytes), take), ...Array.from(splitter.end(), take)];
}

export function csv(header: readonly string[], row: (record: JsonObject) => readonly string[]): string {
  return `${[header, ...records.map(row)].map(csvLine).join('\n')}\n`;
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** As Athena and Java print structures. */
export function struct(value: unknown, isLowerCased: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => struct(item, isLowerCased)).join(', ')}]`;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, inner]) => `${isLowerCased ? key.toLowerCase() : key}=${struct(inner, isLowerCased)}`,
  );
  return `{${members.join(', ')}}`;
}

export function snakeCased(object: JsonObject | undefined): JsonObject | undefined {
  if (object === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
}

/** One record a line. */
export function lines(render: (record: JsonObject) => unknown): string {
  return `${records.map((record) => JSON.stringify(render(record))).join('\n')}\n`;
}

/** As CloudWatch Logs gives an event. */
export function message(record: JsonObject): JsonObject {
  return { id: '39', timestamp: 1772600767091, message: JSON.stringify(record) };
}

/** JSON text, or an empty cell. */
export function json(value: unknown): string {
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
