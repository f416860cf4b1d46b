import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { Reference } from '#shared/domain/response.ts';
import { type CallContext, type FoundTarget, ProviderError } from '../../provider.ts';
import type { EntraTenant } from './tenant.ts';

export const userFields =
  'id,userPrincipalName,displayName,mail,accountEnabled,userType,createdDateTime,onPremisesSyncEnabled,signInSessionsValidFromDateTime,lastPasswordChangeDateTime';
export const servicePrincipalFields =
  'id,appId,displayName,accountEnabled,servicePrincipalType,appOwnerOrganizationId,keyCredentials,passwordCredentials';

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function user(tenant: EntraTenant, id: string, call: CallContext): Promise<JsonObject | null> {
  return tenant.find(`/users/${encodeURIComponent(id)}?$select=${userFields}`, call);
}

export function servicePrincipal(
  tenant: EntraTenant,
  id: string,
  call: CallContext,
): Promise<JsonObject | null> {
  return tenant.find(`/servicePrincipals/${encodeURIComponent(id)}?$select=${servicePrincipalFields}`, call);
}

export function servicePrincipalOfApp(
  tenant: EntraTenant,
  appId: string,
  call: CallContext,
): Promise<JsonObject | null> {
  return tenant.find(`/servicePrincipals(appId='${appId}')?$select=${servicePrincipalFields}`, call);
}

/** Users by object id, user principal name or mail; service principals by object id, application id or display name. */
export async function findPrincipals(
  tenant: EntraTenant,
  { id, aliases }: Reference,
  call: CallContext,
): Promise<FoundTarget[]> {
  const found = new Map<string, FoundTarget>();
  const take = (target: FoundTarget): unknown => found.set(target.id, target);
  for (const name of new Set([id, ...aliases])) {
    if (name === '') continue;
    if (guid.test(name)) {
      const [person, byId, byApp] = await Promise.all([
        user(tenant, name, call),
        servicePrincipal(tenant, name, call),
        servicePrincipalOfApp(tenant, name, call),
      ]);
      if (person !== null) take(userTarget(person));
      for (const one of [byId, byApp]) if (one !== null) take(servicePrincipalTarget(one));
      continue;
    }
    // In OData a quote within a text is doubled.
    const text = `'${name.replaceAll("'", "''")}'`;
    const byName = encodeURIComponent(`userPrincipalName eq ${text} or mail eq ${text}`);
    for (const one of await tenant.list(`/users?$select=${userFields}&$filter=${byName}`, call)) {
      take(userTarget(one));
    }
    if (name.includes('@')) continue;
    const filter = encodeURIComponent(`displayName eq ${text}`);
    const path = `/servicePrincipals?$select=${servicePrincipalFields}&$filter=${filter}`;
    for (const one of await tenant.list(path, call)) take(servicePrincipalTarget(one));
  }
  return [...found.values()];
}

export function userTarget(object: JsonObject): FoundTarget {
  const id = idOf(object);
  return {
    kind: 'user',
    id,
    name: textAt(object, 'userPrincipalName') ?? id,
    parent: null,
    createdAt: textAt(object, 'createdDateTime'),
    managedBy: object['onPremisesSyncEnabled'] === true ? 'Active Directory (synchronised)' : null,
    attributes: {
      enabled: object['accountEnabled'] === true,
      userType: textAt(object, 'userType'),
      displayName: textAt(object, 'displayName'),
      mail: textAt(object, 'mail'),
    },
  };
}

export function servicePrincipalTarget(object: JsonObject): FoundTarget {
  const id = idOf(object);
  return {
    kind: 'service-principal',
    id,
    name: textAt(object, 'displayName') ?? id,
    parent: null,
    createdAt: null,
    managedBy: textAt(object, 'servicePrincipalType') === 'ManagedIdentity' ? 'an Azure resource' : null,
    attributes: {
      appId: textAt(object, 'appId'),
      type: textAt(object, 'servicePrincipalType'),
      ownerTenant: textAt(object, 'appOwnerOrganizationId'),
      enabled: object['accountEnabled'] === true,
    },
  };
}

/** Whether a person signs in at another tenant: Graph cannot revoke such sessions (user: revokeSignInSessions). */
export function isGuest({ attributes, name }: Pick<FoundTarget, 'attributes' | 'name'>): boolean {
  return attributes['userType'] === 'Guest' || name.includes('#EXT#');
}

export function idOf(object: JsonObject): string {
  const id = textAt(object, 'id');
  if (id === null) throw new ProviderError('protocol', 'Microsoft Graph answered an object without an id.');
  return id;
}
