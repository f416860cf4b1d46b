/**
 * A stateful identity service for tests: accounts, keys, sessions, grants, and an organization above them. Writes take
 * time to be enforced and time to be readable, as at real providers, and a fault layer sits before it.
 */

export interface Fault {
  /**
   * `throttle`: 429 with Retry-After. `before`, `after`: 500 without and with effect. `reset-before`, `reset-after`:
   * the connection breaks. `no-effect`: 200, and nothing happened. `delay`: the answer takes that long.
   */
  readonly kind: 'throttle' | 'before' | 'after' | 'reset-before' | 'reset-after' | 'no-effect' | 'delay';
  readonly ms?: number;
}

export interface WorldCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly ifMatch: string | null;
}

export interface WorldAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface WorldOptions {
  readonly now: () => number;
  /** Until a write is enforced. */
  readonly enforceMs?: number;
  /** Until a write is read back. */
  readonly readMs?: number;
  readonly fault?: (call: WorldCall, writes: number) => Fault | null;
  /** Sees every request when it arrives. */
  readonly onRequest?: (call: WorldCall) => void;
  /** Sees every write before it takes effect. */
  readonly onWrite?: (call: WorldCall) => void;
}

/** A value with its history: who reads with a lag sees an older one. */
class Register<T> {
  readonly #history: { readonly at: number; readonly value: T }[];
  constructor(value: T) {
    this.#history = [{ at: Number.NEGATIVE_INFINITY, value }];
  }
  set(value: T, at: number): void {
    this.#history.push({ at, value });
  }
  get(at = Number.POSITIVE_INFINITY): T {
    return this.#history.findLast((entry) => entry.at <= at)!.value;
  }
}

interface Account {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly admin: boolean;
  readonly disabled: Register<boolean>;
  /** A deny by the organization, which the account itself cannot touch. */
  readonly denied: Register<boolean>;
}
interface Part {
  readonly id: string;
  readonly account: string;
  readonly createdAt: number;
  readonly active: Register<boolean>;
}

