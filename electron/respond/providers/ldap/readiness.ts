import { Attribute, Change, type Entry, PasswordPolicyControl } from 'ldapts';
import type { Outcome } from '#shared/domain/response.ts';
import { type CallContext, ProviderError, type ProviderIo, type ProviderTest } from '../../provider.ts';
import type { LdapConfig } from './config.ts';
import type { LdapConnection } from './connection.ts';
import { NoOpControl } from './controls.ts';
import { lockedForGood, valuesOf } from './entry.ts';

/** LDAP_CAP_ACTIVE_DIRECTORY_OID (MS-ADTS 3.1.1.3.4.3.1). */
const activeDirectory = '1.2.840.113556.1.4.800';
const groups = '(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=group))';

export const lockPermission = 'write pwdAccountLockedTime';
export const disablePermission = 'write userAccountControl';
export const resetPermission = 'Reset Password';
export const memberPermission = 'write member';

type Readiness = Omit<ProviderTest, 'identity'>;

/**
 * Whether the operator may do what the provider does, tried on one account and one group without a change: OpenLDAP
 * tries a modification and does not make it (No-Op control), Active Directory tells what may be written
 * (`allowedAttributesEffective`). Throws kind `rejected` where the flavor is another one.
 */
export async function readinessOf(
  config: LdapConfig,
  connection: LdapConnection,
  io: ProviderIo,
  call: CallContext,
): Promise<Readiness> {
  const root = await connection.read('', ['supportedCapabilities'], call);
  const isAd = config.flavor === 'active-directory';
  if (root !== null && valuesOf(root, 'supportedCapabilities').includes(activeDirectory) !== isAd) {
    const other = isAd ? 'openldap' : 'active-directory';
    throw new ProviderError(
      'rejected',
      `This is ${isAd ? 'no' : 'an'} Active Directory: set flavor=${other}.`,
    );
  }
  if (isAd) return readinessOfAd(config, connection, call);
  const lock = await tryLock(config, connection, call);
  const member = await tryMember(config, connection, call);
  const control = new PasswordPolicyControl();
  await connection.tryBind(config.bindDn, await io.secret('bindPassword'), control, call);
  return {
    ...judged([
      [lockPermission, lock],
      [memberPermission, member],
    ]),
    notes: [
      control.value === undefined
        ? 'The password policy overlay (ppolicy) did not answer: where it is not there, a lock has no effect.'
        : 'The password policy overlay (ppolicy) is there.',
      'Rights were tried on one account and one group; respond execute --dry-run tries every change of a plan.',
    ],
  };
}

async function readinessOfAd(
  config: LdapConfig,
  connection: LdapConnection,
  call: CallContext,
): Promise<Readiness> {
  const writable = async (filter: string, attribute: string): Promise<boolean | null> => {
    const entry = await connection.any(config.baseDn, filter, ['allowedAttributesEffective'], call);
    return entry === null ? null : valuesOf(entry, 'allowedAttributesEffective').includes(attribute);
  };
  const people = '(&(objectCategory=person)(objectClass=user)(!(isCriticalSystemObject=TRUE)))';
  return {
    ...judged([
      [disablePermission, await writable(people, 'userAccountControl')],
      [resetPermission, null],
      [memberPermission, await writable(groups, 'member')],
    ]),
    notes: [
      'Changes reach other domain controllers on the schedule of the sites: configure each of them.',
      'Who has created an object is seldom kept by Active Directory: the sweep finds only what is.',
    ],
  };
}

/** Null where there is nobody to try it on, or the answer says nothing about rights: the control is critical. */
async function tryLock(
  config: LdapConfig,
  connection: LdapConnection,
  call: CallContext,
): Promise<boolean | null> {
  const person = await connection.any(config.baseDn, '(&(objectClass=person)(userPassword=*))', ['cn'], call);
  const anybody = person ?? (await connection.any(config.baseDn, '(objectClass=person)', ['cn'], call));
  return tryChange(anybody, 'replace', 'pwdAccountLockedTime', lockedForGood, connection, call);
}

async function tryMember(
  config: LdapConfig,
  connection: LdapConnection,
  call: CallContext,
): Promise<boolean | null> {
  const group = await connection.any(config.baseDn, groups, ['objectClass'], call);
  const isUnique = valuesOf(group, 'objectClass').some((name) => name.toLowerCase() === 'groupofuniquenames');
  return tryChange(group, 'add', isUnique ? 'uniqueMember' : 'member', config.bindDn, connection, call);
}

async function tryChange(
  entry: Entry | null,
  operation: 'add' | 'replace',
  type: string,
  value: string,
  connection: LdapConnection,
  call: CallContext,
): Promise<boolean | null> {
  if (entry === null) return null;
  const change = new Change({ operation, modification: new Attribute({ type, values: [value] }) });
  const { kind }: Outcome = await connection.modify(entry.dn, [change], [new NoOpControl()], [], call);
  if (kind === 'applied' || kind === 'already_in_state') return true;
  return kind === 'forbidden' ? false : null;
}

function judged(
  found: readonly (readonly [string, boolean | null])[],
): Pick<Readiness, 'missing' | 'unchecked'> {
  const named = (wanted: boolean | null): string[] =>
    found.filter(([, may]) => may === wanted).map(([name]) => name);
  return { missing: named(false), unchecked: named(null) };
}
