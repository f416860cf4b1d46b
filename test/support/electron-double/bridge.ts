import type { Page } from 'playwright-core';

/**
 * Stands in for Electron's context bridge between the preload code, which runs in the test's process, and a page in
 * Chromium. Like the real one it lets functions, promises, arrays and plain objects across and refuses the rest.
 * Calls from the page are synchronous requests to `/__bridge/` on the page's own origin, answered by the test.
 */
export class PageBridge {
  readonly #functions: ((...parameters: unknown[]) => unknown)[] = [];
  readonly #promises: Promise<unknown>[] = [];
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Puts `api` on the page's window under `name` before any of its scripts runs. */
  async expose(name: string, api: unknown): Promise<void> {
    await this.#page.addInitScript(pageRuntime, { name, api: this.#encode(api) });
  }

  /** Answers a request below `/__bridge/`. */
  async answer(path: string, body: string): Promise<string> {
    if (path === '/__bridge/call') {
      const { id, parameters } = JSON.parse(body) as { id: number; parameters: unknown[] };
      const value = this.#functions[id]?.(...parameters.map((parameter) => this.#decode(parameter)));
      return JSON.stringify({ value: this.#encode(value) });
    }
    const { id } = JSON.parse(body) as { id: number };
    return JSON.stringify({ value: this.#encode(await this.#promises[id]) });
  }

  #encode(value: unknown): unknown {
    if (typeof value === 'function') {
      return { $function: this.#functions.push(value as (...parameters: unknown[]) => unknown) - 1 };
    }
    if (value instanceof Promise) return { $promise: this.#promises.push(value) - 1 };
    if (Array.isArray(value)) return value.map((item) => this.#encode(item));
    if (typeof value !== 'object' || value === null) return value;
    if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
      throw new TypeError('An object could not be cloned.');
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#encode(item)]));
  }

  #decode(value: unknown): unknown {
    const callback = (value as { $callback?: number } | null)?.$callback;
    if (callback !== undefined) {
      return (...parameters: unknown[]) => {
        // The page may be gone by the time an item arrives.
        void this.#page
          .evaluate(([id, list]) => (window as unknown as PageWindow).$callback(id, list), [
            callback,
            parameters,
          ] as const)
          .catch(() => undefined);
      };
    }
    if (Array.isArray(value)) return value.map((item) => this.#decode(item));
    return value;
  }
}

interface PageWindow {
  $callback(id: number, parameters: readonly unknown[]): void;
}

/** Runs in the page: turns the encoded interface back into functions and promises. */
function pageRuntime({ name, api }: { name: string; api: unknown }): void {
  const callbacks: ((...parameters: unknown[]) => void)[] = [];
  const encode = (value: unknown): unknown =>
    typeof value === 'function' ? { $callback: callbacks.push(value as () => void) - 1 } : value;
  const decode = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(decode);
    if (typeof value !== 'object' || value === null) return value;
    const { $function, $promise } = value as { $function?: number; $promise?: number };
    if ($function !== undefined) return (...parameters: unknown[]) => call($function, parameters);
    if ($promise !== undefined) return wait($promise);
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)])));
  };
  const call = (id: number, parameters: unknown[]): unknown => {
    const request = new XMLHttpRequest();
    request.open('POST', '/__bridge/call', false);
    request.send(JSON.stringify({ id, parameters: parameters.map(encode) }));
    return decode((JSON.parse(request.responseText) as { value?: unknown }).value);
  };
  const wait = async (id: number): Promise<unknown> => {
    const response = await fetch('/__bridge/await', { method: 'POST', body: JSON.stringify({ id }) });
    return decode(((await response.json()) as { value?: unknown }).value);
  };
  Object.assign(window, { $callback: (id: number, list: unknown[]) => callbacks[id]?.(...list) });
  Object.defineProperty(window, name, { value: decode(api), enumerable: true });
}
