export const entraTenant = '11111111-aaaa-4aaa-8aaa-111111111111';
export const entraClient = '22222222-bbbb-4bbb-8bbb-222222222222';
export const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';

export type Thing = Record<string, unknown> & { id: string };

/** What each kind of write needs (Microsoft Graph permissions reference). */
export const needs: readonly (readonly [RegExp, string])[] = [
  [/^POST \/users\/[^/]+\/revokeSignInSessions$/, 'User.RevokeSessions.All'],
  [/^DELETE \/users\/[^/]+\/authentication\//, 'UserAuthenticationMethod.ReadWrite.All'],
  [/^GET \/users\/[^/]+\/authentication\//, 'UserAuthenticationMethod.ReadWrite.All'],
  [/^(?:POST|DELETE) \/(?:users|servicePrincipals)\/[^/]+\/appRole/, 'AppRoleAssignment.ReadWrite.All'],
  [/^(?:POST|DELETE) \/oauth2PermissionGrants/, 'DelegatedPermissionGrant.ReadWrite.All'],
  [/^(?:POST|GET) \/roleManagement\/directory\/roleEligib/, 'RoleEligibilitySchedule.ReadWrite.Directory'],
  [/^(?:POST|DELETE) \/roleManagement\//, 'RoleManagement.ReadWrite.Directory'],
  [/^PATCH \/devices\//, 'Device.ReadWrite.All'],
  [/^(?:PATCH|POST) \/(?:servicePrincipals|applications)/, 'Application.ReadWrite.All'],
  [/^GET \//, 'Directory.Read.All'],
];
const allPermissions = [
  ...new Set([
    ...needs.map(([, name]) => name),
    'User.EnableDisableAccount.All',
    'User-PasswordProfile.ReadWrite.All',
  ]),
];

export interface EntraWorld {
  users: Thing[];
  devices: (Thing & { owner: string })[];
  methods: (Thing & { user: string })[];
  servicePrincipals: Thing[];
  applications: Thing[];
  appRoleAssignments: Thing[];
  consents: Thing[];
  roleAssignments: Thing[];
  /** Roles that can be activated (unifiedRoleEligibilitySchedule). */
  eligible: Thing[];
  groups: { id: string; members: string[] }[];
  granted: Set<string>;
  /** A directory role of the app, without which Graph does not let it touch administrators. */
  isPrivileged: boolean;
}

export const malloryId = 'aaaaaaaa-0000-4000-8000-000000000001';
export const aliceId = 'aaaaaaaa-0000-4000-8000-000000000002';
export const guestId = 'aaaaaaaa-0000-4000-8000-000000000003';
export const robotId = 'bbbbbbbb-0000-4000-8000-000000000001';
export const managedId = 'bbbbbbbb-0000-4000-8000-000000000002';
const responderId = 'bbbbbbbb-0000-4000-8000-000000000009';
const graphId = 'bbbbbbbb-0000-4000-8000-00000000000a';
const long = '2025-01-01T00:00:00Z';

const principal = (id: string, appId: string, displayName: string, more: object = {}): Thing => ({
  id,
  appId,
  displayName,
  accountEnabled: true,
  servicePrincipalType: 'Application',
  appOwnerOrganizationId: entraTenant,
  passwordCredentials: [],
  keyCredentials: [],
  ...more,
});

/** A tenant with a suspect, a synchronised administrator, a guest, an application and a managed identity. */
export function makeWorld(): EntraWorld {
  const person = (id: string, name: string, more: object = {}): Thing => ({
    id,
    userPrincipalName: `${name}@example.org`,
    displayName: name,
    mail: `${name}@mail.example.org`,
    accountEnabled: true,
    userType: 'Member',
    createdDateTime: long,
    signInSessionsValidFromDateTime: long,
    lastPasswordChangeDateTime: long,
    ...more,
  });
  const appRoles = allPermissions.map((value, at) => ({ id: `role-${at}`, value }));
  return {
    users: [
      person(malloryId, 'mallory'),
      person(aliceId, 'alice', { onPremisesSyncEnabled: true }),
      person(guestId, 'guest', { userPrincipalName: 'guest_other.org#EXT#@example.org', userType: 'Guest' }),
    ],
    devices: [
      {
        id: 'device-1',
        owner: malloryId,
        displayName: 'laptop',
        accountEnabled: true,
        registrationDateTime: long,
      },
    ],
    methods: [
      {
        id: 'password-1',
        user: malloryId,
        '@odata.type': '#microsoft.graph.passwordAuthenticationMethod',
        createdDateTime: long,
      },
      {
        id: 'fido-1',
        user: malloryId,
        '@odata.type': '#microsoft.graph.fido2AuthenticationMethod',
        displayName: 'Red key',
        creationDateTime: long,
      },
      {
        id: 'phone-1',
        user: malloryId,
        '@odata.type': '#microsoft.graph.phoneAuthenticationMethod',
        phoneNumber: '+1 5551234',
      },
    ],
    servicePrincipals: [
      principal(robotId, 'cccccccc-0000-4000-8000-000000000001', 'robot'),
      principal(managedId, 'cccccccc-0000-4000-8000-000000000002', 'machine', {
        servicePrincipalType: 'ManagedIdentity',
      }),
      principal(responderId, entraClient, 'responder'),
      principal(graphId, '00000003-0000-0000-c000-000000000000', 'Microsoft Graph', { appRoles }),
    ],
    applications: [
      {
        id: 'dddddddd-0000-4000-8000-000000000001',
        appId: 'cccccccc-0000-4000-8000-000000000001',
        displayName: 'robot',
        createdDateTime: long,
        owner: malloryId,
        federated: [
          {
            id: 'federated-1',
            name: 'pipeline',
            issuer: 'https://token.actions.githubusercontent.com',
            subject: 'repo:example/app:ref:refs/heads/main',
            audiences: ['api://AzureADTokenExchange'],
            description: 'deploys',
          },
        ],
        passwordCredentials: [{ keyId: 'secret-1', displayName: 'deploy', hint: 'abc', startDateTime: long }],
        keyCredentials: [
          {
            keyId: 'key-1',
            displayName: 'CN=robot',
            key: 'UHVibGlj',
            type: 'AsymmetricX509Cert',
            startDateTime: long,
          },
          {
            keyId: 'key-2',
            displayName: 'CN=other',
            key: 'T3RoZXI=',
            type: 'AsymmetricX509Cert',
            startDateTime: long,
          },
        ],
      },
    ],
    appRoleAssignments: [
      ...appRoles.map(({ id }) => ({
        id: `own-${id}`,
        principalId: responderId,
        resourceId: graphId,
        appRoleId: id,
      })),
      {
        id: 'assignment-1',
        principalId: malloryId,
        resourceId: robotId,
        appRoleId: 'role-x',
        resourceDisplayName: 'robot',
        createdDateTime: long,
      },
      {
        id: 'assignment-2',
        principalId: 'group-1',
        resourceId: robotId,
        appRoleId: 'role-y',
        resourceDisplayName: 'robot',
        principalDisplayName: 'Staff',
        createdDateTime: long,
      },
    ],
    consents: [
      {
        id: 'consent-1',
        clientId: robotId,
        consentType: 'Principal',
        principalId: malloryId,
        resourceId: graphId,
        scope: ' Mail.Read',
      },
    ],
    roleAssignments: [
      { id: 'global-1', principalId: aliceId, roleDefinitionId: globalAdministrator, directoryScopeId: '/' },
      { id: 'role-1', principalId: malloryId, roleDefinitionId: 'helpdesk', directoryScopeId: '/' },
    ],
    eligible: [
      {
        id: 'eligible-1',
        principalId: malloryId,
        roleDefinitionId: 'security-admin',
        directoryScopeId: '/',
        memberType: 'Direct',
        status: 'Provisioned',
        createdDateTime: long,
        scheduleInfo: { startDateTime: long, expiration: { type: 'noExpiration' } },
      },
    ],
    groups: [{ id: 'group-1', members: [malloryId] }],
    granted: new Set(allPermissions),
    isPrivileged: true,
  };
}
