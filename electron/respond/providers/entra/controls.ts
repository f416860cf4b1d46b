import { textAt } from '#shared/domain/json.ts';
import type { MissingControl, Target } from '#shared/domain/response.ts';
import type { CallContext } from '../../provider.ts';
import { throughGroups } from './grants.ts';
import { isGuest } from './principals.ts';
import type { EntraTenant } from './tenant.ts';

/** What stands in the way of taking a user’s access away here. */
export function userControls(target: Target): MissingControl[] {
  const missing: MissingControl[] = [];
  if (target.managedBy !== null) {
    missing.push({
      control: `${target.name} is synchronised from Active Directory`,
      consequence:
        'Entra ID does not let the account be disabled or given a password: only its sessions end here.',
      advice:
        'Configure the directory as a provider, disable the account there, and set its password twice; this provider is then sourced from it.',
    });
  }
  if (isGuest(target)) {
    missing.push({
      control: `${target.name} signs in at another tenant`,
      consequence: 'Its sessions cannot be revoked here, and its home account goes on.',
      advice: 'Block the guest here, and have the home tenant revoke its sessions.',
    });
  }
  return missing;
}

/** Assignments that come by groups are not the user’s own to remove. */
export async function groupControls(
  tenant: EntraTenant,
  owner: { readonly collection: string; readonly id: string },
  call: CallContext,
): Promise<MissingControl[]> {
  const names = await throughGroups(tenant, owner, call);
  if (names.length === 0) return [];
  return [
    {
      control: `Access through groups: ${names.join(', ')}`,
      consequence: 'Removing assignments one by one leaves these.',
      advice: 'Take the user out of the groups, or rely on blocked sign-in.',
    },
  ];
}

/** An owner of an application gives it secrets and acts as it: disabling the person leaves those. */
export async function ownerControls(
  tenant: EntraTenant,
  { id, name }: Target,
  call: CallContext,
): Promise<MissingControl[]> {
  const owned = await tenant.listOf('application', `/users/${encodeURIComponent(id)}/ownedObjects`, call);
  if (owned.length === 0) return [];
  return [
    {
      control: `${name} owns applications: ${owned.map((one) => textAt(one, 'displayName') ?? '').join(', ')}`,
      consequence: 'Secrets that an owner gave to an application go on working without the owner.',
      advice:
        'Look at the applications’ secrets, certificates and federated credentials, and plan for them too.',
    },
  ];
}

/** What stands in the way of taking an application’s access away here. */
export function appControls({ name, attributes }: Target, tenantId: string): MissingControl[] {
  const owner = attributes['ownerTenant'] ?? null;
  if (attributes['type'] === 'ManagedIdentity') {
    return [
      {
        control: `${name} belongs to an Azure resource`,
        consequence: 'It has no credentials to take away; tokens that the resource holds live up to a day.',
        advice: 'Stop the resource, or detach the identity from it in Azure.',
      },
    ];
  }
  if (owner === null || owner === tenantId) return [];
  return [
    {
      control: `${name} is an application of another tenant`,
      consequence: 'Its secrets and certificates lie there and cannot be removed here.',
      advice: 'Disable it here, remove its grants, and tell its publisher.',
    },
  ];
}
