import type { Credential, Principal, Session } from '../../domain/event.ts';
import type { RecordView } from '../../domain/event-part.ts';
import type { DateOrder } from '../../domain/format.ts';
import { objectAt, type JsonObject } from '../../domain/json.ts';
import { boundedText } from '../../util/record-fields.ts';
import {
  type Facts,
  lastPart,
  nobody,
  principalOfArn,
  readFacts,
  readSubject,
  serviceSubject,
} from './subject.ts';
import { readTime } from './time.ts';

/** Who asked, who is behind it, and with what. */
export interface Identity {
  readonly subject: Principal;
  readonly actor: Principal | null;
  readonly session: Session | null;
  readonly credential: Credential | null;
}

/**
 * Identity of a record. The subject is durable: for a role session the role, whose ARN with its path stands in
 * `sessionContext.sessionIssuer`. The actor is the human behind it where the record names one (source identity,
 * Identity Center user, the user who switched roles), else the service that acted with the subject's permissions.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function readIdentity(
  record: JsonObject,
  user: JsonObject | undefined,
  switchFrom: Principal | null,
  order?: DateOrder,
): Identity {
  if (user === undefined) {
    return { subject: nobody, actor: switchFrom, session: null, credential: null };
  }
  const context = objectAt(user, 'sessionContext');
  const facts = readFacts(user, context);
  const subject = readSubject(facts, user, record);
  const session = readSession(facts, context, subject, order);
  return {
    subject,
    actor: readActor(user, context, facts, subject, session, switchFrom),
    session,
    credential: readCredential(user),
  };
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
export function signInMfa({ within }: RecordView): boolean | null {
  return truth(within('additionalEventData', 'MFAUsed'));
}

/** Roles that Identity Center makes for a permission set; the session bears the user's login. */
const permissionSetRole = ':role/aws-reserved/sso.amazonaws.com/';
const permissionSetName = 'AWSReservedSSO_';

function readActor(
  user: JsonObject,
  context: JsonObject | undefined,
  facts: Facts,
  subject: Principal,
  session: Session | null,
  switchFrom: Principal | null,
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
  if (switchFrom !== null && switchFrom.id !== subject.id) return switchFrom;
  const issuer = facts.type === 'FederatedUser' ? facts.issuerArn : null;
  if (issuer !== null) return principalOfArn(issuer);
  return facts.invokedBy === null || subject.type === 'service' ? null : serviceSubject(facts.invokedBy);
}

/** Who switched to a role in the console: `SwitchRole` names the identity that it left. */
export function switchedFrom(record: JsonObject): Principal | null {
  if (record['eventName'] !== 'SwitchRole') return null;
  const arn = boundedText(objectAt(record, 'additionalEventData'), 'SwitchFrom');
  return arn === null ? null : principalOfArn(arn);
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
function readCredential(user: JsonObject): Credential | null {
  const id = boundedText(user, 'accessKeyId');
  if (id !== null) return { id, type: id.startsWith('ASIA') ? 'temporary-access-key' : 'access-key' };
  const token = boundedText(user, 'credentialId');
  return token === null ? null : { id: token, type: 'token' };
}
