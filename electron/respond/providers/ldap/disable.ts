import { textAt } from '#shared/domain/json.ts';
import { Attribute, Change } from 'ldapts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import type { LdapConfig } from './config.ts';
import type { LdapDirectory } from './directory.ts';
import { isLocked, textOf } from './entry.ts';
import type { Token } from './tokens.ts';
import { disablePermission } from './readiness.ts';

const accountDisabled = 2;

const baseSpec: ActionSpec = {
  id: 'user.disable',
  title: 'Disable the account',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login', 'password', 'ticket_granting_ticket'],
  doesNotStop: [
    {
      artefact: 'service_ticket',
      residualSeconds: 36_000,
      coveredBy: [],
      note: 'Service tickets that were issued before live on, ten hours by default.',
    },
    {
      artefact: 'open_connection',
      residualSeconds: null,
      coveredBy: [],
      note: 'Connections that are already bound keep their rights until they are closed.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: [disablePermission],
  rateLimit: null,
  // Between domain controllers the change travels on the schedule of the sites.
  settle: { typicalMs: 1_000, maxMs: 15_000 },
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

/** Members of Protected Users get tickets of four hours, whatever the domain's policy says. */
const protectedSeconds = 4 * 3_600;

/** The action with the life that this account's tickets have. */
function specOf({ ticketHours }: LdapConfig, token: Token | null): ActionSpec {
  const policy = ticketHours * 3_600;
  const isProtected = token?.isProtected === true;
  const seconds = isProtected ? Math.min(policy, protectedSeconds) : policy;
  const why = isProtected
    ? 'the account is in Protected Users: four hours'
    : `${ticketHours} hours by the setting ticketHours`;
  return {
    ...baseSpec,
    doesNotStop: baseSpec.doesNotStop.map((each) =>
      each.artefact === 'service_ticket'
        ? {
            ...each,
            residualSeconds: seconds,
            note: `Service tickets that were issued before live on until they end (${why}).`,
          }
        : each,
    ),
  };
}

/** Active Directory: bit 2 (ACCOUNTDISABLE) of `userAccountControl`; the other bits stay as they are. */
export function disableAction(
  config: LdapConfig,
  directory: LdapDirectory,
  io: ProviderIo,
  token: Token | null,
): Action {
  const { connection } = directory;
  const setBit = async (target: Target, wanted: boolean, call: CallContext) => {
    const entry = await directory.entryOf(target, call);
    if (entry === null) return outcome('target_absent', `${target.name} is not there.`);
    const before = textOf(entry, 'userAccountControl');
    if (before === null) return outcome('unsupported', `${entry.dn} has no userAccountControl.`);
    if (isLocked(entry, config) === wanted) return outcome('already_in_state', `${entry.dn} is so already.`);
    const after = wanted ? Number(before) | accountDisabled : Number(before) & ~accountDisabled;
    // Taking the old value away names what was read: another change in between makes this one fail.
    return connection.modify(
      entry.dn,
      [change('delete', before), change('add', String(after))],
      [],
      [disablePermission],
      call,
    );
  };
  return {
    spec: specOf(config, token),
    async snapshot(target, call) {
      const entry = await directory.entryOf(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: isLocked(entry, config),
        version: null,
        state: { dn: entry?.dn ?? target.name, userAccountControl: textOf(entry, 'userAccountControl') },
      };
    },
    preview: async (target, { state }) => [
      {
        method: 'MODIFY',
        address: textAt(state, 'dn') ?? target.name,
        body: `delete: userAccountControl\nuserAccountControl: ${textAt(state, 'userAccountControl') ?? ''}\n-\nadd: userAccountControl\nuserAccountControl: ${Number(state['userAccountControl']) | accountDisabled}`,
      },
    ],
    apply: (target, _, call) => setBit(target, true, call),
    dryRun: null,
    async observe(target, _, call) {
      const entry = await directory.entryOf(target, call);
      if (entry === null)
        return { state: 'target_absent', detail: `${target.name} is not there.`, facts: {} };
      const disabled = isLocked(entry, config);
      return {
        state: disabled ? 'in_effect' : 'not_in_effect',
        detail: `${entry.dn} is ${disabled ? 'disabled' : 'enabled'} on the server that was asked.`,
        facts: { userAccountControl: textOf(entry, 'userAccountControl') },
      };
    },
    probe: null,
    undo: (target, _, call) => setBit(target, false, call),
  };
}

function change(operation: 'add' | 'delete', value: string): Change {
  return new Change({
    operation,
    modification: new Attribute({ type: 'userAccountControl', values: [value] }),
  });
}
