import { EventEmitter } from 'node:events';
import { basename } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { app } from './app.ts';
import { PageBridge } from './bridge.ts';
import { type Session, session } from './session.ts';
import { PreventableEvent, double, ofWindow } from './state.ts';

/** Chromium has no scheme of ours: `http://NAME.localhost` there stands for `app://NAME`. */
const toApp = (address: string): string =>
  address.replace(/^http:\/\/(rescind|confirm)\.localhost/, 'app://$1');
const toPage = (address: string): string => address.replace(/^app:\/\/(\w+)/, 'http://$1.localhost');

class NavigationEvent extends PreventableEvent {
  readonly url: string;
  readonly isMainFrame = true;
  constructor(url: string) {
    super();
    this.url = url;
  }
}

class WebContents extends EventEmitter {
  readonly session: Session;
  readonly mainFrame = { url: '' };
  readonly window: BrowserWindow;
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  reloads = 0;

  constructor(window: BrowserWindow, session_: Session) {
    super();
    this.window = window;
    this.session = session_;
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  /** To the page: through the preload's `ipcRenderer`. */
  send(channel: string, ...parameters: unknown[]): void {
    this.window.rendererEvents.emit(channel, {}, ...structuredClone(parameters));
  }
  reload(): void {
    this.reloads++;
    this.emit('did-start-loading');
    this.window.startReload();
  }
  forcefullyCrashRenderer(): void {
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 });
  }
}

export class BrowserWindow extends EventEmitter {
  readonly options: Record<string, unknown>;
  readonly webContents: WebContents;
  /** What its preload code listens to. */
  readonly rendererEvents = new EventEmitter();
  /** What its preload code has put on the page. */
  readonly exposed = new Map<string, unknown>();
  page: Page | null = null;
  visible = false;
  focused = 0;
  minimized = false;
  maximized = false;
  bounds = { x: 10, y: 20, width: 1300, height: 800 };
  /** Settled once the page has loaded. */
  loaded: Promise<void> = Promise.resolve();
  /** Settled once the page is gone. */
  gone: Promise<void> = Promise.resolve();
  #destroyed = false;
  /** True while the application itself loads an address: no `will-navigate` then. */
  #loading = false;

  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    const { session: own } = options['webPreferences'] as { readonly session?: Session };
    this.webContents = new WebContents(this, own ?? session.defaultSession);
    double.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(address: string): Promise<void> {
    this.loaded = this.#load(address);
    return this.loaded;
  }
  startReload(): void {
    this.loaded = this.#byItself(async () => void (await this.page?.reload()));
  }
  async #load(address: string): Promise<void> {
    const page = await double.openPage();
    this.page = page;
    this.webContents.mainFrame.url = address;
    const { preload } = this.options['webPreferences'] as { readonly preload: string };
    const number = double.windows.indexOf(this);
    await ofWindow.run(this, () => double.loadPreload(basename(preload, '.cjs'), number));
    const bridge = new PageBridge(page);
    for (const [name, api] of this.exposed) await bridge.expose(name, api);
    page.on('popup', (popup) => void popup.close());
    await page.context().route('**/*', (route) => this.#answer(route, page, bridge));
    this.webContents.emit('did-start-loading');
    await this.#byItself(async () => void (await page.goto(toPage(address))));
    this.emit('ready-to-show');
  }
  async #byItself(load: () => Promise<void>): Promise<void> {
    this.#loading = true;
    try {
      await load();
    } finally {
      this.#loading = false;
    }
  }

  /** Judges a request as Electron would, by what the main process installed. */
  async #answer(route: Route, page: Page, bridge: PageBridge): Promise<void> {
    const request = route.request();
    const url = toApp(request.url());
    if (!isOf(route, page)) {
      this.webContents.openHandler?.({ url });
      await route.abort('aborted');
      return;
    }
    if (request.isNavigationRequest() && !this.#loading) {
      const event = new NavigationEvent(url);
      this.webContents.emit('will-navigate', event);
      if (event.defaultPrevented) {
        await route.abort('aborted');
        return;
      }
    }
    const { pathname, protocol: scheme } = new URL(url);
    if (pathname.startsWith('/__bridge/')) {
      const body = request.postData() ?? '';
      await route.fulfill({ body: await ofWindow.run(this, () => bridge.answer(pathname, body)) });
      return;
    }
    const own = this.webContents.session;
    const handler = own.protocol.handlers.get(scheme.slice(0, -1));
    if (handler === undefined || !(await own.allows(url))) {
      await route.abort('blockedbyclient');
      return;
    }
    const response = await handler(new Request(url, { method: request.method() }));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  show(): void {
    this.visible = true;
  }
  focus(): void {
    this.focused++;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  restore(): void {
    this.minimized = false;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  getNormalBounds(): BrowserWindow['bounds'] {
    return this.bounds;
  }
  /** False where a listener prevented it. */
  close(): boolean {
    const event = new PreventableEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
    return !event.defaultPrevented;
  }
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const child of double.windows) if (child.options['parent'] === this) child.destroy();
    this.gone = this.page?.context().close() ?? Promise.resolve();
    this.emit('closed');
    if (double.windows.every((window) => window.isDestroyed())) app.emit('window-all-closed');
  }
}

/** Whether a request comes from this page; a new window's first request has no frame yet. */
function isOf(route: Route, page: Page): boolean {
  try {
    return route.request().frame().page() === page;
  } catch {
    return false;
  }
}
