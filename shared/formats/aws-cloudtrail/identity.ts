import type { Credential, Principal, Session } from '../../domain/event.ts';
import type { RecordView } from '../../domain/event-part.ts';
import type { DateOrder } from '../../domain/format.ts';
import { objectAt, type JsonObject } from '../../domain/json.ts';
import { bounded, boundedText } from '../../util/record-fields.ts';
import { Facts, lastPart, principalOfArn, readSubject, serviceSubject } from './subject.ts';
import { readTime } from './time.ts';

/** Who asked, and who is behind it. */
export interface Who {
  readonly subject: Principal;
  readonly actor: Principal | null;
}

/**
 * Who asked. The subject is durable: for a role session the role, whose ARN with its path stands in
 * `sessionContext.sessionIssuer`. The actor is the human behind it where the record names one (source identity,
 * Identity Center user, the user who switched roles), else the service that acted with the subject's permissions.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function readWho(view: RecordView, switchFrom: Principal | null): Who {
  const facts = new Facts(view);
  const subject = readSubject(facts, view.members);
  return { subject, actor: readActor(facts, subject, switchFrom) };
}

/** A temporary identity: of a role, of a federated user, or a console or MFA session of a user. */
export function readSession(
  view: RecordView,
  subject: Principal,
  order: DateOrder | undefined,
): Session | null {
  const facts = new Facts(view);
  // Elastic puts the attributes one level higher.
  const attributes = facts.object('sessionContext', 'attributes') ?? facts.object('sessionContext');
  const startedAt = readTime(attributes?.['creationDate'], order);
  const mfa = truth(attributes?.['mfaAuthenticated']);
  const arn = sessionArn(facts, subject);
  const id = arn ?? (facts.type === 'FederatedUser' ? facts.arn : null);
  const name = sessionName(facts, subject, arn);
  return id === null && name === null && startedAt === null && mfa === null
    ? null
    : { id, name, startedAt, mfa };
}

function sessionArn(facts: Facts, subject: Principal): string | null {
  if (subject.type !== 'role') return null;
  const { arn } = facts;
  return arn?.includes(':assumed-role/') === true ? arn : null;
}

function sessionName(facts: Facts, subject: Principal, arn: string | null): string | null {
  const name = arn === null ? sessionNameOfId(facts, subject) : lastPart(arn);
  return name ?? (facts.type === 'FederatedUser' ? lastPart(facts.arn) : null);
}

/** `AROA…:session` carries the session's name. */
function sessionNameOfId(facts: Facts, subject: Principal): string | null {
  const id = subject.type === 'role' ? facts.principalId : null;
  const colon = id?.indexOf(':') ?? -1;
  return id === null || colon === -1 ? null : id.slice(colon + 1) || null;
}

function truth(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  const text = value.toLowerCase();
  if (text === 'true' || text === 'yes') return true;
  return text === 'false' || text === 'no' ? false : null;
}

/** Whether MFA was used for a sign-in, which has no session yet. */
export function signInMfa({ within }: RecordView): boolean | null {
  return truth(within('additionalEventData', 'MFAUsed'));
}

/** Roles that Identity Center makes for a permission set; the session bears the user's login. */
const permissionSetRole = ':role/aws-reserved/sso.amazonaws.com/';
const permissionSetName = 'AWSReservedSSO_';

function readActor(facts: Facts, subject: Principal, switchFrom: Principal | null): Principal | null {
  const person =
    facts.text('sessionContext', 'sourceIdentity') ??
    (subject.name?.startsWith(permissionSetName) === true || subject.id?.includes(permissionSetRole) === true
      ? sessionName(facts, subject, sessionArn(facts, subject))
      : null);
  if (person !== null) return { type: 'user', id: person, name: person, account: null };
  const userId = facts.onBehalfOf;
  if (userId !== null && userId !== subject.id)
    return { type: 'user', id: userId, name: null, account: null };
  if (switchFrom !== null && switchFrom.id !== subject.id) return switchFrom;
  const issuer = facts.type === 'FederatedUser' ? facts.issuerArn : null;
  if (issuer !== null) return principalOfArn(issuer);
  const service = subject.type === 'service' ? null : facts.invokedBy;
  return service === null ? null : serviceSubject(service);
}

/** Who switched to a role in the console: `SwitchRole` names the identity that it left. */
export function switchedFrom(record: JsonObject): Principal | null {
  if (record['eventName'] !== 'SwitchRole') return null;
  const arn = boundedText(objectAt(record, 'additionalEventData'), 'SwitchFrom');
  return arn === null ? null : principalOfArn(arn);
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
export function readCredential({ within }: RecordView): Credential | null {
  const id = bounded(within('userIdentity', 'accessKeyId'));
  if (id !== null) return { id, type: isTemporary(id) ? 'temporary-access-key' : 'access-key' };
  const token = bounded(within('userIdentity', 'credentialId'));
  return token === null ? null : { id: token, type: 'token' };
}

function isTemporary(key: string): boolean {
  return key.startsWith('ASIA');
}
