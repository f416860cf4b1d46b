import { arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import type { Target } from '#shared/domain/response.ts';
import {
  type Action,
  type ActionList,
  type CallContext,
  type FoundTarget,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
  type SweepFinding,
} from '../../provider.ts';
import { sweepParts } from '../../sweep-parts.ts';
import {
  disableAppAction,
  disableDeviceAction,
  disableManagedAction,
  disableUserAction,
  resetPasswordAction,
  revokeSessionsAction,
} from './accounts.ts';
import { globalAdministrators } from './administrators.ts';
import { type EntraConfig, entraConfig } from './config.ts';
import { appControls, groupControls, ownerControls, userControls } from './controls.ts';
import { credentialTargets, removeCertificateAction, removeSecretAction } from './credentials.ts';
import { eligibleControls, eligibleTargets, removeEligibleAction } from './eligible.ts';
import { federatedTargets, removeFederatedAction } from './federated.ts';
import { grantKinds, grantTarget, grantsOf, removeGrantAction } from './grants.ts';
import { deleteMethodAction, methodTargets } from './methods.ts';
import { permissions } from './permissions.ts';
import {
  findPrincipals,
  idOf,
  isGuest,
  servicePrincipal,
  servicePrincipalOfApp,
  servicePrincipalTarget,
  userFields,
  userTarget,
} from './principals.ts';
import { EntraTenant } from './tenant.ts';

/** Microsoft Entra ID: users, devices, service principals, and what they were granted, by Microsoft Graph. */
export const entra: ProviderType<EntraConfig> = {
  type: 'entra',
  title: 'Microsoft Entra ID',
  config: entraConfig,
  secrets: [
    {
      name: 'certificate',
      title: 'Certificate and private key of the app registration (PEM, both in one)',
      required: true,
    },
  ],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ authority, graph }) => [new URL(authority).origin, new URL(graph).origin],
  open: (config, io) => openEntra(config, io),
};

function openEntra(config: EntraConfig, io: ProviderIo): Provider {
  const tenant = new EntraTenant(config, io);
  const [disableUser, revokeSessions, resetPassword] = [
    disableUserAction(tenant, io),
    revokeSessionsAction(tenant, io),
    resetPasswordAction(tenant, io),
  ];
  const byKind: Readonly<Record<string, readonly Action[]>> = {
    device: [disableDeviceAction(tenant, io)],
    'authentication-method': [deleteMethodAction(tenant, io)],
    'client-secret': [removeSecretAction(tenant, io)],
    'client-certificate': [removeCertificateAction(tenant, io)],
    'federated-credential': [removeFederatedAction(tenant, io)],
    'eligible-role': [removeEligibleAction(tenant, io)],
    ...Object.fromEntries(grantKinds.map((kind) => [kind.kind, [removeGrantAction(tenant, io, kind)]])),
  };
  const disableApp = disableAppAction(tenant, io);
  const disableManaged = disableManagedAction(tenant, io);

  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const [organization] = await tenant.list('/organization?$select=id,displayName', call);
    const self = await servicePrincipalOfApp(tenant, config.clientId, call);
    if (organization === undefined || self === null) {
      throw new ProviderError('protocol', 'Microsoft Graph did not say which tenant this is, or who asks.');
    }
    return {
      tenant: idOf(organization),
      tenantName: textAt(organization, 'displayName') ?? config.tenantId,
      operator: [idOf(self), config.clientId],
      operatorName: textAt(self, 'displayName') ?? config.clientId,
    };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const granted = await grantedPermissions(tenant, identity.operator[0] ?? '', call);
      const wanted = [...new Set(permissions.map(({ name }) => name))];
      return {
        identity,
        missing: wanted.filter((name) => !granted.has(name)),
        unchecked: [],
        notes: [
          'Users who hold administrator roles can be disabled or given a password only if the app holds a higher directory role itself.',
        ],
      };
    },
    async resolve(reference, call) {
      if (reference.kind !== 'identity') return { targets: [], ambiguous: [], notes: [] };
      const targets = await findPrincipals(tenant, reference, call);
      return targets.length > 1
        ? { targets: [], ambiguous: targets, notes: [] }
        : { targets, ambiguous: [], notes: [] };
    },
    descendants: (target, call) => descendantsOf(tenant, target, call),
    async actions(target, call): Promise<ActionList> {
      if (target.kind === 'user') {
        const missing = [
          ...userControls(target),
          ...(await groupControls(tenant, { collection: 'users', id: target.id }, call)),
          ...(await ownerControls(tenant, target, call)),
          ...(await eligibleControls(tenant, target, call)),
        ];
        const own = target.managedBy === null ? [disableUser, resetPassword] : [];
        return { actions: [...own, ...(isGuest(target) ? [] : [revokeSessions])], missing };
      }
      if (target.kind === 'service-principal') {
        const isManaged = target.attributes['type'] === 'ManagedIdentity';
        return {
          actions: [isManaged ? disableManaged : disableApp],
          missing: appControls(target, config.tenantId),
        };
      }
      return { actions: byKind[target.kind] ?? [], missing: [] };
    },
    administrators: (call) => globalAdministrators(tenant, call),
    sweep: (since, targets, call) =>
      sweepParts(
        () => createdSince(tenant, since, call),
        ...targets
          .filter(({ kind }) => kind === 'user' || kind === 'service-principal')
          .map((owner) => async () => {
            const held = await descendantsOf(tenant, owner, call);
            const why = `Came to ${owner.name} since the incident began.`;
            return held
              .filter(({ createdAt }) => createdAt !== null && Date.parse(createdAt) >= since)
              .map((target) => ({ target, why }));
          }),
      ),
    close: () => Promise.resolve(),
  };
}

