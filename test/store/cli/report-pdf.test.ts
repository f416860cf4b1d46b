import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { asPdf } from '#electron/headless/report/pdf.ts';
import type { ReportPart } from '#electron/headless/report/layout.ts';

const part = (rows: readonly (readonly string[])[]): ReportPart => ({
  heading: 'Findings',
  text: ['Each line names its events.'],
  table: { head: ['severity', 'subject', 'what to do'], rows },
});

/** The pages' texts as a reader finds them: by the table of positions, the pages' content and its strings (ISO 32000-1, 7.5.4). */
function read(pdf: Uint8Array): string[][] {
  const file = Buffer.from(pdf).toString('latin1');
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(file)?.[1]);
  const positions = [...file.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) => Number(at));
  const objects = positions.map((at, index) => {
    expect(file.slice(at)).toMatch(new RegExp(`^${index + 1} 0 obj\\n`));
    return file.slice(at, file.indexOf('\nendobj\n', at));
  });
  const pages = objects.filter((object) => object.includes('/Type /Page '));
  expect(objects[1]).toContain(`/Count ${pages.length} `);
  return pages.map((page) => {
    const content = objects[Number(/\/Contents (\d+) 0 R/.exec(page)?.[1]) - 1]!;
    const [, length, stream] = /\/Length (\d+) >>\nstream\n([\s\S]*)\nendstream$/.exec(content)!;
    expect(stream).toHaveLength(Number(length));
    return [...stream!.matchAll(/ Td \(((?:\\.|[^\\()])*)\) Tj ET/g)].map(([, text]) =>
      text!.replaceAll(/\\(.)/g, '$1'),
    );
  });
}

test('every row is on a page, below the head of its table', () => {
  const rows = Array.from({ length: 120 }, (_, index) => [
    'high',
    `user-${index}`,
    'Take it away. '.repeat(20),
  ]);
  const pages = read(asPdf('Report on an incident', [part(rows)]));
  expect(pages.length).toBeGreaterThan(5);
  expect(pages[0]).toContain('Report on an incident');
  for (const [index, page] of pages.entries()) {
    expect(page.some((line) => /^severity +subject +what to do$/.test(line))).toBe(true);
    expect(page.at(-1)).toBe(`Page ${index + 1} of ${pages.length}`);
  }
  const text = pages.flat().join('\n');
  for (const [, subject] of rows) expect(text).toMatch(new RegExp(`^high +${subject} `, 'm'));
});

test('what stands in a log is text, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 8 }), (subjects) => {
      const pages = read(
        asPdf('R', [part(subjects.map((subject) => ['low', subject, ') Tj ET endstream']))]),
      );
      expect(pages).toHaveLength(1);
      expect(pages[0]!.filter((line) => line.startsWith('low'))).toHaveLength(subjects.length);
    }),
  );
  const [page] = read(asPdf('R', [part([['low', 'Zoë (€) – Ж\u202e', '']])]));
  expect(page!.join('\n')).toContain('Zo\xeb (\x80) \x96 \\u{416}\\u{202e}');
});
