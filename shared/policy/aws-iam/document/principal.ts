import { isObject, type Json } from '../../../domain/json.ts';
import type { Complain } from '../condition/condition.ts';
import { isAccountId, parseArn } from '../match/arn.ts';
import type { Subject } from '../request/subject.ts';
import { either, type Tri } from '../tri.ts';

/**
 * How far an Allow of a resource policy reaches within one account, by the principal that it names (IAM User Guide,
 * "How AWS enforcement code logic evaluates requests"): `direct` overrides the implicit denies of identity policies,
 * boundaries and session policies; `role` those of identity policies only; `account` delegates to the account, whose
 * identity policies must allow too.
 */
export type Reach = 'direct' | 'role' | 'account';

export type PrincipalEntry =
  // One principal that a policy names.
  | { readonly kind: 'everyone' }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'user' | 'session' | 'federated-user'; readonly arn: string }
  | { readonly kind: 'role'; readonly arn: string; readonly account: string; readonly name: string }
  | { readonly kind: 'unique-id' | 'service' | 'federated' | 'canonical'; readonly name: string };

export interface CompiledPrincipal {
  readonly not: boolean;
  readonly entries: readonly PrincipalEntry[];
  readonly text: string;
}

/** Compiles `Principal` or `NotPrincipal`. */
export function compilePrincipal(element: Json, not: boolean, complain: Complain): CompiledPrincipal {
  const entries: PrincipalEntry[] = [];
  const texts: string[] = [];
  if (element === '*') {
    entries.push({ kind: 'everyone' });
    texts.push('*');
  } else if (isObject(element)) {
    for (const [type, value] of Object.entries(element)) {
      const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
      for (const name of list) {
        const entry = typeof name === 'string' ? readEntry(type, name) : null;
        if (entry === null)
          complain(`/${type}`, `${JSON.stringify(name)} is no principal of the type ${type}.`);
        else {
          entries.push(entry);
          texts.push(entryText(entry));
        }
      }
    }
  } else complain('', 'Expected "*" or an object of principals.');
  return { not, entries, text: texts.join(', ') };
}

const uniqueId = /^(?:AIDA|AROA|AGPA|ANPA|AIPA|ABIA|ACCA)[A-Z0-9]{6,}$/;

function readEntry(type: string, name: string): PrincipalEntry | null {
  if (type === 'Service') return { kind: 'service', name: name.toLowerCase() };
  if (type === 'Federated') return { kind: 'federated', name };
  if (type === 'CanonicalUser') return { kind: 'canonical', name };
  if (type !== 'AWS') return null;
  if (name === '*') return { kind: 'everyone' };
  if (isAccountId(name)) return { kind: 'account', account: name };
  if (uniqueId.test(name)) return { kind: 'unique-id', name };
  const arn = parseArn(name);
  // Wildcards match no part of a principal's name.
  if (arn === null || /[*?]/.test(name)) return null;
  const { account, resource } = arn;
  if (resource === 'root') return { kind: 'account', account };
  const last = resource.slice(resource.lastIndexOf('/') + 1);
  if (resource.startsWith('user/')) return { kind: 'user', arn: name };
  if (resource.startsWith('role/')) return { kind: 'role', arn: name, account, name: last };
  if (resource.startsWith('assumed-role/')) return { kind: 'session', arn: name };
  if (resource.startsWith('federated-user/')) return { kind: 'federated-user', arn: name };
  return null;
}

export interface PrincipalOutcome {
  readonly result: Tri;
  readonly reach: Reach;
  /** The listed principal that counted. */
  readonly pattern: string;
  readonly why?: string;
}

/** Tests the principal of a statement. `rootOnly`: an account stands for its root user alone (gateway endpoints). */
export function matchPrincipal(
  principal: CompiledPrincipal,
  subject: Subject,
  effect: 'allow' | 'deny',
  rootOnly: boolean,
): PrincipalOutcome {
  if (principal.not) return matchNotPrincipal(principal, subject, effect);
  let result: Tri = false;
  let reach: Reach = 'account';
  let why: string | undefined;
  let pattern = principal.text;
  for (const entry of principal.entries) {
    const found = matchEntry(entry, subject);
    if (found.result === false) continue;
    if (rootOnly && entry.kind === 'account' && subject.kind !== 'root') {
      why ??= 'In the policy of a gateway endpoint an account stands for its root user alone.';
      continue;
    }
    const better = found.result === true && (result !== true || rank(found.reach) > rank(reach));
    if (better || (result === false && found.result === 'unknown')) {
      reach = found.reach;
      why = found.why;
      pattern = entryText(entry);
    }
    result = either(result, found.result);
  }
  return { result, reach, pattern, ...(why === undefined ? null : { why }) };
}

function rank(reach: Reach): number {
  return reach === 'direct' ? 2 : reach === 'role' ? 1 : 0;
}

interface EntryOutcome {
  readonly result: Tri;
  readonly reach: Reach;
  readonly why?: string;
}

const unmatched: EntryOutcome = { result: false, reach: 'account' };
const direct: EntryOutcome = { result: true, reach: 'direct' };
const byRole: EntryOutcome = { result: true, reach: 'role' };

