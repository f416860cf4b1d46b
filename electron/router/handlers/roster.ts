import type { OperationName } from '#shared/ipc/contract.ts';
import type { HandlerServices, Handlers } from './handler.ts';

export type RosterOperation = Extract<
  OperationName,
  | 'respond.roster'
  | 'respond.createKey'
  | 'respond.makeOrder'
  | `respond.${string}Roster`
  | `respond.${string}Order`
>;

/**
 * Who may approve, and standing orders. SECURITY: a page names a roster, an order or a key by the handle of a file that
 * the analyst chose, and gets back what is to be saved; a roster after the first one counts by its signatures alone.
 */
export function rosterHandlers({ engine, host, tokens }: HandlerServices): Handlers<RosterOperation> {
  const link = () => engine.respond(host.secrets);
  const pathOf = (token: string): string => tokens.take(token).path;
  const signed = ({
    token,
    keyToken,
    passphrase,
  }: Record<'token' | 'keyToken', string> & {
    readonly passphrase: string | null;
  }) => ({ file: pathOf(token), key: pathOf(keyToken), passphrase, out: null });
  return {
    'respond.roster': () => link().call('roster', {}),
    'respond.pinRoster': (input) => link().call('pinRoster', input),
    'respond.signRoster': (input) => link().call('signRoster', input),
    'respond.createKey': (input) => link().call('createKey', input),
    'respond.createOrder': (input) => link().call('createOrder', input),
    'respond.signOrder': (input) => link().call('signOrder', input),
    'respond.addOrder': (input) => link().call('addOrder', input),
    'respond.removeOrder': (input) => link().call('removeOrder', input),
    'respond.pinChosenRoster': ({ token }) => link().call('pinRoster', { file: pathOf(token) }),
    'respond.signChosenRoster': (input) => link().call('signRoster', signed(input)),
    'respond.makeOrder': ({ keyToken, ...input }) =>
      link().call('createOrder', { ...input, key: pathOf(keyToken), out: null }),
    'respond.signChosenOrder': (input) => link().call('signOrder', signed(input)),
    'respond.addChosenOrder': ({ token }) => link().call('addOrder', { file: pathOf(token) }),
  };
}
