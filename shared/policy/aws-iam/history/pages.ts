import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { BundleSource } from '../../../domain/policy-system.ts';
import { isAuthorizationDetails } from '../bundle/authorization-details.ts';
import { isOrganization } from '../bundle/organization.ts';
import { isPolicySet } from '../bundle/policy-set.ts';
import { isAccountId, parseArn } from '../match/arn.ts';
import { readTags } from '../request/tags.ts';
import { canonical } from './canonical.ts';
import { organizationElements } from './organization-tree.ts';
import {
  attachedName,
  boundaryName,
  defaultName,
  idName,
  inlineName,
  memberName,
  type OwnerKind,
  ownerName,
  parseName,
  policyName,
  resourceName,
  resourcesName,
  tagsName,
  trustName,
  versionName,
} from './names.ts';

/** Where each kind of owner stands in account authorization details. */
export const lists = {
  user: { list: 'UserDetailList', name: 'UserName', id: 'UserId', inline: 'UserPolicyList' },
  role: { list: 'RoleDetailList', name: 'RoleName', id: 'RoleId', inline: 'RolePolicyList' },
  group: { list: 'GroupDetailList', name: 'GroupName', id: 'GroupId', inline: 'GroupPolicyList' },
} as const satisfies Record<OwnerKind, Record<string, string>>;

/** A file of a bundle, parsed. */
export interface ParsedFile {
  readonly path: string;
  readonly content: Json;
}

export function parseFiles(source: BundleSource): ParsedFile[] {
  if (source.kind === 'inline') return [{ path: 'authorization-details.json', content: source.document }];
  return source.files.flatMap(({ path, text }) => {
    if (text === null || !path.toLowerCase().endsWith('.json')) return [];
    try {
      return [{ path, content: JSON.parse(text) as Json }];
    } catch {
      return [];
    }
  });
}

/** The pages of account authorization details in a file. */
export function pagesOf({ content }: ParsedFile): JsonObject[] {
  const pages = Array.isArray(content) ? (content as readonly Json[]) : [content];
  return pages.filter(isAuthorizationDetails);
}

/** The account whose resource policies a file holds, null where it may be several; undefined where it is no such file. */
export function resourcePolicyAccount(path: string): string | null | undefined {
  const parts = path.split('/');
  if (parts.at(-1) !== 'resource-policies.json') return undefined;
  const id = parts[parts.lastIndexOf('accounts') + 1];
  return parts.includes('accounts') && id !== undefined && isAccountId(id) ? id : null;
}

/** The account and name that an owner's ARN tells. */
export function ownerOfArn(kind: OwnerKind, item: JsonObject): { account: string; name: string } | null {
  const parsed = parseArn(textAt(item, 'Arn') ?? '');
  if (parsed === null) return null;
  const name = textAt(item, lists[kind].name) ?? parsed.resource.slice(parsed.resource.lastIndexOf('/') + 1);
  return { account: parsed.account, name };
}

/** The elements of account authorization details; null for a policy set. */
export function elementsOf(source: BundleSource): ReadonlyMap<string, Json> | null {
  const files = parseFiles(source);
  if (files.some(({ content }) => isPolicySet(content))) return null;
  const elements = new Map<string, Json>();
  for (const file of files) for (const page of pagesOf(file)) addPage(page, elements);
  const tree = organizationIn(files);
  if (tree !== null) organizationElements(tree.content, elements);
  const only = onlyAccount(elements.keys());
  for (const { path, content } of files) {
    const account = resourcePolicyAccount(path);
    if (account === undefined || !isObject(content)) continue;
    if (account !== null) elements.set(resourcesName(account), true);
    for (const [arn, policy] of Object.entries(content)) {
      const owner = account ?? ownerOfResource(arn, only);
      if (owner === null) continue;
      const inner = isObject(policy) && isObject(policy['policy']) ? policy['policy'] : policy;
      elements.set(resourcesName(owner), true);
      elements.set(resourceName(owner, arn), canonical(inner ?? null));
    }
  }
  return elements;
}

/** The organization of a bundle: the first that there is. */
export function organizationIn<File extends ParsedFile>(
  files: readonly File[],
): (File & { readonly content: JsonObject }) | null {
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const isTree = (file: File): file is File & { readonly content: JsonObject } =>
    isOrganization(file.content);
  return sorted.find(isTree) ?? null;
}

/** The account that a resource's ARN tells, or else the only one that there is. */
function ownerOfResource(arn: string, only: string | null): string | null {
  const account = parseArn(arn)?.account ?? '';
  return account === '' ? only : account;
}

function onlyAccount(elements: Iterable<string>): string | null {
  const accounts = new Set<string>();
  for (const element of elements) {
    const { owner } = parseName(element);
    if (owner !== null) accounts.add(owner.account);
  }
  const [first, ...others] = accounts;
  return first === undefined || others.length > 0 ? null : first;
}

function addPage(page: JsonObject, elements: Map<string, Json>): void {
  for (const kind of ['user', 'role', 'group'] as const) {
    for (const item of arrayAt(page, lists[kind].list)) if (isObject(item)) addOwner(kind, item, elements);
  }
  for (const item of arrayAt(page, 'Policies')) {
    const arn = isObject(item) ? textAt(item, 'Arn') : null;
    if (!isObject(item) || arn === null) continue;
    elements.set(policyName(arn), true);
    for (const version of arrayAt(item, 'PolicyVersionList')) {
      const id = isObject(version) ? textAt(version, 'VersionId') : null;
      if (!isObject(version) || id === null) continue;
      elements.set(versionName(arn, id), canonical(version['Document'] ?? null));
      const isDefault = version['IsDefaultVersion'];
      if (isDefault === true || isDefault === 'true') elements.set(defaultName(arn), id);
    }
    const chosen = textAt(item, 'DefaultVersionId');
    if (chosen !== null && !elements.has(defaultName(arn))) elements.set(defaultName(arn), chosen);
  }
}

function addOwner(kind: OwnerKind, item: JsonObject, elements: Map<string, Json>): void {
  const found = ownerOfArn(kind, item);
  if (found === null) return;
  const owner = ownerName(kind, found.account, found.name);
  elements.set(owner, { arn: textAt(item, 'Arn') });
  const id = textAt(item, lists[kind].id);
  if (id !== null) elements.set(idName(owner), id);
  for (const inline of arrayAt(item, lists[kind].inline)) {
    const name = isObject(inline) ? textAt(inline, 'PolicyName') : null;
    if (isObject(inline) && name !== null) {
      elements.set(inlineName(owner, name), canonical(inline['PolicyDocument'] ?? null));
    }
  }
  for (const attached of arrayAt(item, 'AttachedManagedPolicies')) {
    const arn = isObject(attached) ? textAt(attached, 'PolicyArn') : null;
    if (arn !== null) elements.set(attachedName(owner, arn), true);
  }
  for (const group of arrayAt(item, 'GroupList')) {
    if (typeof group === 'string') {
      elements.set(memberName(owner, ownerName('group', found.account, group)), true);
    }
  }
  const boundary = textAt(objectAt(item, 'PermissionsBoundary'), 'PermissionsBoundaryArn');
  if (boundary !== null) elements.set(boundaryName(owner), boundary);
  const trust = item['AssumeRolePolicyDocument'];
  if (kind === 'role' && trust !== undefined) elements.set(trustName(owner), canonical(trust));
  const tags = readTags(item['Tags']);
  if (tags !== null && tags.size > 0) elements.set(tagsName(owner), Object.fromEntries(tags));
}
