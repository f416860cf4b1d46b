import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageServices } from '#electron/router/page-services.ts';
import { readBody } from './body.ts';
import { refuse } from './headers.ts';

const largestBody = 2_500_000;

type Services = Pick<PageServices, 'handle'>;

/**
 * `POST /api/<operation>`: JSON in, JSON Lines out: an `item` a line, then the `result`. A page that goes away or
 * aborts its request cancels the operation.
 */
export async function answerOperation(
  services: Services,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await readInput(request, response);
  if (asked === null) return;
  const signal = begin(response);
  const send = (line: object): void | Promise<void> => {
    if (response.destroyed || response.write(`${JSON.stringify(line)}\n`)) return undefined;
    return once(response, 'drain', { signal }).then(
      () => undefined,
      () => undefined,
    );
  };
  const result = await services.handle(name, asked.input, { signal, emit: (item) => send({ item }) });
  await send({ result });
  response.end();
}

const mostTogether = 64;
/** Milliseconds that an answer waits for others: what comes within a frame of the page is drawn in one. */
const frame = 16;

/**
 * `POST /api/together`: several operations in a list of `{name, input}`; each `result` is a line with the place `at`
 * of its operation, in the order in which they are ready. Items are left out.
 */
export async function answerTogether(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await readInput(request, response, 4 * largestBody);
  if (asked === null) return;
  if (!isList(asked.input)) return refuse(response, 400, 'Expected a list of operations.');
  const signal = begin(response);
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== '' && !response.destroyed) response.write(lines);
    lines = '';
  };
  await Promise.all(
    asked.input.map(async ({ name, input }, at) => {
      const result = await services.handle(name, input, { signal, emit: () => undefined });
      lines += `${JSON.stringify({ at, result })}\n`;
      timer ??= setTimeout(flush, frame);
    }),
  );
  flush();
  response.end();
}

function isList(value: unknown): value is readonly { readonly name?: unknown; readonly input?: unknown }[] {
  return (
    Array.isArray(value) &&
    value.length <= mostTogether &&
    value.every((item: unknown) => typeof item === 'object' && item !== null)
  );
}

/** The body's JSON; null where the request was refused. */
async function readInput(
  request: IncomingMessage,
  response: ServerResponse,
  largest = largestBody,
): Promise<{ readonly input: unknown } | null> {
  // SECURITY: a form of another site cannot send this type without asking first.
  if (!/^application\/json(\s*;|$)/i.test(request.headers['content-type'] ?? '')) {
    refuse(response, 415, 'Expected application/json.');
    return null;
  }
  const body = await readBody(request, largest);
  if (body === null) {
    refuse(response, 413, 'The request is too large.');
    return null;
  }
  try {
    return { input: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    refuse(response, 400, 'Expected JSON.');
    return null;
  }
}

/** Begins an answer; the signal fires when the page goes away before its end. */
function begin(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  return controller.signal;
}
