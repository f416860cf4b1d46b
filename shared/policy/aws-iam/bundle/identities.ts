import type { BundleIdentity } from '../../../domain/bundle.ts';
import { type DirectoryIdentity, type LastUse, identityEntry } from '../../../domain/directory.ts';
import { type JsonObject, isObject, objectAt, textAt } from '../../../domain/json.ts';
import { alias, textsOf, timeOf } from '../../../util/directory-fields.ts';
import type { CompiledPolicy } from '../document/policy.ts';
import type { PrincipalEntry } from '../document/principal.ts';
import { parseArn } from '../match/arn.ts';
import type { IamEntity } from './entity.ts';
import type { Estate } from './estate.ts';

/** Days that `RoleLastUsed` goes back, and hours that it may be late (IAM User Guide, “RoleLastUsed”). */
const trackedDays = 400;
const staleHours = 4;

/** Ways in which one identity is named that are written out. */
const mostReasons = 8;

interface Named {
  readonly value: DirectoryIdentity;
  readonly realm: string;
  readonly isDefined: boolean;
  readonly reasons: string[];
  readonly path: string;
  readonly locator: string;
}

/**
 * Users and roles of the accounts, then whom trust and resource policies name and the accounts do not have: users and
 * roles of other accounts, what was deleted (unique ids), services of AWS, and subjects of identity providers that a
 * condition names. An account is no identity; what everybody may is nobody's.
 */
export function identitiesOf(estate: Estate): Iterable<BundleIdentity> {
  const found = new Map<string, Named>();
  for (const { entity } of estate.entities()) {
    const { path, pointer } = entity.origin;
    const account = estate.accountOf(entity);
    found.set(keyOf(account, entity.arn), {
      value: valueOf(entity, account),
      realm: 'aws',
      isDefined: true,
      reasons: [`A ${entity.kind} of the account ${account}.`],
      path,
      locator: pointer,
    });
  }
  for (const { holder, policy } of namingPolicies(estate)) {
    for (const { value, realm } of namedBy(policy, estate)) {
      const key = keyOf(value.authority ?? '', value.id);
      const reason = `${policy.origin.name.startsWith('trust policy') ? 'Trusted by' : 'Named by the policy of'} ${holder}.`;
      const known = found.get(key);
      if (known === undefined) {
        const { path, pointer } = policy.origin;
        found.set(key, { value, realm, isDefined: false, reasons: [reason], path, locator: pointer });
      } else if (known.reasons.length < mostReasons && !known.reasons.includes(reason)) {
        known.reasons.push(reason);
      }
    }
  }
  return found.values();
}

function keyOf(account: string, id: string): string {
  return `${account} ${id}`;
}

function* namingPolicies(
  estate: Estate,
): Generator<{ readonly holder: string; readonly policy: CompiledPolicy }> {
  for (const { entity } of estate.entities()) {
    if (entity.trust !== null) yield { holder: entity.arn, policy: entity.trust };
  }
  for (const { resourcePolicies } of estate.accounts.values()) {
    for (const [holder, policy] of resourcePolicies ?? []) yield { holder, policy };
  }
}

function valueOf(
  { kind, arn, name, id, tags, origin, groups }: IamEntity,
  account: string,
): DirectoryIdentity {
  const { content } = origin;
  const uses = kind === 'role' ? roleUse(content) : [];
  return identityEntry({
    id: arn,
    type: kind,
    authority: account,
    name,
    aliases: aliasesOf(kind, arn, name, id),
    status: 'active',
    created: timeOf(content['CreateDate']),
    lastUses: uses,
    usesComplete: uses.length > 0,
    owner: ownerOf(tags),
    groups: groups.map((group) => group.slice(group.lastIndexOf('/') + 1)),
  });
}

/** Sessions name their role without its path: within an account the name alone is unique. */
function aliasesOf(kind: string, arn: string, name: string, id: string | null): DirectoryIdentity['aliases'] {
  return [
    ...alias('arn', arn),
    ...(id === null ? [] : alias('immutable', id)),
    ...alias('name', `${kind}/${name}`),
  ];
}

