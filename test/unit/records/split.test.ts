import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from '#electron/evidence/records/decode.ts';
import type { RecordSlice } from '#electron/evidence/records/record.ts';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';
import { detectSyntax } from '#electron/evidence/records/syntax.ts';

const containers = new Set(['Records', 'items', 'Events', 'hits']);

/** Splits bytes that come in chunks of `size`; checks that no piece overlaps another. */
function split(bytes: Buffer, size = bytes.length + 1): RecordSlice[] {
  const { syntax, markLength } = detectSyntax(bytes);
  const splitter = new RecordSplitter(syntax, markLength, containers);
  const slices: RecordSlice[] = [];
  for (let at = 0; at < bytes.length; at += size)
    slices.push(...splitter.push(bytes.subarray(at, at + size)));
  slices.push(...splitter.end());
  let from = 0;
  for (const slice of slices) {
    expect(slice.offset).toBeGreaterThanOrEqual(from);
    expect(slice.length).toBeGreaterThan(0);
    from = slice.offset + slice.length;
  }
  expect(from).toBeLessThanOrEqual(bytes.length);
  return slices;
}

/** Every record that came out, read again from its bytes alone. */
function recordsOf(bytes: Buffer, size?: number): unknown[] {
  const { syntax } = detectSyntax(bytes);
  return split(bytes, size)
    .filter((slice) => slice.kind === 'record')
    .map((slice) => {
      const again = decodeRecord(bytes.subarray(slice.offset, slice.offset + slice.length), syntax);
      expect('record' in again && { ...again.record }).toEqual({ ...slice.record });
      return { ...slice.record };
    });
}

function problemsOf(bytes: Buffer): { text: string; reason: string }[] {
  return split(bytes)
    .filter((slice) => slice.kind === 'problem')
    .map(({ offset, length, reason }) => ({ text: bytes.toString('utf8', offset, offset + length), reason }));
}

const record = fc
  .dictionary(fc.constantFrom('a', 'b', 'eventVersion', 'é', '}{'), fc.jsonValue({ maxDepth: 3 }), {
    minKeys: 1,
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
const records = fc.array(record, { minLength: 1, maxLength: 12 });

const layouts: Record<string, (list: readonly unknown[], lineEnd: string) => string> = {
  'Records document': (list) => `{"Records":[${list.map((item) => JSON.stringify(item)).join(',')}]}`,
  'Records document with other members': (list) =>
    `{"kind":"List","meta":{"a":[1,{"b":2}]},"items": [ ${list.map((item) => JSON.stringify(item)).join(' ,\t')} ], "n":1}`,
  // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-search
  'answer of an Elasticsearch search': (list) =>
    `{"took":3,"hits":{"total":{"value":9,"relation":"eq"},"max_score":1.5,"hits":[${list.map((item) => JSON.stringify(item)).join(',')}]},"_shards":{"total":1}}`,
  'answers of searches, one a line': (list, end) =>
    list.map((item) => `{"hits":{"hits":[${JSON.stringify(item)}],"total":1},"took":3}${end}`).join(''),
  array: (list) => JSON.stringify(list),
  'pretty array': (list) => JSON.stringify(list, null, 2),
  'JSON Lines': (list, end) => list.map((item) => JSON.stringify(item) + end).join(''),
  'JSON Lines without a last line end': (list, end) => list.map((item) => JSON.stringify(item)).join(end),
  'pretty objects one after another': (list, end) =>
    list.map((item) => JSON.stringify(item, null, 4).replaceAll('\n', end)).join(end),
  'containers in lines': (list, end) =>
    list.map((item) => JSON.stringify({ Records: [item, item].slice(0, 1) }) + end).join(''),
  'containers in an array': (list) => JSON.stringify(list.map((item) => ({ Events: [item] }))),
  'lines with a time before the record': (list, end) =>
    list.map((item) => `2024-05-01T10:00:00.000Z ${JSON.stringify(item)}${end}`).join(''),
};

const encodings: Record<string, (text: string) => Buffer> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
  'UTF-16LE with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16BE with a mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
};

describe('records come out of every container as they went in', () => {
  for (const [layout, write] of Object.entries(layouts)) {
    for (const [encoding, encode] of Object.entries(encodings)) {
      it(`${layout}, ${encoding}`, () => {
        fc.assert(
          fc.property(
            records,
            fc.constantFrom('\n', '\r\n', '\n\n'),
            fc.integer({ min: 1, max: 200 }),
            (list, lineEnd, size) => {
              const bytes = encode(write(list, lineEnd));
              expect(recordsOf(bytes)).toEqual(list);
              expect(recordsOf(bytes, size)).toEqual(list);
            },
          ),
          { numRuns: 60 },
        );
      });
    }
  }
});

function many(count: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, id) => ({
    eventID: `id-${id}`,
    list: [{ x: 'a "b" }{][' }],
    n: id,
  }));
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

