import type { Credential, Principal, PrincipalType, Session } from '../../domain/event.ts';
import type { DateOrder } from '../../domain/format.ts';
import { objectAt, type JsonObject } from '../../domain/json.ts';
import { boundedText } from '../../util/record-fields.ts';
import { parseArn } from './arn.ts';
import { readTime } from './time.ts';

/** Who asked, who is behind it, and with what. */
export interface Identity {
  readonly subject: Principal;
  readonly actor: Principal | null;
  readonly session: Session | null;
  readonly credential: Credential | null;
}

/** Fields of `userIdentity` that tell who asked. */
interface Facts {
  readonly type: string | null;
  readonly arn: string | null;
  readonly principalId: string | null;
  readonly accountId: string | null;
  readonly userName: string | null;
  readonly invokedBy: string | null;
  readonly issuer: JsonObject | undefined;
  readonly issuerArn: string | null;
}

/**
 * Identity of a record. The subject is durable: for a role session the role, whose ARN with its path stands in
 * `sessionContext.sessionIssuer`. The actor is the human behind it where the record names one (source identity,
 * Identity Center user, the user who switched roles), else the service that acted with the subject's permissions.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function readIdentity(record: JsonObject, user: JsonObject | undefined, order?: DateOrder): Identity {
  if (user === undefined) {
    return { subject: nobody, actor: switchedFrom(record, nobody), session: null, credential: null };
  }
  const context = objectAt(user, 'sessionContext');
  const issuer = objectAt(context, 'sessionIssuer');
  const facts: Facts = {
    type: boundedText(user, 'type'),
    arn: boundedText(user, 'arn'),
    principalId: boundedText(user, 'principalId'),
    accountId: accountText(user['accountId']),
    userName: boundedText(user, 'userName'),
    invokedBy: boundedText(user, 'invokedBy'),
    issuer,
    issuerArn: boundedText(issuer, 'arn'),
  };
  const subject = readSubject(facts, user, record);
  const session = readSession(facts, context, subject, order);
  return {
    subject,
    actor: readActor(record, user, context, facts, subject, session),
    session,
    credential: readCredential(user),
  };
}

const nobody: Principal = { type: 'unknown', id: null, name: null, account: null };

/** An account id as text; numbers have lost their leading zeros. */
export function accountText(value: unknown): string | null {
  if (typeof value === 'number') return String(value).padStart(12, '0');
  return typeof value === 'string' && value !== '' ? value : null;
}

function readSubject(facts: Facts, user: JsonObject, record: JsonObject): Principal {
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

function serviceSubject(name: string | null): Principal {
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

function lastPart(arn: string | null): string | null {
  if (arn === null) return null;
  const slash = arn.lastIndexOf('/');
  return slash === -1 ? null : arn.slice(slash + 1);
}

/** A temporary identity: of a role, of a federated user, or a console or MFA session of a user. */
function readSession(
  facts: Facts,
  context: JsonObject | undefined,
  subject: Principal,
  order: DateOrder | undefined,
): Session | null {
  // Elastic puts the attributes one level higher.
  const attributes = objectAt(context, 'attributes') ?? context;
  const startedAt = readTime(attributes?.['creationDate'], order);
  const mfa = truth(attributes?.['mfaAuthenticated']);
  const isRole = subject.type === 'role';
  const sessionArn = isRole && facts.arn?.includes(':assumed-role/') === true ? facts.arn : null;
  const name = sessionArn === null ? sessionNameOfId(facts.principalId, isRole) : lastPart(sessionArn);
  const id = sessionArn ?? (facts.type === 'FederatedUser' ? facts.arn : null);
  if (id === null && name === null && startedAt === null && mfa === null) return null;
  return { id, name: name ?? (facts.type === 'FederatedUser' ? lastPart(facts.arn) : null), startedAt, mfa };
}

/** `AROA…:session` carries the session's name. */
function sessionNameOfId(principalId: string | null, isRole: boolean): string | null {
  const colon = isRole ? (principalId?.indexOf(':') ?? -1) : -1;
  return principalId === null || colon === -1 ? null : principalId.slice(colon + 1) || null;
}

function truth(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const text = value.toLowerCase();
  if (text === 'true' || text === 'yes') return true;
  return text === 'false' || text === 'no' ? false : null;
}

/** Whether MFA was used for a sign-in, which has no session yet. */
export function signInMfa(record: JsonObject): boolean | null {
  return truth(objectAt(record, 'additionalEventData')?.['MFAUsed']);
}

/** Roles that Identity Center makes for a permission set; the session bears the user's login. */
const permissionSetRole = ':role/aws-reserved/sso.amazonaws.com/';
const permissionSetName = 'AWSReservedSSO_';

function readActor(
  record: JsonObject,
  user: JsonObject,
  context: JsonObject | undefined,
  facts: Facts,
  subject: Principal,
  session: Session | null,
): Principal | null {
  const person =
    boundedText(context, 'sourceIdentity') ??
    (subject.name?.startsWith(permissionSetName) === true || subject.id?.includes(permissionSetRole) === true
      ? (session?.name ?? null)
      : null);
  if (person !== null) return { type: 'user', id: person, name: person, account: null };
  const userId = boundedText(objectAt(user, 'onBehalfOf'), 'userId');
  if (userId !== null && userId !== subject.id)
    return { type: 'user', id: userId, name: null, account: null };
  const switched = switchedFrom(record, subject);
  if (switched !== null) return switched;
  const issuer = facts.type === 'FederatedUser' ? facts.issuerArn : null;
  if (issuer !== null) return principalOfArn(issuer);
  return facts.invokedBy === null || subject.type === 'service' ? null : serviceSubject(facts.invokedBy);
}

/** Who switched to a role in the console: `SwitchRole` names the identity that it left. */
function switchedFrom(record: JsonObject, subject: Principal): Principal | null {
  if (record['eventName'] !== 'SwitchRole') return null;
  const arn = boundedText(objectAt(record, 'additionalEventData'), 'SwitchFrom');
  const principal = arn === null ? null : principalOfArn(arn);
  return principal === null || principal.id === subject.id ? null : principal;
}

/** The durable principal of an ARN: of a role's session its role. */
export function principalOfArn(text: string): Principal | null {
  const arn = parseArn(text);
  if (arn === null) return null;
  const account = arn.account === '' ? null : arn.account;
  const name = arn.resource === 'root' ? 'root' : lastPart(text);
  return roleOfArn(text) ?? { type: 'user', id: text, name, account };
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
function readCredential(user: JsonObject): Credential | null {
  const id = boundedText(user, 'accessKeyId');
  if (id !== null) return { id, type: id.startsWith('ASIA') ? 'temporary-access-key' : 'access-key' };
  const token = boundedText(user, 'credentialId');
  return token === null ? null : { id: token, type: 'token' };
}