async function descendantsOf(tenant: EntraTenant, target: Target, call: CallContext): Promise<FoundTarget[]> {
  if (target.kind !== 'user' && target.kind !== 'service-principal') return [];
  const owner = { collection: target.kind === 'user' ? 'users' : 'servicePrincipals', id: target.id };
  const grants: FoundTarget[] = [];
  for (const kind of grantKinds) {
    const objects = await grantsOf(tenant, kind, owner, call);
    grants.push(...objects.map((object) => grantTarget(kind, object, owner)));
  }
  grants.push(...(await eligibleTargets(tenant, target.id, call)));
  if (target.kind === 'user') {
    const path = `/users/${encodeURIComponent(target.id)}/registeredDevices`;
    const devices = (await tenant.listOf('device', path, call)).map(
      (device): FoundTarget => ({
        kind: 'device',
        id: idOf(device),
        name: textAt(device, 'displayName') ?? idOf(device),
        parent: target.id,
        createdAt: textAt(device, 'registrationDateTime'),
        managedBy: null,
        attributes: { enabled: device['accountEnabled'] === true },
      }),
    );
    return [...grants, ...devices, ...(await methodTargets(tenant, target, call))];
  }
  const own = await servicePrincipal(tenant, target.id, call);
  const appId = textAt(own ?? {}, 'appId');
  const application =
    appId === null
      ? null
      : await tenant.find(
          `/applications(appId='${encodeURIComponent(appId)}')?$select=id,passwordCredentials,keyCredentials`,
          call,
        );
  return [
    ...grants,
    ...credentialTargets(
      [
        ...(application === null ? [] : [{ collection: 'applications' as const, object: application }]),
        ...(own === null ? [] : [{ collection: 'servicePrincipals' as const, object: own }]),
      ],
      target.id,
    ),
    ...(application === null ? [] : await federatedTargets(tenant, idOf(application), target.id, call)),
  ];
}

/** Users and applications that are younger than the incident. */
async function createdSince(tenant: EntraTenant, since: number, call: CallContext): Promise<SweepFinding[]> {
  const filter = encodeURIComponent(`createdDateTime ge ${new Date(since).toISOString()}`);
  const users = await tenant.list(`/users?$select=${userFields}&$filter=${filter}`, call);
  const applications = await tenant.list(
    `/applications?$select=id,appId,displayName,createdDateTime&$filter=${filter}`,
    call,
  );
  const found = users.map((user) => ({ target: userTarget(user), why: 'Created since the incident began.' }));
  for (const application of applications) {
    const principal = await servicePrincipalOfApp(tenant, textAt(application, 'appId') ?? '', call);
    if (principal === null) continue;
    found.push({
      target: { ...servicePrincipalTarget(principal), createdAt: textAt(application, 'createdDateTime') },
      why: 'Its application was made since the incident began.',
    });
  }
  return found;
}

/** Application permissions that an administrator has consented to: roles of the resources that the app is assigned. */
async function grantedPermissions(
  tenant: EntraTenant,
  self: string,
  call: CallContext,
): Promise<Set<string>> {
  const assignments = await tenant.list(`/servicePrincipals/${self}/appRoleAssignments`, call);
  const granted = new Set<string>();
  for (const resource of new Set(assignments.map((assignment) => textAt(assignment, 'resourceId') ?? ''))) {
    const roles = arrayAt(
      await tenant.get(`/servicePrincipals/${encodeURIComponent(resource)}?$select=id,appRoles`, call),
      'appRoles',
    ).filter(isObject);
    for (const assignment of assignments) {
      const role = roles.find((one) => textAt(one, 'id') === textAt(assignment, 'appRoleId'));
      if (role !== undefined) granted.add(textAt(role, 'value') ?? '');
    }
  }
  return granted;
}
