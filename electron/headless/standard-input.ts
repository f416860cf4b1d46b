import { text } from 'node:stream/consumers';
import type { Terminal } from './terminal.ts';

/** A secret from standard input: all of it from a pipe, one line that is not shown from a terminal. */
export async function readSecret(terminal: Terminal, what: string): Promise<string> {
  const { stdin } = process;
  if (!stdin.isTTY) return (await text(stdin)).replace(/\r?\n$/, '');
  terminal.note(`${what} (not shown), then Enter:`);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  try {
    let typed = '';
    for await (const chunk of stdin as AsyncIterable<string>) {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') return typed;
        if (character === '\u0003') return '';
        typed = character === '\u007F' ? typed.slice(0, -1) : typed + character;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
  }
}
