import { describe, expect, test } from 'vitest';
import { type OptionTable, nearest, readArguments } from '#electron/headless/arguments.ts';
import { csvField, csvLine } from '#electron/headless/csv.ts';
import { table as textTable, visible } from '#electron/headless/text.ts';

const table: OptionTable = {
  case: { type: 'string', help: '' },
  sort: { type: 'string', help: '' },
  query: { type: 'string', help: '' },
  raw: { type: 'boolean', help: '' },
};

describe('arguments', () => {
  test('take a value that begins with a dash', () => {
    const words = ['--sort', '-time', '--query', '-service:kms', '--raw', '-', 'a.json'];
    expect(readArguments(words, table)).toEqual({
      options: { sort: '-time', query: '-service:kms', raw: true },
      lists: {},
      positionals: ['-', 'a.json'],
    });
  });

  test('after “--” are data', () => {
    expect(readArguments(['--case=x', '--', '--raw'], table)).toEqual({
      options: { case: 'x' },
      lists: {},
      positionals: ['--raw'],
    });
  });

  test.each([
    [['--cse', 'x'], /no option --cse\. Did you mean --case\?/],
    [['--zzzzzzzz'], /no option --zzzzzzzz\. Known: --case/],
    [['--case'], /--case/],
    [['--query', '--raw'], /--query/],
    [['--raw=yes'], /--raw/],
  ])('that are wrong say what to write instead: %j', (words, message) => {
    expect(() => readArguments(words, table)).toThrow(message);
  });

  test('a near name is suggested, a far one is not', () => {
    expect(nearest('evnts', ['events', 'evidence'])).toBe('events');
    expect(nearest('banana', ['events', 'evidence'])).toBeNull();
  });
});

describe('output', () => {
  // The list of OWASP, "CSV Injection".
  test.each(['=1+1', '+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1'])('a spreadsheet does not run %j', (text) => {
    expect(csvField(text).replace(/^"/, '').startsWith("'")).toBe(true);
  });

  test('is CSV by RFC 4180', () => {
    expect(csvLine(['a,b', 'say "no"', 'two\nlines', -1.5, null, true])).toBe(
      '"a,b","say ""no""","two\nlines",-1.5,,true\r\n',
    );
  });

  test('of hostile text moves no cursor and reorders no line', () => {
    expect(visible('\u001B[2Jgone\u202Egnp.exe\nnext')).toBe('\\u{1b}[2Jgone\\u{202e}gnp.exe\\u{a}next');
    // All that Unicode calls Bidi_Control, separators of lines, and what draws nothing.
    for (const code of [
      0x61c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069, 0x2028, 0x2029, 0x200b, 0xe0041,
    ]) {
      expect(visible(String.fromCodePoint(code))).toBe(`\\u{${code.toString(16)}}`);
    }
    expect(visible('Ünïcode 漢字 🔑')).toBe('Ünïcode 漢字 🔑');
  });

  test('of more rows than a call takes arguments is a table all the same', () => {
    const rows = Array.from({ length: 150_000 }, (_, number) => `n${number}`);
    const text = textTable(rows, [{ title: 'name', value: (name) => name }]);
    expect(text.split('\n').at(-2)).toBe('n149999');
  });
});
