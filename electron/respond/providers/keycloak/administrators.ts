import { textAt } from '#shared/domain/json.ts';
import type { CallContext } from '../../provider.ts';
import { type KeycloakRealm, part } from './realm.ts';

/**
 * Enabled users who may administer the realm: with `realm-admin` of its own management client, in `master` with the
 * role `admin`; directly or by a group. Administrators of other realms are not seen from here.
 */
export async function realmAdministrators(realm: KeycloakRealm, call: CallContext): Promise<string[]> {
  const found = new Set<string>();
  for (const role of await adminRoles(realm, call)) {
    const members = [await realm.pages(`${role}/users`, call)];
    for (const group of await realm.pages(`${role}/groups`, call)) {
      members.push(await realm.pages(`/groups/${part(textAt(group, 'id') ?? '')}/members`, call));
    }
    for (const user of members.flat()) {
      if (user['enabled'] === true) found.add(textAt(user, 'id') ?? '');
    }
  }
  return [...found];
}

async function adminRoles(realm: KeycloakRealm, call: CallContext): Promise<string[]> {
  if (realm.name === 'master') return ['/roles/admin'];
  const [management] = await realm.list('/clients?clientId=realm-management', call);
  return management === undefined
    ? []
    : [`/clients/${part(textAt(management, 'id') ?? '')}/roles/realm-admin`];
}