function roleUse(content: JsonObject): LastUse[] {
  const told = objectAt(content, 'RoleLastUsed');
  if (told === undefined) return [];
  const at = timeOf(told['LastUsedDate']);
  const source = 'RoleLastUsed.LastUsedDate';
  return [{ what: 'role', at, staleHours, recordedSince: null, trackedDays, source }];
}

function ownerOf(tags: ReadonlyMap<string, string>): string | null {
  for (const key of ['owner', 'owned-by', 'ownedby', 'contact', 'responsible']) {
    const owner = tags.get(key);
    if (owner !== undefined && owner !== '') return owner;
  }
  return null;
}

interface NamedIdentity {
  readonly value: DirectoryIdentity;
  readonly realm: string;
}

/** Whom a policy allows something by name. */
function* namedBy({ statements, document }: CompiledPolicy, estate: Estate): Generator<NamedIdentity> {
  for (const { effect, principal } of statements) {
    if (effect === 'deny' || principal === null || principal.not) continue;
    for (const entry of principal.entries) {
      const value = valueOfEntry(entry, estate);
      if (value !== null) yield { value, realm: 'aws' };
    }
  }
  yield* federatedSubjects(document);
}

function valueOfEntry(entry: PrincipalEntry, estate: Estate): DirectoryIdentity | null {
  switch (entry.kind) {
    case 'user':
    case 'role': {
      const account = parseArn(entry.arn)?.account ?? null;
      const name = entry.arn.slice(entry.arn.lastIndexOf('/') + 1);
      const aliases = aliasesOf(entry.kind, entry.arn, name, null);
      return identityEntry({ id: entry.arn, type: entry.kind, authority: account, name, aliases });
    }
    case 'session':
      return roleOfSession(entry.arn, estate);
    case 'unique-id': {
      const type = entry.name.startsWith('AIDA') ? 'user' : entry.name.startsWith('AROA') ? 'role' : null;
      if (type === null) return null;
      return identityEntry({ id: entry.name, type, aliases: alias('immutable', entry.name) });
    }
    case 'service':
      return identityEntry({
        id: entry.name,
        type: 'service',
        kind: 'service',
        name: entry.name,
        aliases: alias('name', entry.name),
      });
    // An account, a provider and everybody are no identities; a canonical id is an account's; a federated user's
    // session bears a name that need not be the user's.
    case 'account':
    case 'everyone':
    case 'federated':
    case 'federated-user':
    case 'canonical':
    default:
      return null;
  }
}

/** The role of a session, whose ARN does not carry the role's path. */
function roleOfSession(session: string, estate: Estate): DirectoryIdentity | null {
  const arn = parseArn(session);
  const name = arn?.resource.split('/')[1] ?? '';
  if (arn === null || name === '') return null;
  const known = estate.accounts.get(arn.account)?.roles.get(name);
  const id = known?.arn ?? `arn:${arn.partition}:iam::${arn.account}:role/${name}`;
  const aliases = known === undefined ? alias('name', `role/${name}`) : aliasesOf('role', id, name, known.id);
  return identityEntry({ id, type: 'role', authority: arn.account, name, aliases });
}

/** Subjects of web identities that `StringEquals` names whole: service accounts of clusters, runs of pipelines. */
function* federatedSubjects(document: unknown): Generator<NamedIdentity> {
  const listed = isObject(document) ? document['Statement'] : undefined;
  const statements: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  for (const statement of statements) {
    if (!isObject(statement) || textAt(statement, 'Effect') !== 'Allow') continue;
    const providers = textsOf(objectAt(statement, 'Principal')?.['Federated']);
    if (providers.length === 0) continue;
    for (const [key, values] of Object.entries(
      objectAt(objectAt(statement, 'Condition'), 'StringEquals') ?? {},
    )) {
      const provider = key.slice(0, -':sub'.length);
      if (!key.endsWith(':sub') || !providers.some((each) => each.endsWith(`/${provider}`))) continue;
      for (const subject of textsOf(values)) yield subjectOfProvider(subject);
    }
  }
}

function subjectOfProvider(subject: string): NamedIdentity {
  const isCluster = subject.startsWith('system:serviceaccount:');
  const value = identityEntry({
    id: subject,
    type: 'workload',
    name: isCluster ? subject.split(':').slice(2).join('/') : subject,
    aliases: alias('name', subject),
  });
  return { value, realm: isCluster ? 'kubernetes' : 'aws' };
}