function matchEntry(entry: PrincipalEntry, subject: Subject): EntryOutcome {
  switch (entry.kind) {
    case 'everyone':
      return direct;
    case 'account':
      if (entry.account !== subject.account) return unmatched;
      return subject.kind === 'root' ? direct : { result: true, reach: 'account' };
    case 'user':
      if (subject.kind === 'user') return subject.entityArn === entry.arn ? direct : unmatched;
      return subject.kind === 'federated-user' ? matchIssuer(entry.arn, subject) : unmatched;
    case 'role':
      return isRole(entry, subject) ? byRole : unmatched;
    case 'session':
      if (subject.kind === 'role-session') return subject.id === entry.arn ? direct : unmatched;
      return subject.kind === 'role' ? matchSessionOfRole(entry.arn, subject) : unmatched;
    case 'federated-user':
      return subject.kind === 'federated-user' && subject.id === entry.arn ? direct : unmatched;
    case 'unique-id':
      return matchUniqueId(entry.name, subject);
    case 'service':
      return subject.kind === 'service' && subject.id.toLowerCase() === entry.name ? direct : unmatched;
    case 'federated':
      return subject.kind === 'federated' && subject.id === entry.name ? direct : unmatched;
    case 'canonical':
    default:
      return matchCanonical(entry.name, subject);
  }
}

function isRole(entry: Extract<PrincipalEntry, { kind: 'role' }>, subject: Subject): boolean {
  if (subject.kind !== 'role' && subject.kind !== 'role-session') return false;
  if (subject.entityArn !== null) return subject.entityArn === entry.arn;
  // A session's ARN drops the path; the name alone is unique within the account.
  return subject.account === entry.account && subject.name === entry.name;
}

/** A user's ARN reaches the sessions that the user federated, but as far as a role's ARN only. */
function matchIssuer(arn: string, subject: Subject): EntryOutcome {
  if (subject.issuer !== null) return subject.issuer === arn ? byRole : unmatched;
  const named = parseArn(arn);
  if (named?.account !== subject.account) return unmatched;
  if (named.resource.endsWith(`/${subject.session}`)) {
    return { ...byRole, why: 'The session is taken as asked for by the user of the same name.' };
  }
  return {
    result: 'unknown',
    reach: 'role',
    why: 'Which user asked for the federated session is not known.',
  };
}

function matchSessionOfRole(arn: string, subject: Subject): EntryOutcome {
  const named = parseArn(arn);
  const [, role, session] = named?.resource.split('/') ?? [];
  if (named?.account !== subject.account || role !== subject.name) return unmatched;
  if (subject.session !== null) return subject.session === session ? direct : unmatched;
  return { result: 'unknown', reach: 'direct', why: 'The name of the role session is not known.' };
}

/** A raw identifier stands where the user or role that was named has been deleted; a new one of that name is another. */
function matchUniqueId(id: string, subject: Subject): EntryOutcome {
  const isEntity = subject.kind === 'user' || subject.kind === 'role' || subject.kind === 'role-session';
  if (!isEntity || subject.uniqueId !== id) {
    return { ...unmatched, why: `${id} names a user or role that was deleted, or another one.` };
  }
  return subject.kind === 'user' ? direct : byRole;
}

function matchCanonical(id: string, subject: Subject): EntryOutcome {
  if (subject.canonicalId !== null) {
    return subject.canonicalId === id ? { result: true, reach: 'account' } : unmatched;
  }
  if (subject.account === null) return unmatched;
  return { result: 'unknown', reach: 'account', why: 'Whose canonical user id it is, is not known.' };
}

/**
 * `NotPrincipal` means everyone but the listed. AWS may check the account first, then the role, then the session: one
 * who is listed without these may be denied all the same, so that is unknown (IAM User Guide, "NotPrincipal").
 */
function matchNotPrincipal(
  principal: CompiledPrincipal,
  subject: Subject,
  effect: 'allow' | 'deny',
): PrincipalOutcome {
  const listed = (kinds: readonly PrincipalEntry['kind'][]): Tri =>
    principal.entries.reduce<Tri>(
      (found, entry) =>
        kinds.includes(entry.kind) ? either(found, matchEntry(entry, subject).result) : found,
      false,
    );
  const pattern = principal.text;
  const base = { reach: 'direct' as const, pattern };
  if (listed(['everyone']) === true) return { ...base, result: false };
  const account = listed(['account', 'canonical']);
  if (subject.kind === 'root') return { ...base, result: account === 'unknown' ? account : !account };
  const leafKinds: readonly PrincipalEntry['kind'][] =
    subject.kind === 'role-session'
      ? ['session']
      : ['user', 'role', 'session', 'federated-user', 'unique-id', 'service', 'federated'];
  const leaf = listed(leafKinds);
  if (leaf === false && effect === 'allow' && account !== false) {
    return { ...base, result: 'unknown', why: "The caller's account is listed, but the caller is not." };
  }
  if (leaf === false) return { ...base, result: true };
  if (leaf === 'unknown')
    return { ...base, result: 'unknown', why: 'Whether the caller is listed is not known.' };
  if (subject.account === null) return { ...base, result: false };
  const role = subject.kind === 'role-session' ? listed(['role', 'unique-id']) : true;
  if (account === true && role === true) return { ...base, result: false };
  const missing = account === true ? 'role' : 'account';
  return { ...base, result: 'unknown', why: `The caller is listed, but the caller's ${missing} is not.` };
}

function entryText(entry: PrincipalEntry): string {
  switch (entry.kind) {
    case 'everyone':
      return '*';
    case 'account':
      return entry.account;
    case 'user':
    case 'role':
    case 'session':
    case 'federated-user':
      return entry.arn;
    case 'unique-id':
    case 'service':
    case 'federated':
    case 'canonical':
    default:
      return entry.name;
  }
}