describe('damage costs the damaged record alone', () => {
  const between = fc.record({
    index: fc.integer({ min: 0, max: 8 }),
    junk: fc.constantFrom(...Array.from('{}[]",:\\x1 \u0000')),
  });
  const glued: Record<string, { open: string; separator: string; close: string }> = {
    'Records document': { open: '{"Records":[', separator: ',', close: ']}' },
    array: { open: '[', separator: ',', close: ']' },
    'JSON Lines': { open: '', separator: '\n', close: '\n' },
  };
  for (const [name, { open, separator, close }] of Object.entries(glued)) {
    it(`a byte between the records of a ${name} is changed`, () => {
      fc.assert(
        fc.property(between, ({ index, junk }) => {
          const list = many(10);
          const parts = list.map((item) => JSON.stringify(item));
          const text = parts.map((part, at) => part + (at === index ? junk : separator)).join('');
          const bytes = Buffer.from(open + text.slice(0, -1) + close);
          expect(recordsOf(bytes)).toEqual(list);
        }),
      );
    });

    it(`a byte within a record of a ${name} is changed`, () => {
      fc.assert(
        fc.property(between, fc.double({ min: 0, max: 0.999, noNaN: true }), ({ index, junk }, place) => {
          const list = many(10);
          const parts = list.map((item) => JSON.stringify(item));
          const part = parts[index]!;
          const at = Math.floor(place * part.length);
          parts[index] = part.slice(0, at) + junk + part.slice(at + 1);
          const bytes = Buffer.from(open + parts.join(separator) + close);
          const ids = recordsOf(bytes).map((item) => (item as { eventID?: unknown }).eventID);
          const others = list.filter((_, other) => other !== index).map((item) => item['eventID']);
          expect(ids).toEqual(expect.arrayContaining(others));
        }),
      );
    });
  }

  it('a broken line between good ones is reported with its place and reason', () => {
    const bytes = Buffer.from('{"a":1}\n{"a":2,"b":\n{"a":3}\nsome log line\n---\n{"a":4}\n{"a":5');
    expect(recordsOf(bytes)).toEqual([{ a: 1 }, { a: 3 }, { a: 4 }]);
    const problems = problemsOf(bytes);
    expect(problems.map((problem) => problem.text)).toEqual([
      '{"a":2,"b":',
      'some log line',
      '---',
      '{"a":5',
    ]);
    expect(problems[3]?.reason).toMatch(/truncated/i);
  });

  it('the last record of a truncated document is reported as truncated, all others come', () => {
    const whole = `{"Records":[${many(50)
      .map((item) => JSON.stringify(item))
      .join(',')}]}`;
    const bytes = Buffer.from(whole.slice(0, -30));
    expect(recordsOf(bytes)).toEqual(many(49));
    const problems = problemsOf(bytes);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.text).toMatch(/^\{"eventID":"id-49"/);
    expect(problems[0]?.reason).toMatch(/truncated/i);
  });

  it('invalid UTF-8, keys that stand twice and __proto__ harm nothing', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}\n{"__proto__":{"x":1},"a":1,"a":2}\n'),
    ]);
    const slices = split(bytes);
    expect(slices.map((slice) => slice.kind)).toEqual(['record', 'record']);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

describe('hostile bytes', () => {
  it('a record of 16 MiB and more is rejected, its neighbours are not', () => {
    const long = `{"a":"${'x'.repeat(17 * 1024 * 1024)}"}`;
    const bytes = Buffer.from(`{"a":1}\n${long}\n{"a":2}\n`);
    expect(split(bytes).map((slice) => slice.kind)).toEqual(['record', 'problem', 'record']);
    expect(split(bytes, 1 << 20).at(-1)?.kind).toBe('record');
  });

  const size = 4 * 1024 * 1024;
  const hostile: Record<string, string> = {
    'brackets without end': '['.repeat(size),
    'objects that never end': '{"a":['.repeat(size / 6),
    'lines of objects that never end': '{"a":[\n'.repeat(size / 7),
    'nested containers': '{"Records":['.repeat(size / 12),
    quotes: '"'.repeat(size),
    'lines of open quotes': '{"a":"\n'.repeat(size / 7),
    'objects without separators': '{}'.repeat(size / 2),
    'records that begin differently': `[${'{"a":1},{"b":1},'.repeat(size / 16)}{}]`,
    'braces before a line end': `${'x{'.repeat(size / 2)}\n{"a":1}`,
    'table of open quotes': `a,b\n${'"x,\n'.repeat(size / 4)}`,
  };
  for (const [name, text] of Object.entries(hostile)) {
    it(`${name} cost time in proportion to their length`, { timeout: 20_000 }, () => {
      let covered = 0;
      const bytes = Buffer.from(text);
      const { syntax, markLength } = detectSyntax(bytes);
      const splitter = new RecordSplitter(syntax, markLength, containers);
      for (const slice of splitter.push(bytes)) covered += slice.length;
      for (const slice of splitter.end()) covered += slice.length;
      expect(covered).toBeLessThanOrEqual(bytes.length);
    });
  }
});

describe('tables', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', '\n', '\r\n', ',', ';', '\t', ' ') });
  const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
  for (const delimiter of [',', ';', '\t']) {
    for (const [encoding, encode] of Object.entries(encodings)) {
      it(`cells come back, delimiter ${JSON.stringify(delimiter)}, ${encoding}`, () => {
        fc.assert(
          fc.property(rows, fc.integer({ min: 1, max: 50 }), (list, size) => {
            const lines = list.map((cells) => `${cells.map(quoted).join(delimiter)}\r\n`);
            const bytes = encode(`${['eventid', 'name', 'x'].join(delimiter)}\r\n${lines.join('')}`);
            const expected = list.map(([eventid, name, x]) => ({ eventid, name, x }));
            expect(recordsOf(bytes)).toEqual(expected);
            expect(recordsOf(bytes, size)).toEqual(expected);
          }),
          { numRuns: 60 },
        );
      });
    }
  }

  it('a header that stands again is passed over and named; a broken row costs its line', () => {
    const bytes = Buffer.from('id,name\n1,a\nid,name\n2,b,c\n3,"x" y\n4,"d\n5,e');
    expect(recordsOf(bytes)).toEqual([
      { id: '1', name: 'a' },
      { id: '5', name: 'e' },
    ]);
    expect(split(bytes).filter((slice) => slice.kind === 'passed')).toHaveLength(1);
    expect(problemsOf(bytes).map((problem) => problem.text)).toEqual(['2,b,c', '3,"x" y', '4,"d']);
  });
});
