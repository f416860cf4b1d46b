import type { IncomingMessage } from 'node:http';

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/**
 * SECURITY: refuses what no page of this host sends. A name that an attacker has pointed at 127.0.0.1 arrives with
 * its own Host header (DNS rebinding); another site's page arrives with its own Origin or Sec-Fetch-Site (request
 * forgery). Null where nothing is wrong.
 */
export function checkOrigin(request: IncomingMessage, port: number): Refusal | null {
  const { host, origin } = request.headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  if (host === undefined || !hosts.includes(host.toLowerCase())) {
    return { status: 403, text: 'This host answers on its loopback address only.' };
  }
  if (origin !== undefined && origin !== `http://${host.toLowerCase()}`) return foreign;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return foreign;
  const changesSomething = request.method !== 'GET' && request.method !== 'HEAD';
  // Browsers name the origin of every such request of a page.
  return changesSomething && origin === undefined ? foreign : null;
}

const foreign: Refusal = { status: 403, text: 'This request did not come from the console.' };
