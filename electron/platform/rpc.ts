import { type Failure, type Result, failure, failureOf } from '#shared/util/result.ts';
import type { Port } from './port.ts';
import { Turns } from './turns.ts';

/** What a caller may give along: a signal to cancel, and a listener for items that arrive before the answer. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Items come one at a time: where it answers with a promise, the next one waits for that. */
  readonly onItem?: (item: unknown) => unknown;
  /** Called when the other side begins with it. */
  readonly onBegun?: () => void;
}

/** What a method of a service gets besides its input. It returns its answer, or throws a failure. */
export interface MethodContext {
  readonly signal: AbortSignal;
  /** Sends an item to the caller ahead of the answer. */
  readonly emit: (item: unknown) => void;
  /** Resolves when the caller has taken nearly all that was emitted; a long stream waits for it, to bound memory. */
  readonly drained?: () => Promise<void>;
}

// Inputs differ by method; `never` is the only parameter type that every method accepts.
export type Service = Readonly<Record<string, (input: never, context: MethodContext) => unknown>>;

type InputOf<M> = M extends (input: infer Input, context: MethodContext) => unknown ? Input : never;
type OutputOf<M> = M extends (...parameters: never[]) => infer Output ? Awaited<Output> : never;

export interface Caller<S extends Service> {
  call<K extends keyof S & string>(
    method: K,
    input: InputOf<S[K]>,
    options?: CallOptions,
  ): Promise<Result<OutputOf<S[K]>>>;
  close(): void;
}

type Message =
  | {
      readonly type: 'call';
      readonly id: number;
      readonly method: string;
      readonly input: unknown;
      /** The caller wants to hear when its turn has come. */
      readonly tellsBegun?: true;
    }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'begun'; readonly id: number }
  /** The caller has taken an item. */
  | { readonly type: 'taken'; readonly id: number }
  | { readonly type: 'item'; readonly id: number; readonly item: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown> };

/** Items that may be under way before a stream waits for its caller. */
const itemsUnderWay = 8;

/** Counts items of one call that were sent and not yet taken. */
class ItemFlow {
  #underWay = 0;
  #waiting: (() => void)[] = [];

  sent(): void {
    this.#underWay++;
  }

  taken(): void {
    this.#underWay--;
    if (this.#underWay >= itemsUnderWay) return;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  drained(): Promise<void> {
    if (this.#underWay < itemsUnderWay) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Nobody takes items any more: nothing waits. */
  release(): void {
    this.#underWay = Number.NEGATIVE_INFINITY;
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

/**
 * Serves a service on a port. Expected failures travel as results; anything else as kind `internal`. With `urgencyOf`
 * calls begin in turns, the most urgent first, and one that is cancelled before its turn is not begun at all.
 */
export function serveService(port: Port, service: Service, urgencyOf?: (method: string) => number): void {
  const running = new Map<number, { controller: AbortController; flow: ItemFlow }>();
  const turns = new Turns();
  const cancel = (id: number): void => {
    if (turns.remove(id)) {
      const result = failure('cancelled', 'Cancelled.');
      port.post({ type: 'answer', id, result } satisfies Message);
      return;
    }
    const call = running.get(id);
    call?.controller.abort();
    call?.flow.release();
  };
  const run = async (id: number, method: string, input: unknown, tellsBegun: boolean): Promise<void> => {
    const controller = new AbortController();
    const flow = new ItemFlow();
    running.set(id, { controller, flow });
    if (tellsBegun) port.post({ type: 'begun', id } satisfies Message);
    const emit = (item: unknown): void => {
      flow.sent();
      port.post({ type: 'item', id, item } satisfies Message);
    };
    const drained = (): Promise<void> => flow.drained();
    try {
      const handler = Object.hasOwn(service, method) ? service[method] : undefined;
      if (handler === undefined) throw new Error(`no method ${method}`);
      const value: unknown = await handler(input as never, { signal: controller.signal, emit, drained });
      port.post({ type: 'answer', id, result: { ok: true, value } } satisfies Message);
    } catch (thrown) {
      port.post({ type: 'answer', id, result: { ok: false, error: failureOf(thrown) } } satisfies Message);
    } finally {
      running.delete(id);
    }
  };
  port.onMessage((raw) => {
    const message = raw as Message;
    if (message.type === 'call') {
      const { id, method, input, tellsBegun = false } = message;
      const start = (): void => void run(id, method, input, tellsBegun);
      if (urgencyOf === undefined) start();
      else turns.add(id, urgencyOf(method), start);
    } else if (message.type === 'cancel') cancel(message.id);
    else if (message.type === 'taken') running.get(message.id)?.flow.taken();
  });
  port.onClose(() => {
    for (const id of running.keys()) cancel(id);
  });
}

interface OpenCall extends Pick<CallOptions, 'onItem' | 'onBegun'> {
  readonly settle: (result: Result<unknown>) => void;
  /** Settles when every item so far has been taken. */
  taken: Promise<void>;
}

/** Calls a service over a port. When the port closes, every open call is answered with kind `crashed`. */
export function createCaller<S extends Service>(port: Port): Caller<S> {
  let nextId = 1;
  let closed = false;
  const open = new Map<number, OpenCall>();
  const crashed: Failure = {
    kind: 'crashed',
    message: 'The process that did this work has ended. The case is intact; try again.',
  };

  port.onMessage((raw) => {
    const message = raw as Message;
    const entry = 'id' in message ? open.get(message.id) : undefined;
    if (entry === undefined) return;
    if (message.type === 'begun') entry.onBegun?.();
    else if (message.type === 'item') {
      const { id, item } = message;
      entry.taken = entry.taken
        .then(() => entry.onItem?.(item))
        .catch(() => undefined)
        .then(() => port.post({ type: 'taken', id } satisfies Message));
    } else if (message.type === 'answer') {
      const { id, result } = message;
      // The answer comes after the items, also where they take their time.
      void entry.taken.then(() => {
        open.delete(id);
        entry.settle(result);
        return undefined;
      });
    }
  });
  port.onClose(() => {
    closed = true;
    for (const entry of open.values()) entry.settle({ ok: false, error: crashed });
    open.clear();
  });

  return {
    call(method, input, options = {}) {
      return new Promise((resolve) => {
        if (closed) {
          resolve({ ok: false, error: crashed });
          return;
        }
        const id = nextId++;
        const { signal, onItem, onBegun } = options;
        const cancel = (): void => {
          if (!closed) port.post({ type: 'cancel', id } satisfies Message);
        };
        open.set(id, {
          ...(onItem === undefined ? {} : { onItem }),
          ...(onBegun === undefined ? {} : { onBegun }),
          taken: Promise.resolve(),
          settle: (result) => {
            signal?.removeEventListener('abort', cancel);
            resolve(result as Result<never>);
          },
        });
        const told = onBegun === undefined ? {} : ({ tellsBegun: true } as const);
        port.post({ type: 'call', id, method, input, ...told } satisfies Message);
        if (signal?.aborted) cancel();
        else signal?.addEventListener('abort', cancel, { once: true });
      });
    },
    close: () => port.close(),
  };
}
