import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * SECURITY: who may talk to the host. The printed address holds a token that works once; the browser that uses it
 * gets a cookie that scripts cannot read and that other sites' requests do not carry.
 */
export class PageSession {
  readonly #cookieName: string;
  readonly #secret = randomBytes(32).toString('base64url');
  #host: string | null = null;
  #token: string | null = randomBytes(32).toString('base64url');

  constructor(port: number) {
    // Cookies know no ports: two hosts on one machine must not overwrite each other's.
    this.#cookieName = `rescind-${port}`;
  }

  /** The token of the printed address. */
  get token(): string {
    return this.#token ?? '';
  }

  /** The cookie for the token, once; null for any other token and ever after. `host` is where the console is from then on. */
  exchange(token: string, host: string): string | null {
    if (this.#token === null || !isSame(token, this.#token)) return null;
    this.#token = null;
    this.#host = host;
    return `${this.#cookieName}=${this.#secret}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** The name under which the browser was let in; null before. */
  get host(): string | null {
    return this.#host;
  }

  isKnown({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(';').map((part) => part.trim());
    const prefix = `${this.#cookieName}=`;
    return cookies.some(
      (cookie) => cookie.startsWith(prefix) && isSame(cookie.slice(prefix.length), this.#secret),
    );
  }
}

/** Takes the same time wherever two texts differ. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
