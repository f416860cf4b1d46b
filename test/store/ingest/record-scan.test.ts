import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '#shared/domain/json.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';
import { PartExtractor } from '#electron/ingest/accelerated/extractor.ts';

const folder = join(import.meta.dirname, '../../cases/aws-cloudtrail');
const cases = readdirSync(folder).map(
  (slug) => JSON.parse(readFileSync(join(folder, slug, 'record.json'), 'utf8')) as JsonObject,
);
const nested = { n: [1, -0.5e10, [{}, [], { a: [] }], true], deep: [[[{ b: { c: [false, null] } }]]] };
const texts = cases.flatMap((record) => [
  JSON.stringify(record),
  JSON.stringify(record, null, 1),
  JSON.stringify({ a: null, ...record, awsRegion: false, ...nested, z: [], y: {} }),
]);

const parts = awsCloudTrail.createParts?.();
if (parts === undefined) throw new Error('CloudTrail has parts');
const { members } = parts;
const { scanner } = new PartExtractor(parts, awsCloudTrail.containerKeys);

/** Passes over the record at the beginning of the text; answers with its length, 0 where it is refused. */
function passOver(text: string): number {
  scanner.append(scanner.bytes.length, Buffer.from(text));
  scanner.rows.begin(1, 0, false, 0, 0, 0, []);
  scanner.take(0, 1, 0, Number.MAX_SAFE_INTEGER);
  return scanner.takenTo;
}

/** The record's members as the module has found them. */
function found(): JsonObject {
  const entries = members.flatMap((name, slot) => {
    const [start, end] = [scanner.starts[slot] ?? -1, scanner.ends[slot] ?? -1];
    if (start < 0) return [];
    const value = scanner.bytes.toString('utf8', start, end);
    expect(scanner.escapes[slot]).toBe(value.includes('\\') ? 1 : 0);
    return [[name, JSON.parse(value)]];
  });
  return Object.fromEntries(entries) as JsonObject;
}

function wantedOf(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => members.includes(name)));
}

const tokens = [
  '"',
  ',',
  ':',
  '{',
  '}',
  '[',
  ']',
  'null',
  'true',
  'nul',
  '1',
  '01',
  '-',
  '.',
  '1e5',
  '\\',
  '\\"',
  '\\u12',
  ' ',
  '\n',
  '\t',
  '\0',
  '\u0001',
  'é',
  '{}',
  '[]',
  '"a"',
  '"a":',
  ',"b":1',
  '},',
  '],',
  '"awsRegion":"x",',
];
const change = fc.record({
  at: fc.nat(3000),
  removed: fc.nat(3),
  added: fc.constantFrom('', ...tokens),
  nearStructure: fc.boolean(),
});

it('finds the members of all real records', () => {
  // Twice: what was learnt of one is there for the next.
  for (const text of [...texts, ...texts]) {
    expect(passOver(text)).toBe(Buffer.byteLength(text));
    expect(found()).toEqual(wantedOf(JSON.parse(text) as JsonObject));
  }
});

it('passes over what is JSON alone, and finds its members, whatever it has seen before', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (text, changes) => {
        let made = text;
        for (const { at, removed, added, nearStructure } of changes) {
          const rest = made.slice(at).search(/[,:{}[\]"]/);
          const place = nearStructure && rest >= 0 ? at + rest : at % made.length;
          made = made.slice(0, place) + added + made.slice(place + removed);
        }
        const length = passOver(made);
        if (length === 0) return;
        const record = JSON.parse(scanner.bytes.toString('utf8', scanner.recordStart, length)) as JsonObject;
        expect(found()).toEqual(wantedOf(record));
        // It stays whole.
        expect(passOver(text)).toBe(Buffer.byteLength(text));
      },
    ),
    { numRuns: 4000 },
  );
});
