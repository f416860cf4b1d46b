import type { Entity } from '../../../domain/evaluation-request.ts';
import { type JsonObject, textAt } from '../../../domain/json.ts';
import { readTags } from './tags.ts';
import { isAccountId, parseArn } from '../match/arn.ts';

export type SubjectKind =
  | 'user'
  | 'role'
  | 'role-session'
  | 'federated-user'
  | 'root'
  | 'service'
  | 'federated'
  | 'anonymous';

/** Who asks, read from the ARN or name of a request's subject. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
  /** Null for services, identity providers and anonymous callers. */
  readonly account: string | null;
  readonly partition: string;
  /** Friendly name of a user or role, without its path. */
  readonly name: string | null;
  /** ARN of the user or role whose policies count. Null where it is not known (a session's ARN drops the role's path). */
  readonly entityArn: string | null;
  /** Name of a role session or federated user. */
  readonly session: string | null;
  /** Whose policies bind a federated user: the user who asked for the session, where that is known. */
  readonly issuer: string | null;
  /** Unique identifier (`AIDA…`, `AROA…`), where it is known. */
  readonly uniqueId: string | null;
  readonly canonicalId: string | null;
  /** Tags of principal or session that the request tells, by key in lower case. */
  readonly tags: ReadonlyMap<string, string> | null;
  /** Roles of services are bound by no organization policy. */
  readonly serviceLinked: boolean;
}

const none = {
  account: null,
  partition: 'aws',
  name: null,
  entityArn: null,
  session: null,
  issuer: null,
  uniqueId: null,
  canonicalId: null,
  tags: null,
  serviceLinked: false,
} as const;

const serviceName = /^[a-z0-9][a-z0-9.-]*\.amazonaws\.com(?:\.cn)?$/i;

/** Reads a subject; null where the text is no principal of AWS. */
export function readSubject(entity: Entity): Subject | null {
  const id = entity.id.trim();
  const properties = entity.properties;
  const base = {
    ...none,
    id,
    uniqueId: textAt(properties, 'uniqueId') ?? textAt(properties, 'principalId'),
    canonicalId: textAt(properties, 'canonicalUser'),
    tags: readTags(properties?.['tags']),
  };
  const type = entity.type.toLowerCase();
  if (id === '*' || id === '' || type === 'anonymous' || id.toLowerCase() === 'anonymous') {
    return { ...base, kind: 'anonymous' };
  }
  if (isAccountId(id)) {
    return { ...base, kind: 'root', account: id, entityArn: `arn:aws:iam::${id}:root` };
  }
  const arn = parseArn(id);
  if (arn === null) {
    // Cognito is an identity provider although its name is that of a service.
    const provider =
      /federated|web-?identity|saml|oidc/.test(type) || id === 'cognito-identity.amazonaws.com';
    if (provider) return { ...base, kind: 'federated' };
    if (serviceName.test(id)) return { ...base, kind: 'service' };
    return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/\S*)?$/i.test(id) ? { ...base, kind: 'federated' } : null;
  }
  if (!isAccountId(arn.account) || (arn.service !== 'iam' && arn.service !== 'sts')) return null;
  const owned = { ...base, account: arn.account, partition: arn.partition };
  const [kind = '', ...rest] = arn.resource.split('/');
  const last = rest[rest.length - 1] ?? '';
  if (arn.service === 'iam') {
    if (arn.resource === 'root') return { ...owned, kind: 'root', entityArn: id };
    if (kind === 'user' && last !== '') return { ...owned, kind: 'user', name: last, entityArn: id };
    if (kind === 'saml-provider' || kind === 'oidc-provider') return { ...base, kind: 'federated' };
    if (kind !== 'role' || last === '') return null;
    const serviceLinked = rest[0] === 'aws-service-role';
    const session = textAt(properties, 'sessionName');
    return { ...owned, kind: 'role', name: last, entityArn: id, serviceLinked, session };
  }
  if (kind === 'assumed-role' && rest.length === 2) {
    const [name = ''] = rest;
    const given = textAt(properties, 'roleArn');
    return {
      ...owned,
      kind: 'role-session',
      name,
      session: last,
      entityArn: given,
      serviceLinked: given?.includes(':role/aws-service-role/') ?? name.startsWith('AWSServiceRoleFor'),
    };
  }
  if (kind === 'federated-user' && last !== '') {
    const issuer = textAt(properties, 'issuer') ?? textAt(properties, 'federatedBy');
    return { ...owned, kind: 'federated-user', session: rest.join('/'), issuer, entityArn: issuer };
  }
  return null;
}

/** ARN of the role of a session whose path is not known: that of a role without a path. */
export function plainRoleArn(subject: Subject): string {
  return subject.entityArn ?? `arn:${subject.partition}:iam::${subject.account}:role/${subject.name}`;
}

/**
 * The subject with what the condition keys of its request tell besides: the role whose path the ARN of a session
 * drops, and the unique identifier.
 */
export function withTold(subject: Subject, context: JsonObject | undefined): Subject {
  if (context === undefined || subject.account === null) return subject;
  const arn = textAt(context, 'aws:PrincipalArn');
  const id = textAt(context, 'aws:userid');
  const namesRole =
    subject.kind === 'role-session' &&
    subject.entityArn === null &&
    arn?.startsWith(`arn:${subject.partition}:iam::${subject.account}:role/`) === true &&
    arn.endsWith(`/${subject.name}`);
  const namesId = id !== null && subject.uniqueId === null && /^A(?:IDA|ROA)/.test(id);
  if (!namesRole && !namesId) return subject;
  return {
    ...subject,
    entityArn: namesRole ? arn : subject.entityArn,
    uniqueId: namesId ? (id.split(':')[0] ?? null) : subject.uniqueId,
  };
}
