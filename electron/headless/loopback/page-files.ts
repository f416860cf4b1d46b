import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { refuse } from './headers.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Answers with a file of the built page, and with nothing else of the machine. */
export async function sendPageFile(
  response: ServerResponse,
  folder: string,
  pathname: string,
  withBody: boolean,
): Promise<void> {
  const path = fileFor(folder, pathname);
  const type = path === null ? undefined : contentTypes[extname(path)];
  const bytes = path === null || type === undefined ? null : await readFile(path).catch(() => null);
  if (bytes === null || type === undefined) {
    refuse(response, 404, 'Not found.');
    return;
  }
  // Files with their hash in the name are the program's own and never change: a browser need not ask again, as it does
  // for the icon with each change of the address.
  if (pathname.startsWith('/assets/'))
    response.setHeader('cache-control', 'private, max-age=86400, immutable');
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  response.end(withBody ? bytes : undefined);
}

/** SECURITY: the path is decoded once, normalised, and must lie inside the build. Null where it does not. */
function fileFor(folder: string, pathname: string): string | null {
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  const path = normalize(join(folder, name === '/' ? 'index.html' : name));
  return path.startsWith(folder + sep) ? path : null;
}
