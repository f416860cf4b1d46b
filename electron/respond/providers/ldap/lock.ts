import { textAt } from '#shared/domain/json.ts';
import { Attribute, Change, PasswordPolicyControl, PasswordPolicyError } from 'ldapts';
import type { ActionSpec, Remainder, Snapshot, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import type { LdapConfig } from './config.ts';
import type { LdapConnection } from './connection.ts';
import { AssertionControl, NoOpControl } from './controls.ts';
import { idText, isLocked, lockedForGood, textOf, userAttributes } from './entry.ts';
import type { LdapDirectory } from './directory.ts';
import { lockPermission } from './readiness.ts';

const openConnections: Remainder = {
  artefact: 'open_connection',
  residualSeconds: null,
  coveredBy: [],
  note: 'A connection that is already bound keeps its rights until it is closed: LDAP cannot end it.',
};

const spec: ActionSpec = {
  id: 'user.lock',
  title: 'Lock the account until somebody unlocks it',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login', 'password'],
  doesNotStop: [openConnections],
  idempotency: 'state_convergent',
  precondition: 'ldap_assertion',
  nativeDryRun: true,
  requiredPermissions: [lockPermission],
  rateLimit: null,
  settle: { typicalMs: 0, maxMs: 1_000 },
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

/**
 * OpenLDAP's password policy (slapo-ppolicy): `pwdAccountLockedTime` of 000001010000Z locks until it is taken away.
 * Every change is bound to the entry's UUID and to what was read (RFC 4528).
 */
export function lockAction(config: LdapConfig, directory: LdapDirectory, io: ProviderIo): Action {
  const { connection } = directory;
  const change = async (
    target: Target,
    snapshot: Snapshot,
    call: CallContext,
    dryRun: boolean,
  ): ReturnType<LdapConnection['modify']> => {
    const entry = await directory.entryOf(target, call);
    if (entry === null) return outcome('target_absent', `${target.name} is not there.`);
    if (isLocked(entry, config)) return outcome('already_in_state', `${entry.dn} is locked already.`);
    const before = snapshot.state['pwdAccountLockedTime'];
    const asRead =
      typeof before === 'string' ? `(pwdAccountLockedTime=${before})` : '(!(pwdAccountLockedTime=*))';
    return connection.modify(
      entry.dn,
      [replace('pwdAccountLockedTime', [lockedForGood])],
      [new AssertionControl(`(&${idText(target.id)}${asRead})`), ...(dryRun ? [new NoOpControl()] : [])],
      [lockPermission],
      call,
    );
  };
  return {
    spec,
    async snapshot(target, call) {
      const entry = await directory.entryOf(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: isLocked(entry, config),
        version: null,
        state: { dn: entry?.dn ?? target.name, pwdAccountLockedTime: textOf(entry, 'pwdAccountLockedTime') },
      };
    },
    preview: async (target, snapshot) => [
      {
        method: 'MODIFY',
        address: textAt(snapshot.state, 'dn') ?? target.name,
        body: `replace: pwdAccountLockedTime\npwdAccountLockedTime: ${lockedForGood}`,
      },
    ],
    apply: (target, snapshot, call) => change(target, snapshot, call, false),
    dryRun: (target, snapshot, call) => change(target, snapshot, call, true),
    async observe(target, _, call) {
      const entry = await directory.entryOf(target, call);
      if (entry === null)
        return { state: 'target_absent', detail: `${target.name} is not there.`, facts: {} };
      const locked = isLocked(entry, config);
      return {
        state: locked ? 'in_effect' : 'not_in_effect',
        detail: locked ? `${entry.dn} is locked.` : `${entry.dn} is not locked.`,
        facts: { pwdAccountLockedTime: textOf(entry, 'pwdAccountLockedTime') },
      };
    },
    async probe(target, _, call) {
      const entry = await connection.read(target.name, userAttributes, call);
      const dn = entry?.dn ?? target.name;
      const control = new PasswordPolicyControl();
      // A password that cannot be right. A locked account is refused as locked before the password is looked at.
      const refusal = await connection.tryBind(dn, `probe ${crypto.randomUUID()}`, control, call);
      const isRefusedAsLocked = control.value?.error === PasswordPolicyError.AccountLocked;
      return {
        state: isRefusedAsLocked ? 'denied' : 'unknown',
        method: 'decision',
        artefacts: ['login', 'password'],
        detail: isRefusedAsLocked
          ? 'The directory refuses the account as locked.'
          : `The directory does not say that the account is locked${refusal === null ? '' : ' (ppolicy_use_lockout may be off)'}.`,
        facts: { error: control.value?.error ?? null },
      };
    },
    async undo(target, snapshot, call) {
      const entry = await directory.entryOf(target, call);
      if (entry === null) return outcome('target_absent', `${target.name} is not there.`);
      const before = snapshot.state['pwdAccountLockedTime'];
      return connection.modify(
        entry.dn,
        [replace('pwdAccountLockedTime', typeof before === 'string' ? [before] : [])],
        [new AssertionControl(`(&${idText(target.id)}(pwdAccountLockedTime=${lockedForGood}))`)],
        [lockPermission],
        call,
      );
    },
  };
}

function replace(type: string, values: string[]): Change {
  return new Change({ operation: 'replace', modification: new Attribute({ type, values }) });
}
