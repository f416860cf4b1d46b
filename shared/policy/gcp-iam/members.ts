import type { Test, TestResult } from '../../domain/trace.ts';
import type { Estate } from './model.ts';
import type { Principal } from './request.ts';

interface Match {
  readonly result: TestResult;
  readonly why?: string;
}

const yes: Match = { result: 'match' };
const no: Match = { result: 'no-match' };
const cannotTell = (why: string): Match => ({ result: 'unknown', why });

/** Members that a test lists. */
const mostShown = 5;

/** The first of the members that the principal certainly is, else one that it may be. */
export function matchMembers(members: readonly string[], principal: Principal, estate: Estate): Test {
  let open: { readonly pattern: string; readonly why: string } | null = null;
  for (const member of members) {
    const { result, why } = matchMember(member, principal, estate);
    if (result === 'match')
      return { result, pattern: member, actual: principal.id, ...(why === undefined ? {} : { why }) };
    if (result === 'unknown') open ??= { pattern: member, why: why ?? '' };
  }
  if (open !== null) return { result: 'unknown', pattern: open.pattern, actual: principal.id, why: open.why };
  const more = members.length > mostShown ? `, … (${members.length} in all)` : '';
  const pattern = members.length === 0 ? 'nobody' : members.slice(0, mostShown).join(', ') + more;
  return { result: 'no-match', pattern, actual: principal.id };
}

/** Members of allow and deny policies: https://cloud.google.com/iam/docs/principal-identifiers */
function matchMember(given: string, principal: Principal, estate: Estate): Match {
  const member = allowForm(given);
  if (principal.kind === 'set') return ofSet(member, principal.id);
  const colon = member.indexOf(':');
  const [kind, id] = colon === -1 ? [member, ''] : [member.slice(0, colon), member.slice(colon + 1)];
  switch (kind) {
    case 'allUsers':
      return yes;
    case 'allAuthenticatedUsers':
      return authenticated(principal);
    case 'user':
    case 'serviceAccount':
      return named(kind, id, principal);
    case 'group':
      return inGroup(id.toLowerCase(), principal, estate);
    case 'domain':
      return ofDomain(id.toLowerCase(), principal);
    case 'deleted':
      return { ...no, why: 'The account was deleted; one of the same name that was made since is another.' };
    case 'principal':
      return principal.kind === 'federated' || principal.kind === 'unknown'
        ? equal(member, principal.id)
        : no;
    case 'principalSet':
      return inSet(member, principal);
    case 'projectOwner':
    case 'projectEditor':
    case 'projectViewer':
      return ofProject(kind, id, principal, estate);
    default:
      return cannotTell(`This evaluator does not know members of the form “${given.slice(0, 100)}”.`);
  }
}

/** A set is in itself and in everybody; whether it lies within another is not looked into. */
function ofSet(member: string, set: string): Match {
  if (member === 'allUsers') return yes;
  const isFederated = set.startsWith('principalSet:');
  if (member === 'allAuthenticatedUsers' && !isFederated) return yes;
  return equal(member, set);
}

/** Deny policies write members in the form of the v2 API. */
function allowForm(member: string): string {
  if (member === 'principalSet://goog/public:all') return 'allUsers';
  const [, who] = /^principal:\/\/goog\/subject\/(.+)$/.exec(member) ?? [];
  if (who !== undefined) return `user:${who}`;
  const [, account] =
    /^principal:\/\/iam\.googleapis\.com\/projects\/[^/]+\/serviceAccounts\/(.+)$/.exec(member) ?? [];
  if (account !== undefined) return `serviceAccount:${account}`;
  const [, group] = /^principalSet:\/\/goog\/group\/(.+)$/.exec(member) ?? [];
  return group === undefined ? member : `group:${group}`;
}

function equal(one: string, other: string): Match {
  return one.toLowerCase() === other.toLowerCase() ? yes : no;
}

function named(kind: 'user' | 'serviceAccount', id: string, principal: Principal): Match {
  if (principal.kind === 'unknown' && principal.id === '')
    return cannotTell('The request does not tell who asked.');
  const isAccount = principal.kind === 'service-account';
  return isAccount === (kind === 'serviceAccount') ? equal(id, principal.id) : no;
}

/** Federated identities have no Google account. */
function authenticated({ kind, id }: Principal): Match {
  if (kind === 'unknown' && id === '') return cannotTell('The request does not tell who asked.');
  return kind === 'anonymous' || kind === 'federated' ? no : yes;
}

