import type { Derive } from './context.ts';
import { plainRoleArn, type Subject, type SubjectKind } from './subject.ts';

/** An account's place in an organization. */
export interface OrganizationPlace {
  readonly id: string;
  /** `o-…/r-…/ou-…/`, with its trailing slash. */
  readonly path: string;
}

/** What a bundle knows of the two sides of a request. */
export interface Facts {
  readonly subject: Subject;
  /** Tags of the principal by key in lower case; null where they are not known. */
  readonly principalTags: ReadonlyMap<string, string> | null;
  readonly principalPlace: OrganizationPlace | null;
  /** Null where it is not known. */
  readonly resourceAccount: string | null;
  readonly resourcePlace: OrganizationPlace | null;
  readonly resourceTags: ReadonlyMap<string, string> | null;
}

const principalTypes: Readonly<Partial<Record<SubjectKind, string>>> = {
  user: 'User',
  role: 'AssumedRole',
  'role-session': 'AssumedRole',
  'federated-user': 'FederatedUser',
  root: 'Account',
  anonymous: 'Anonymous',
};

/**
 * Global condition keys that follow from who asks for what (IAM User Guide, "AWS global condition context keys", and
 * the table of principal key values in "Variables and tags").
 */
export function deriveFrom(facts: Facts): Derive {
  const { subject } = facts;
  return (key) => {
    switch (key) {
      case 'aws:principalarn':
        return textOrAbsent(principalArn(subject), subject);
      case 'aws:principalaccount':
        return textOrAbsent(subject.account, subject);
      case 'kms:calleraccount':
        return some(subject.account);
      case 'aws:principaltype':
        return some(principalTypes[subject.kind]);
      case 'aws:userid':
        return some(userId(subject));
      case 'aws:username':
        return subject.kind === 'user' ? some(subject.name) : null;
      case 'aws:principalisawsservice':
        return subject.kind === 'anonymous' ? null : [String(subject.kind === 'service')];
      case 'aws:principalservicename':
      case 'aws:principalservicenameslist':
        return subject.kind === 'service' ? [subject.id] : null;
      case 'aws:principalorgid':
        return some(facts.principalPlace?.id);
      case 'aws:principalorgpaths':
        return some(facts.principalPlace?.path);
      case 'aws:resourceaccount':
      case 's3:resourceaccount':
        return some(facts.resourceAccount);
      case 'aws:resourceorgid':
        return some(facts.resourcePlace?.id);
      case 'aws:resourceorgpaths':
        return some(facts.resourcePlace?.path);
      default:
        return tagOf(key, facts);
    }
  };
}

/** The tags that a request states beside its context, as condition keys: nothing else is taken to follow. */
export function stateFrom(facts: Facts): Derive {
  return (key) => tagOf(key, facts);
}

function some(value: string | null | undefined): readonly string[] | undefined {
  return value === null || value === undefined ? undefined : [value];
}

/** Requests that nobody signed have no principal to speak of. */
function textOrAbsent(value: string | null, subject: Subject): readonly string[] | null | undefined {
  return value === null && subject.kind === 'anonymous' ? null : some(value);
}

function principalArn(subject: Subject): string | null {
  switch (subject.kind) {
    case 'user':
    case 'root':
      return subject.entityArn;
    case 'role':
    case 'role-session':
      return plainRoleArn(subject);
    case 'federated-user':
      return subject.id;
    case 'service':
    case 'federated':
    case 'anonymous':
    default:
      return null;
  }
}

function userId(subject: Subject): string | null {
  switch (subject.kind) {
    case 'root':
      return subject.account;
    case 'user':
      return subject.uniqueId;
    case 'role':
    case 'role-session':
      return subject.uniqueId === null || subject.session === null
        ? null
        : `${subject.uniqueId}:${subject.session}`;
    case 'federated-user':
      return `${subject.account}:${subject.session}`;
    case 'anonymous':
      return 'anonymous';
    case 'service':
    case 'federated':
    default:
      return null;
  }
}

function tagOf(key: string, facts: Facts): readonly string[] | null | undefined {
  if (key.startsWith('aws:principaltag/')) {
    const name = key.slice('aws:principaltag/'.length);
    const value = facts.subject.tags?.get(name) ?? facts.principalTags?.get(name);
    if (value !== undefined) return [value];
    // A session may bring tags of its own; a user has none but the user's.
    return facts.principalTags !== null && facts.subject.kind === 'user' ? null : undefined;
  }
  const isResourceTag = key.startsWith('aws:resourcetag/') || key.startsWith('iam:resourcetag/');
  if (!isResourceTag || facts.resourceTags === null) return undefined;
  return some(facts.resourceTags.get(key.slice(key.indexOf('/') + 1))) ?? null;
}
