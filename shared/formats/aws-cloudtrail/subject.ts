import type { Principal, PrincipalType } from '../../domain/event.ts';
import { objectAt, type JsonObject } from '../../domain/json.ts';
import { bounded, boundedText } from '../../util/record-fields.ts';
import { parseArn } from './arn.ts';

/** Fields of `userIdentity` that tell who asked. */
export interface Facts {
  readonly type: string | null;
  readonly arn: string | null;
  readonly principalId: string | null;
  readonly accountId: string | null;
  readonly userName: string | null;
  readonly invokedBy: string | null;
  readonly issuer: JsonObject | undefined;
  readonly issuerArn: string | null;
}

/** Takes the facts out of `userIdentity` and its `sessionContext`. */
export function readFacts(user: JsonObject, context: JsonObject | undefined): Facts {
  const issuer = objectAt(context, 'sessionIssuer');
  const arn = boundedText(user, 'arn');
  return {
    type: boundedText(user, 'type'),
    arn,
    principalId: boundedText(user, 'principalId'),
    accountId: accountText(user['accountId']) ?? accountOfArn(arn),
    userName: boundedText(user, 'userName'),
    invokedBy: boundedText(user, 'invokedBy'),
    issuer,
    issuerArn: boundedText(issuer, 'arn'),
  };
}

/** Where a record names nobody. */
export const nobody: Principal = { type: 'unknown', id: null, name: null, account: null };

/** An account id as text; numbers have lost their leading zeros. */
export function accountText(value: unknown): string | null {
  if (typeof value === 'number') return String(value).padStart(12, '0');
  return typeof value === 'string' ? bounded(value) : null;
}

function accountOfArn(arn: string | null): string | null {
  const account = arn === null ? '' : (parseArn(arn)?.account ?? '');
  return account === '' ? null : account;
}

/** The durable identity that asked. */
export function readSubject(facts: Facts, user: JsonObject, record: JsonObject): Principal {
  switch (facts.type) {
    case 'AssumedRole':
    case 'Role':
      return roleSubject(facts);
    case 'IAMUser':
      return named('user', facts.arn ?? facts.principalId, facts.userName ?? lastPart(facts.arn), facts);
    case 'Root':
      return named('user', facts.arn ?? facts.principalId, 'root', facts);
    case 'FederatedUser':
      return named('user', facts.arn ?? facts.principalId, facts.userName ?? lastPart(facts.arn), facts);
    case 'AWSAccount':
      return accountSubject(facts);
    case 'AWSService':
      return serviceSubject(facts.invokedBy ?? facts.principalId ?? boundedText(record, 'sourceIPAddress'));
    case 'SAMLUser':
      return named('user', facts.principalId, facts.userName, facts);
    case 'WebIdentityUser':
      return named(webIdentityType(facts.userName), facts.principalId, facts.userName, facts);
    case 'IdentityCenterUser':
      return identityCenterSubject(facts, user);
    case 'Directory':
      return named('user', facts.principalId ?? facts.arn, facts.userName, facts);
    case 'Unknown':
      return unknownSubject(facts, user, record);
    case null:
      return untypedSubject(facts, user, record);
    default:
      return named('unknown', facts.arn ?? facts.principalId, facts.userName, facts);
  }
}

function named(type: PrincipalType, id: string | null, name: string | null, facts: Facts): Principal {
  return { type, id, name, account: facts.accountId };
}

/** A role: its own ARN where the record gives it, else that of its session, which lacks the role's path. */
function roleSubject(facts: Facts): Principal {
  const account = accountText(facts.issuer?.['accountId']) ?? facts.accountId;
  if (facts.issuerArn !== null && facts.issuerArn.includes(':role/')) {
    const name = boundedText(facts.issuer, 'userName') ?? lastPart(facts.issuerArn);
    return { type: 'role', id: facts.issuerArn, name, account };
  }
  const role = facts.arn === null ? null : roleOfArn(facts.arn);
  if (role !== null) return { ...role, account: role.account ?? account };
  const id = boundedText(facts.issuer, 'principalId') ?? uniqueId(facts.principalId) ?? facts.arn;
  return { type: 'role', id, name: boundedText(facts.issuer, 'userName') ?? facts.userName, account };
}

