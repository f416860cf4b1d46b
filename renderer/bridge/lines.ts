import type { Result } from '#shared/util/result.ts';

/** One line of a loopback answer: an item of the stream, or the result that ends it. */
export interface AnswerLine {
  /** Which of the requests that travelled together it belongs to. */
  readonly at?: number;
  readonly item?: unknown;
  readonly result?: Result<unknown>;
}

/** Reads newline-delimited JSON as it arrives, whatever the chunks' borders. Throws where a line is not JSON. */
export async function readLines(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onLine: (line: AnswerLine) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(JSON.parse(line) as AnswerLine);
  }
  rest += decoder.decode();
  if (rest !== '') onLine(JSON.parse(rest) as AnswerLine);
}
