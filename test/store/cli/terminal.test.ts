import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { systemTerminal } from '#electron/headless/terminal.ts';

/** What a log may hold: clears the screen (also as one C1 character), turns the reading direction, hides. */
const hostile = { agent: '\u001B[2J\u009B2J\u202Egnp.exe\u{E0041}', 'k\u200bey': 'Ünïcode 漢字 🔑' };

function terminalOf(isTTY: boolean) {
  const [out, err] = [new PassThrough(), new PassThrough()].map((stream) => Object.assign(stream, { isTTY }));
  const streams = { stdout: out, stderr: err } as unknown as Pick<NodeJS.Process, 'stdout' | 'stderr'>;
  return {
    terminal: systemTerminal(streams),
    said: () => String(out?.read() ?? ''),
    told: () => String(err?.read() ?? ''),
  };
}

test('JSON on a terminal moves no cursor and reorders no line, and is the same JSON', async () => {
  const { terminal, said } = terminalOf(true);
  await terminal.write(`${JSON.stringify(hostile)}\n`);
  const text = said();
  expect(text.trimEnd()).not.toMatch(/\p{C}/u);
  expect(JSON.parse(text)).toEqual(hostile);
});

test('lines of CSV and tabs stay as they are; notes are harmless too', async () => {
  const { terminal, said, told } = terminalOf(true);
  await terminal.write('a,b\r\n1\t2\r3\r\n');
  expect(said()).toBe('a,b\r\n1\t2\\u000d3\r\n');
  terminal.note(hostile.agent);
  expect(told().trimEnd()).not.toMatch(/\p{C}/u);
});

test('what goes to a file or a program is not touched, nor are bytes', async () => {
  const piped = terminalOf(false);
  await piped.terminal.write(hostile.agent);
  expect(piped.said()).toBe(hostile.agent);
  const shown = terminalOf(true);
  await shown.terminal.write(Buffer.from('\u202Eraw'));
  expect(shown.said()).toBe('\u202Eraw');
});