/** The role that an ARN of a role or of a role's session names. */
function roleOfArn(text: string): Principal | null {
  const arn = parseArn(text);
  if (arn === null) return null;
  const account = arn.account === '' ? null : arn.account;
  if (arn.resource.startsWith('role/')) return { type: 'role', id: text, name: lastPart(text), account };
  if (!arn.resource.startsWith('assumed-role/')) return null;
  const name = arn.resource.split('/')[1] ?? '';
  return { type: 'role', id: `arn:${arn.partition}:iam::${arn.account}:role/${name}`, name, account };
}

/** The session is dropped from `AROA…:session`; what is left is the durable id of a role or user. */
function uniqueId(principalId: string | null): string | null {
  const id = principalId?.split(':', 1)[0] ?? '';
  return id === '' ? null : id;
}

const anonymous = 'ANONYMOUS_PRINCIPAL';

/** Another account: all that its owner learns is an id of the caller there, or that nobody was authenticated. */
function accountSubject(facts: Facts): Principal {
  if (facts.accountId === anonymous || facts.accountId?.toLowerCase() === 'anonymous') {
    return { type: 'anonymous', id: facts.accountId, name: null, account: null };
  }
  if (facts.arn !== null) {
    return roleOfArn(facts.arn) ?? named('user', facts.arn, facts.userName ?? lastPart(facts.arn), facts);
  }
  const id = uniqueId(facts.principalId);
  if (id === null) return named('unknown', facts.accountId, facts.userName, facts);
  return named(typeOfUniqueId(id), id, facts.userName, facts);
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
function typeOfUniqueId(id: string): PrincipalType {
  if (id.startsWith('AROA')) return 'role';
  return id.startsWith('AIDA') ? 'user' : 'unknown';
}

/** A service of AWS, by its host name. */
export function serviceSubject(name: string | null): Principal {
  return { type: 'service', id: name, name, account: null };
}

/** Subjects of tokens that programs get: pods of a cluster and runs of a pipeline. */
const workloadName = /^(?:system:serviceaccount:|repo:|project_path:|organization:)/;

function webIdentityType(userName: string | null): PrincipalType {
  return userName !== null && workloadName.test(userName) ? 'workload' : 'user';
}

function identityCenterSubject(facts: Facts, user: JsonObject): Principal {
  const id = boundedText(objectAt(user, 'onBehalfOf'), 'userId') ?? facts.principalId;
  return named('user', id, facts.userName, facts);
}

/** Identity Center wrote its users as `Unknown` until 2025. */
const identityCenterSources = /^(?:sso|sso-directory|sso-oauth|signin|identitystore)\./;

function unknownSubject(facts: Facts, user: JsonObject, record: JsonObject): Principal {
  const source = boundedText(record, 'eventSource') ?? '';
  const id = boundedText(objectAt(user, 'onBehalfOf'), 'userId') ?? facts.arn ?? facts.principalId;
  const isUser = identityCenterSources.test(source) && (id !== null || facts.userName !== null);
  return named(isUser ? 'user' : 'unknown', id, facts.userName, facts);
}

/** Some service events carry no type at all; some exports drop it and keep the ARN. */
function untypedSubject(facts: Facts, user: JsonObject, record: JsonObject): Principal {
  if (facts.arn !== null) {
    const role = roleOfArn(facts.arn);
    if (role !== null) return roleSubject(facts);
    const resource = parseArn(facts.arn)?.resource ?? '';
    if (resource === 'root') return named('user', facts.arn, 'root', facts);
    const isUser = resource.startsWith('user/') || resource.startsWith('federated-user/');
    return named(isUser ? 'user' : 'unknown', facts.arn, facts.userName ?? lastPart(facts.arn), facts);
  }
  if (facts.issuerArn !== null) return roleSubject(facts);
  if (facts.invokedBy !== null) return serviceSubject(facts.invokedBy);
  const id = uniqueId(facts.principalId);
  if (id !== null && typeOfUniqueId(id) !== 'unknown')
    return named(typeOfUniqueId(id), id, facts.userName, facts);
  return unknownSubject(facts, user, record);
}

/** What follows the last slash: the name behind a path. */
export function lastPart(arn: string | null): string | null {
  if (arn === null) return null;
  const slash = arn.lastIndexOf('/');
  return slash === -1 ? null : arn.slice(slash + 1);
}

/** The durable principal of an ARN: of a role's session its role. */
export function principalOfArn(text: string): Principal | null {
  const arn = parseArn(text);
  if (arn === null) return null;
  const account = arn.account === '' ? null : arn.account;
  const name = arn.resource === 'root' ? 'root' : lastPart(text);
  return roleOfArn(text) ?? { type: 'user', id: text, name, account };
}
