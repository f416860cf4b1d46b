import {
  type AccessKeyMetadata,
  GetRoleCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListRolesCommand,
  ListUsersCommand,
  type Role,
  type User,
} from '@aws-sdk/client-iam';
import type { Reference, Target } from '#shared/domain/response.ts';
import type { CallContext, FoundTarget } from '../../provider.ts';
import { type AwsClients, isAbsent, readError } from './clients.ts';

/** IAM's names of a reference: the last part of an ARN, a role session's role, or the name itself. */
export function namesOf({
  id,
  aliases,
}: Reference): { readonly kind: 'user' | 'role' | null; readonly name: string }[] {
  return [...new Set([id, ...aliases])].map((text) => {
    const session = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\//.exec(text);
    if (session?.[1] !== undefined) return { kind: 'role', name: session[1] };
    const match = /^arn:[^:]+:iam::\d+:(user|role)\/(?:.+\/)?([^/]+)$/.exec(text);
    if (match?.[2] !== undefined) return { kind: match[1] === 'role' ? 'role' : 'user', name: match[2] };
    return { kind: null, name: text };
  });
}

/** IAM user and role names: letters, digits and _+=,.@- (IAM API Reference). */
export function isName(name: string): boolean {
  return /^[\w+=,.@-]{1,128}$/.test(name);
}

export async function getUser(
  { iam }: AwsClients,
  name: string,
  { signal }: CallContext,
): Promise<User | null> {
  try {
    return (await iam.send(new GetUserCommand({ UserName: name }), { abortSignal: signal })).User ?? null;
  } catch (thrown) {
    if (isAbsent(thrown)) return null;
    throw readError(thrown);
  }
}

export async function getRole(
  { iam }: AwsClients,
  name: string,
  { signal }: CallContext,
): Promise<Role | null> {
  try {
    return (await iam.send(new GetRoleCommand({ RoleName: name }), { abortSignal: signal })).Role ?? null;
  } catch (thrown) {
    if (isAbsent(thrown)) return null;
    throw readError(thrown);
  }
}

export async function accessKeys(
  { iam }: AwsClients,
  user: string,
  { signal }: CallContext,
): Promise<AccessKeyMetadata[]> {
  const found: AccessKeyMetadata[] = [];
  try {
    for (let marker: string | undefined; ; ) {
      const page = await iam.send(
        new ListAccessKeysCommand({ UserName: user, ...(marker === undefined ? {} : { Marker: marker }) }),
        { abortSignal: signal },
      );
      found.push(...(page.AccessKeyMetadata ?? []));
      if (page.IsTruncated !== true || page.Marker === undefined) return found;
      marker = page.Marker;
    }
  } catch (thrown) {
    if (isAbsent(thrown)) return [];
    throw readError(thrown);
  }
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** What was made since, of a list in pages. */
async function createdSince<T extends { readonly CreateDate?: Date | undefined }>(
  since: number,
  ask: (marker: { readonly Marker?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const found: T[] = [];
  try {
    for (let next: string | undefined; ; ) {
      const page = await ask(next === undefined ? {} : { Marker: next });
      found.push(
        ...page.items.filter(({ CreateDate: date }) => date !== undefined && date.getTime() >= since),
      );
      if (page.next === undefined) return found;
      next = page.next;
    }
  } catch (thrown) {
    throw readError(thrown);
  }
}

export function usersCreatedSince(
  { iam }: AwsClients,
  since: number,
  { signal }: CallContext,
): Promise<User[]> {
  return createdSince(since, async (marker) => {
    const page = await iam.send(new ListUsersCommand(marker), { abortSignal: signal });
    return { items: page.Users ?? [], next: page.IsTruncated === true ? page.Marker : undefined };
  });
}

export function rolesCreatedSince(
  { iam }: AwsClients,
  since: number,
  { signal }: CallContext,
): Promise<Role[]> {
  return createdSince(since, async (marker) => {
    const page = await iam.send(new ListRolesCommand(marker), { abortSignal: signal });
    return { items: page.Roles ?? [], next: page.IsTruncated === true ? page.Marker : undefined };
  });
}

/** Whether the principal under the target's name is still the one that was found: names are given again. */
export async function isSame(
  clients: AwsClients,
  { kind, id, name }: Target,
  call: CallContext,
): Promise<boolean> {
  if (kind === 'role') return (await getRole(clients, name, call))?.RoleId === id;
  return (await getUser(clients, name, call))?.UserId === id;
}

export function userTarget(user: User): FoundTarget {
  return {
    kind: 'user',
    id: user.UserId ?? '',
    name: user.UserName ?? '',
    parent: null,
    createdAt: user.CreateDate?.toISOString() ?? null,
    managedBy: null,
    attributes: { arn: user.Arn ?? null, passwordLastUsed: user.PasswordLastUsed?.toISOString() ?? null },
  };
}

/** Roles of services and of Identity Center cannot be edited in IAM (IAM User Guide). */
export function roleTarget(role: Role): FoundTarget {
  const name = role.RoleName ?? '';
  const path = role.Path ?? '/';
  const owner = path.startsWith('/aws-service-role/')
    ? 'an AWS service'
    : name.startsWith('AWSReservedSSO_')
      ? 'IAM Identity Center'
      : null;
  return {
    kind: 'role',
    id: role.RoleId ?? '',
    name,
    parent: null,
    createdAt: role.CreateDate?.toISOString() ?? null,
    managedBy: owner,
    attributes: { arn: role.Arn ?? null, lastUsed: role.RoleLastUsed?.LastUsedDate?.toISOString() ?? null },
  };
}

export function keyTarget(key: AccessKeyMetadata, user: Pick<Target, 'id'>): FoundTarget {
  return {
    kind: 'access-key',
    id: key.AccessKeyId ?? '',
    name: key.AccessKeyId ?? '',
    parent: user.id,
    createdAt: key.CreateDate?.toISOString() ?? null,
    managedBy: null,
    attributes: { user: key.UserName ?? null, status: key.Status ?? null },
  };
}