export class World {
  readonly #options: WorldOptions;
  readonly accounts = new Map<string, Account>();
  readonly keys = new Map<string, Part>();
  readonly sessions = new Map<string, Part>();
  readonly grants = new Map<string, Part & { readonly role: string }>();
  /** Every write that took effect, in order: `verb id`. */
  readonly effects: string[] = [];
  tenant = 'tenant-1';
  operator = 'acct-operator';
  isDown = false;
  #writes = 0;
  #next = 1;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  addAccount(name: string, { admin = false, keys = 1, sessions = 1, grants = 1 } = {}): string {
    const id = `acct-${name}`;
    const createdAt = 0;
    this.accounts.set(id, {
      id,
      name,
      createdAt,
      admin,
      disabled: new Register(false),
      denied: new Register(false),
    });
    for (let index = 0; index < keys; index++) this.addPart('keys', id, `key-${name}-${index}`, createdAt);
    for (let index = 0; index < sessions; index++)
      this.addPart('sessions', id, `sess-${name}-${index}`, createdAt);
    for (let index = 0; index < grants; index++) {
      this.grants.set(`grant-${name}-${index}`, {
        ...part(`grant-${name}-${index}`, id, createdAt),
        role: `role-${index}`,
      });
    }
    return id;
  }

  addPart(kind: 'keys' | 'sessions', account: string, id: string, createdAt: number): void {
    this[kind].set(id, part(id, account, createdAt));
  }

  /** Whether a key, session or grant works now, as the enforcing side sees it. */
  works(kind: 'keys' | 'sessions' | 'grants', id: string): boolean {
    const found = this[kind].get(id);
    if (found === undefined) return false;
    const account = this.accounts.get(found.account)!;
    const seen = this.#options.now() - (this.#options.enforceMs ?? 0);
    const isCut = account.denied.get(seen) || (kind !== 'sessions' && account.disabled.get(seen));
    return found.active.get(seen) && !isCut;
  }

  /** Whether the account may sign in now. */
  mayLogIn(id: string): boolean {
    const account = this.accounts.get(id)!;
    const seen = this.#options.now() - (this.#options.enforceMs ?? 0);
    return !account.disabled.get(seen) && !account.denied.get(seen);
  }

  /** Everything that a restore must give back. */
  state(): unknown {
    return {
      accounts: [...this.accounts.values()].map(({ id, disabled, denied }) => [
        id,
        disabled.get(),
        denied.get(),
      ]),
      keys: [...this.keys.values()].map(({ id, active }) => [id, active.get()]),
      grants: [...this.grants.values()]
        .filter(({ active }) => active.get())
        .map(({ account, role }) => [account, role]),
    };
  }

  handle(call: WorldCall): WorldAnswer & { readonly reset?: boolean; readonly delay?: number } {
    this.#options.onRequest?.(call);
    if (call.method === 'GET') return this.#read(call);
    const fault = this.#options.fault?.(call, this.#writes++) ?? null;
    if (fault?.kind === 'throttle') {
      return { status: 429, body: {}, headers: { 'retry-after': String((fault.ms ?? 100) / 1_000) } };
    }
    if (fault?.kind === 'before') return { status: 500, body: {} };
    if (fault?.kind === 'reset-before') return { status: 0, body: {}, reset: true };
    if (fault?.kind === 'no-effect') return { status: 200, body: {} };
    this.#options.onWrite?.(call);
    const answer = this.#write(call);
    if (fault?.kind === 'after') return { status: 500, body: {} };
    if (fault?.kind === 'reset-after') return { status: 0, body: {}, reset: true };
    return { ...answer, delay: fault?.kind === 'delay' ? (fault.ms ?? 0) : 0 };
  }

  #read({ path, query }: WorldCall): WorldAnswer {
    const seen = this.#options.now() - (this.#options.readMs ?? 0);
    const [, kind = '', id = ''] = path.split('/');
    const list = (parts: ReadonlyMap<string, Part>): WorldAnswer => ({
      status: 200,
      body: [...parts.values()]
        .filter(({ account, createdAt }) => account === query['account'] && createdAt <= seen)
        .map((found) => ({ ...found, active: found.active.get(seen) })),
    });
    switch (kind) {
      case 'whoami':
        return { status: 200, body: { tenant: this.tenant, operator: this.operator } };
      case 'administrators':
        return {
          status: 200,
          body: [...this.accounts.values()].filter(({ admin }) => admin).map((each) => each.id),
        };
      case 'accounts': {
        const found = [...this.accounts.values()].filter((each) =>
          id === '' ? each.name === query['name'] || each.id === query['name'] : each.id === id,
        );
        const body = found.map((each) => ({
          ...each,
          disabled: each.disabled.get(seen),
          denied: each.denied.get(seen),
        }));
        return id === ''
          ? { status: 200, body }
          : body[0] === undefined
            ? { status: 404, body: {} }
            : { status: 200, body: body[0] };
      }
      case 'keys':
      case 'sessions':
      case 'grants':
        return id === '' ? list(this[kind]) : this.#one(this[kind], id, seen);
      case 'works':
        return { status: 200, body: { works: this.works(query['kind'] as 'keys', id) } };
      default:
        return { status: 404, body: {} };
    }
  }

  #one(parts: ReadonlyMap<string, Part>, id: string, seen: number): WorldAnswer {
    const found = parts.get(id);
    if (found === undefined) return { status: 404, body: {} };
    return { status: 200, body: { ...found, active: found.active.get(seen) } };
  }

  #write({ method, path, body }: WorldCall): WorldAnswer {
    const now = this.#options.now();
    const [, kind = '', id = '', field = ''] = path.split('/');
    const took = (effect: string): WorldAnswer => {
      this.effects.push(effect);
      return { status: 200, body: {} };
    };
    if (kind === 'accounts') {
      const account = this.accounts.get(id);
      if (account === undefined) return { status: 404, body: {} };
      account[field as 'disabled' | 'denied'].set(body['value'] === true, now);
      return took(`${field}=${String(body['value'])} ${id}`);
    }
    if (kind === 'grants' && method === 'POST') {
      const grant = `grant-new-${this.#next++}`;
      this.grants.set(grant, { ...part(grant, String(body['account']), now), role: String(body['role']) });
      took(`grant ${String(body['account'])} ${String(body['role'])}`);
      return { status: 201, body: { id: grant } };
    }
    const parts = this[kind as 'keys' | 'sessions' | 'grants'];
    const found = parts?.get(id);
    if (found === undefined) return { status: 404, body: {} };
    if (method === 'POST') return took(`rotate ${id}`);
    const value = method === 'DELETE' ? false : body['value'] === true;
    if (method === 'DELETE' && !found.active.get()) return { status: 404, body: {} };
    found.active.set(value, now);
    return took(`${kind}=${String(value)} ${id}`);
  }
}

function part(id: string, account: string, createdAt: number): Part {
  return { id, account, createdAt, active: new Register(true) };
}
