import type { Engine } from '../engine.ts';
import type { FileTokens } from '../file-tokens.ts';
import type { Host } from '../host.ts';
import type { ItemOf, OperationName, OutputOf, ParsedInputOf } from '#shared/ipc/contract.ts';

/** What a handler may do while it works. */
export interface HandlerContext<Item> {
  readonly signal: AbortSignal;
  /** Sends an item ahead of the answer; a promise asks the handler to wait until it is taken. */
  readonly emit: (item: Item) => void | Promise<void>;
}

/** Gets validated input and answers, or throws a `FailureError`. */
type Handler<K extends OperationName> = (
  input: ParsedInputOf<K>,
  context: HandlerContext<ItemOf<K>>,
) => OutputOf<K> | Promise<OutputOf<K>>;

export type Handlers<K extends OperationName = OperationName> = { readonly [Name in K]: Handler<Name> };

/** What handlers work with. */
export interface HandlerServices {
  readonly engine: Engine;
  readonly host: Host;
  readonly tokens: FileTokens;
  /** A switch of the host: nothing that changes a case is done. */
  readonly readOnly: boolean;
}