function inGroup(group: string, principal: Principal, estate: Estate): Match {
  if (principal.kind === 'anonymous') return no;
  if (principal.kind === 'group' && principal.id.toLowerCase() === group) return yes;
  if (principal.groups !== null) {
    return principal.groups.some(
      (each) =>
        allowForm(each)
          .replace(/^group:/, '')
          .toLowerCase() === group,
    )
      ? yes
      : no;
  }
  return inListed(group, principal, estate, new Set());
}

/** Groups may be members of groups. */
function inListed(group: string, principal: Principal, estate: Estate, seen: Set<string>): Match {
  const members = estate.groups.get(group);
  if (members === undefined) return cannotTell(`Who is a member of ${group} is not in the bundle.`);
  seen.add(group);
  let open: Match | null = null;
  for (const member of members) {
    const inner = /^group:(.+)$/.exec(member)?.[1]?.toLowerCase();
    if (inner !== undefined && seen.has(inner)) continue;
    const isPlain = inner === undefined && !member.includes(':');
    const found =
      inner === undefined
        ? matchMember(isPlain ? memberOf(member) : member, principal, estate)
        : inListed(inner, principal, estate, seen);
    if (found.result === 'match') return { ...yes, why: `${principal.id} is a member of ${group}.` };
    if (found.result === 'unknown') open ??= found;
  }
  return open ?? no;
}

function memberOf(mail: string): string {
  return mail.endsWith('gserviceaccount.com') ? `serviceAccount:${mail}` : `user:${mail}`;
}

/** The accounts of a Google Workspace; its other domains are not known. */
function ofDomain(domain: string, principal: Principal): Match {
  if (principal.kind !== 'user')
    return principal.kind === 'unknown' ? cannotTell('The request does not tell who asked.') : no;
  const own = principal.id.slice(principal.id.lastIndexOf('@') + 1).toLowerCase();
  if (own === domain) return yes;
  if (own === 'gmail.com' || own === 'googlemail.com') return no;
  return cannotTell(`Whether ${own} belongs to the organization of ${domain} is not known.`);
}

const pool =
  /^principal(?:Set)?:\/\/iam\.googleapis\.com\/((?:projects\/[^/]+\/)?locations\/global\/(?:workforce|workloadIdentity)Pools\/[^/]+)\/(.+)$/;

/** Sets of federated identities: the whole pool, a group, or those with an attribute. */
function inSet(set: string, principal: Principal): Match {
  const [, wanted, part] = pool.exec(set) ?? [];
  if (wanted === undefined || part === undefined) {
    return cannotTell(`Who belongs to ${set.slice(0, 200)} is not in the bundle.`);
  }
  if (principal.kind !== 'federated')
    return principal.kind === 'unknown' ? cannotTell('The request does not tell who asked.') : no;
  const [, own] = pool.exec(principal.id) ?? [];
  if (own !== wanted) return no;
  if (part === '*') return yes;
  const [, group] = /^group\/(.+)$/.exec(part) ?? [];
  if (group !== undefined) {
    if (principal.groups === null)
      return cannotTell('The request does not tell the groups of the federated identity.');
    return principal.groups.includes(group) ? yes : no;
  }
  const [, attribute = '', value] = /^attribute\.([^/]+)\/(.+)$/.exec(part) ?? [];
  const held = Object.hasOwn(principal.attributes, attribute) ? principal.attributes[attribute] : undefined;
  if (value === undefined || held === undefined)
    return cannotTell(`The request does not tell ${part.split('/')[0] ?? 'it'}.`);
  return held === value ? yes : no;
}

const basicRoles = {
  projectOwner: 'roles/owner',
  projectEditor: 'roles/editor',
  projectViewer: 'roles/viewer',
} as const;

/** Everybody who has that basic role on the project: Cloud Storage and BigQuery write it so. */
function ofProject(
  kind: keyof typeof basicRoles,
  project: string,
  principal: Principal,
  estate: Estate,
): Match {
  const id = `projects/${project}`;
  const node = estate.aliases.get(id) ?? id;
  const policies = estate.policies.filter((policy) => policy.node === node);
  const unknown = policies.length === 0 || policies.some((policy) => policy.unknown !== undefined);
  let open = unknown ? cannotTell(`The policy of ${node} is not in the bundle.`) : null;
  for (const binding of policies.flatMap(({ bindings }) => bindings)) {
    if (binding.role !== basicRoles[kind]) continue;
    const plain = binding.members.filter((member) => !member.startsWith('project'));
    const { result, why } = matchMembers(plain, principal, estate);
    const isSure = binding.condition === null && binding.unknown === undefined;
    if (result === 'match' && isSure) return yes;
    if (result !== 'no-match') open ??= cannotTell(why ?? 'It has the role under a condition.');
  }
  return open ?? no;
}
