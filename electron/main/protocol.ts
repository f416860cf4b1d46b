import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { type Protocol, protocol } from 'electron';

export const appOrigin = 'app://rescind';
/** SECURITY: the confirm surface is of another origin than the page that shows what logs say. */
export const confirmOrigin = 'app://confirm';

/** No inline script or style, no frames, no forms, nothing from elsewhere. The loopback host sends the same. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
};

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built pages below `folder` on one origin, and on no other. */
export function serveApp(target: Protocol, folder: string, origin: string = appOrigin): void {
  target.handle('app', (request) => answer(request, folder, origin));
}

/** SECURITY: GET only, one host, the path normalised and kept inside the build, known file types, 404 for the rest. */
async function answer(request: Request, folder: string, origin: string): Promise<Response> {
  const path = request.method === 'GET' ? fileFor(request.url, folder, origin) : null;
  const type = path === null ? undefined : contentTypes[extname(path)];
  if (path === null || type === undefined) return notFound();
  try {
    return new Response(new Uint8Array(await readFile(path)), {
      headers: {
        'content-type': type,
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      },
    });
  } catch {
    return notFound();
  }
}

function fileFor(address: string, folder: string, origin: string): string | null {
  const url = URL.parse(address);
  if (url === null || `${url.protocol}//${url.host}` !== origin) return null;
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (name.includes('\0')) return null;
  const path = normalize(join(folder, name === '/' ? 'index.html' : name));
  return path.startsWith(folder + sep) ? path : null;
}

function notFound(): Response {
  return new Response('Not found', {
    status: 404,
    headers: { 'content-security-policy': contentSecurityPolicy },
  });
}
