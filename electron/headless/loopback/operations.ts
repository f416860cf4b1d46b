import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageServices } from '#electron/router/page-services.ts';
import { readBody } from './body.ts';
import { refuse } from './headers.ts';

const largestBody = 2_500_000;

/**
 * `POST /api/<operation>`: JSON in, JSON Lines out: an `item` a line, then the `result`. A page that goes away or
 * aborts its request cancels the operation.
 */
export async function answerOperation(
  services: Pick<PageServices, 'handle'>,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // SECURITY: a form of another site cannot send this type without asking first.
  if (!/^application\/json(\s*;|$)/i.test(request.headers['content-type'] ?? '')) {
    refuse(response, 415, 'Expected application/json.');
    return;
  }
  const body = await readBody(request, largestBody);
  if (body === null) {
    refuse(response, 413, 'The request is too large.');
    return;
  }
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    refuse(response, 400, 'Expected JSON.');
    return;
  }
  const controller = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  const send = (line: object): void | Promise<void> => {
    if (response.destroyed || response.write(`${JSON.stringify(line)}\n`)) return undefined;
    return once(response, 'drain', { signal: controller.signal }).then(
      () => undefined,
      () => undefined,
    );
  };
  const result = await services.handle(name, input, {
    signal: controller.signal,
    emit: (item) => send({ item }),
  });
  await send({ result });
  response.end();
}
