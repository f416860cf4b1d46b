import { FailureError } from '#shared/util/result.ts';
import { longestLine } from './limits.ts';

/** Consecutive lines of a file. */
export interface LineBlock {
  /** From 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/** A block has this many lines, or characters, whichever comes first: enough to pay for the way to a thread. */
const mostLines = 512;
const mostCharacters = 1_000_000;

/**
 * Cuts a stream of UTF-8 into blocks of lines. What has come is given out as soon as it ends with a line, so that a
 * question typed at a pipe is answered at once. Throws kind `unusable` for a line that is longer than any request.
 */
export async function* lineBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LineBlock> {
  const decoder = new TextDecoder();
  let rest = '';
  let firstLine = 1;
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    const parts = text.split('\n');
    parts[0] = rest + (parts[0] ?? '');
    rest = parts.pop() ?? '';
    if (rest.length > longestLine) {
      throw new FailureError('unusable', `Line ${firstLine} is longer than ${longestLine} characters.`);
    }
    for (const lines of blocksOf(parts)) {
      yield { firstLine, lines };
      firstLine += lines.length;
    }
  }
  rest += decoder.decode();
  if (rest !== '') yield { firstLine, lines: [rest] };
}

function* blocksOf(lines: readonly string[]): Generator<readonly string[]> {
  let block: string[] = [];
  let characters = 0;
  for (const line of lines) {
    block.push(line);
    characters += line.length;
    if (block.length < mostLines && characters < mostCharacters) continue;
    yield block;
    block = [];
    characters = 0;
  }
  if (block.length > 0) yield block;
}
