import type { Principal, PrincipalType } from '../../domain/event.ts';
import type { RecordView } from '../../domain/event-part.ts';
import { isObject, type JsonObject } from '../../domain/json.ts';
import { bounded, boundedText } from '../../util/record-fields.ts';
import { parseArn } from './arn.ts';

/** Fields of `userIdentity` and its `sessionContext` that tell who asked. Each is looked at only where it counts. */
export class Facts {
  readonly #view: RecordView;

  constructor(view: RecordView) {
    this.#view = view;
  }

  get type(): string | null {
    return this.text('type');
  }

  get arn(): string | null {
    return this.text('arn');
  }

  get principalId(): string | null {
    return this.text('principalId');
  }

  get accountId(): string | null {
    return accountText(this.#view.within('userIdentity', 'accountId')) ?? accountOfArn(this.arn);
  }

  get userName(): string | null {
    return this.text('userName');
  }

  get invokedBy(): string | null {
    return this.text('invokedBy');
  }

  /** Whom the caller acts for: a user of Identity Center. */
  get onBehalfOf(): string | null {
    return this.text('onBehalfOf', 'userId');
  }

  get issuer(): JsonObject | undefined {
    return this.object('sessionContext', 'sessionIssuer');
  }

  get issuerArn(): string | null {
    return boundedText(this.issuer, 'arn');
  }

  text(key: string, innerKey?: string): string | null {
    return bounded(this.#view.within('userIdentity', key, innerKey));
  }

  object(key: string, innerKey?: string): JsonObject | undefined {
    const found = this.#view.within('userIdentity', key, innerKey);
    return isObject(found) ? found : undefined;
  }
}

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
export function readSubject(facts: Facts, record: JsonObject): Principal {
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
      return identityCenterSubject(facts);
    case 'Directory':
      return named('user', facts.principalId ?? facts.arn, facts.userName, facts);
    case 'Unknown':
      return unknownSubject(facts, record);
    case null:
      return untypedSubject(facts, record);
    default:
      return named('unknown', facts.arn ?? facts.principalId, facts.userName, facts);
  }
}

function named(type: PrincipalType, id: string | null, name: string | null, facts: Facts): Principal {
  return { type, id, name, account: facts.accountId };
}

/** A role: its own ARN where the record gives it, else that of its session, which lacks the role's path. */
function roleSubject(facts: Facts): Principal {
  const { issuer } = facts;
  const issuerArn = boundedText(issuer, 'arn');
  const account = accountText(issuer?.['accountId']) ?? facts.accountId;
  if (issuerArn !== null && issuerArn.includes(':role/')) {
    const name = boundedText(issuer, 'userName') ?? lastPart(issuerArn);
    return { type: 'role', id: issuerArn, name, account };
  }
  const { arn } = facts;
  const role = arn === null ? null : roleOfArn(arn);
  if (role !== null) return { ...role, account: role.account ?? account };
  const id = boundedText(issuer, 'principalId') ?? uniqueId(facts.principalId) ?? arn;
  return { type: 'role', id, name: boundedText(issuer, 'userName') ?? facts.userName, account };
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

function identityCenterSubject(facts: Facts): Principal {
  return named('user', facts.onBehalfOf ?? facts.principalId, facts.userName, facts);
}

/** Identity Center wrote its users as `Unknown` until 2025. */
const identityCenterSources = /^(?:sso|sso-directory|sso-oauth|signin|identitystore)\./;

function unknownSubject(facts: Facts, record: JsonObject): Principal {
  const source = boundedText(record, 'eventSource') ?? '';
  const id = facts.onBehalfOf ?? facts.arn ?? facts.principalId;
  const isUser = identityCenterSources.test(source) && (id !== null || facts.userName !== null);
  return named(isUser ? 'user' : 'unknown', id, facts.userName, facts);
}

/** Some service events carry no type at all; some exports drop it and keep the ARN. */
function untypedSubject(facts: Facts, record: JsonObject): Principal {
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
  return unknownSubject(facts, record);
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
