import { type App, type Session, type WebContents, shell as electronShell } from 'electron';
import { appOrigin } from './protocol.ts';

/**
 * SECURITY: what the page may never do, whatever runs in it. Electron's security checklist, items "session
 * permissions", "navigation", "new windows", "webview" and "remote content".
 */
export function hardenSession(session: Session, origin: string = appOrigin): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  // The page talks to its own files and to nothing else: no network, no file://, no other scheme.
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !isOwnAddress(details.url, origin) && !details.url.startsWith('devtools://') });
  });
  session.on('will-download', (event) => event.preventDefault());
}

export function hardenApp(app: App): void {
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
}

function hardenContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** True for addresses of a page's own origin, by default the console's. */
export function isOwnAddress(address: string, origin: string = appOrigin): boolean {
  try {
    const url = new URL(address);
    return `${url.protocol}//${url.host}` === origin;
  } catch {
    return false;
  }
}

const externalHosts = new Set(['github.com', 'docs.aws.amazon.com', 'kubernetes.io']);

/**
 * SECURITY: the only way out to the system's browser: https, a listed host, and only after the analyst has seen
 * the address. Resolves to whether it was opened.
 */
export async function openExternal(
  address: string,
  confirm: (address: string) => Promise<boolean>,
): Promise<boolean> {
  const url = URL.parse(address);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || !externalHosts.has(url.host))
    return false;
  if (!(await confirm(url.href))) return false;
  await electronShell.openExternal(url.href);
  return true;
}
