/** Names of the elements that IAM's calls change. No part of them can hold a blank. */

export type OwnerKind = 'user' | 'role' | 'group';

/** Users, roles and groups by name, which is unique in an account whatever the case of its letters. */
export function ownerName(kind: OwnerKind, account: string, name: string): string {
  return `${kind} ${account} ${name}`;
}

export const inlineName = (owner: string, policy: string): string => `inline ${owner} ${policy}`;
export const attachedName = (owner: string, arn: string): string => `attached ${owner} policy ${arn}`;
export const memberName = (user: string, group: string): string => `member ${user} ${group}`;
export const boundaryName = (owner: string): string => `boundary ${owner}`;
export const trustName = (role: string): string => `trust ${role}`;
export const idName = (owner: string): string => `id ${owner}`;
export const tagsName = (owner: string): string => `tags ${owner}`;
export const policyName = (arn: string): string => `policy ${arn}`;
export const defaultName = (arn: string): string => `default policy ${arn}`;
export const versionName = (arn: string, version: string): string => `version policy ${arn} ${version}`;
export const resourceName = (account: string, arn: string): string => `resource ${account} ${arn}`;
/** A bundle tells the policies of an account's resources, though there may be none. */
export const resourcesName = (account: string): string => `resources ${account}`;

export type OrganizationKind = 'scp' | 'rcp';

/** A bundle tells of an organization. */
export const organizationMark = 'organization';
export const organizationDocument = (kind: OrganizationKind, name: string): string =>
  `organization-document ${kind} ${encodeURIComponent(name)}`;
/** The unit that an account lies in, by its id. */
export const organizationPlace = (account: string): string => `organization-place ${account}`;

// What follows is known from the log alone: bundles have no ids of policies.
export const organizationAttached = (target: string, policy: string): string =>
  `organization-attached ${target} ${policy}`;
export const organizationId = (policy: string): string => `organization-id ${policy}`;
export const organizationType = (kind: OrganizationKind): string => `organization-type ${kind}`;
/** A policy has this name since an update, whatever it was called before. */
export const organizationUpdated = (kind: OrganizationKind, policy: string, name: string): string =>
  `organization-updated ${kind} ${policy} ${encodeURIComponent(name)}`;
/** A policy was made, so that no bundle of before has it. */
export const organizationMade = (policy: string): string => `organization-made ${policy}`;

/** A unit was made below another. */
export const organizationUnit = (unit: string): string => `organization-unit ${unit}`;

/** The words of an element's name. */
export interface ElementName {
  readonly facet: string;
  /** The user, role or group that it belongs to. */
  readonly owner: { readonly kind: OwnerKind; readonly account: string; readonly name: string } | null;
  readonly rest: readonly string[];
}

export function parseName(element: string): ElementName {
  const [first = '', ...words] = element.split(' ');
  if (isOwnerKind(first)) return { facet: 'owner', owner: ownerOf(first, words), rest: [] };
  const [kind = '', ...more] = words;
  if (!isOwnerKind(kind)) return { facet: first, owner: null, rest: words };
  return { facet: first, owner: ownerOf(kind, more), rest: more.slice(2) };
}

function isOwnerKind(word: string): word is OwnerKind {
  return word === 'user' || word === 'role' || word === 'group';
}

function ownerOf(kind: OwnerKind, [account = '', name = '']: readonly string[]): ElementName['owner'] {
  return { kind, account, name };
}
