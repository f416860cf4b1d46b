export const keycloakClient = 'rescind';
export const robotSecret = 'robot-secret-before-6612';
export const realmId = '5f0e0000-0000-4000-8000-000000000001';
export const malloryId = 'a0000000-0000-4000-8000-000000000001';
export const aliceId = 'a0000000-0000-4000-8000-000000000002';
export const robotId = 'c0000000-0000-4000-8000-000000000001';
const managementId = 'c0000000-0000-4000-8000-000000000002';
const ownId = 'c0000000-0000-4000-8000-000000000003';

export type Thing = Record<string, unknown> & { id: string };

export interface KeycloakWorld {
  readonly realm: {
    id: string;
    realm: string;
    enabled: boolean;
    notBefore: number;
    accessTokenLifespan: number;
  };
  readonly users: Map<string, Thing>;
  readonly clients: Map<string, Thing>;
  readonly sessions: Map<string, { id: string; start: number }[]>;
  readonly credentials: Map<string, Thing[]>;
  readonly consents: Map<string, { clientId: string; createdDate: number; additionalGrants: object[] }[]>;
  /** Roles by id, with who has them. */
  readonly roles: {
    id: string;
    name: string;
    client: string | null;
    users: Set<string>;
    groups: Set<string>;
  }[];
  readonly groups: { id: string; path: string; members: Set<string> }[];
  /** Roles of the client that acts, in the realm’s management client. */
  readonly granted: Set<string>;
  /** Old secrets that are still taken, where rotation is on; null where it is off. */
  rotated: Map<string, string> | null;
  pushed: number;
}

const long = Date.parse('2025-01-01T00:00:00Z');

const client = (id: string, clientId: string): [string, Thing] => [
  id,
  { id, clientId, enabled: true, publicClient: false, notBefore: 0, secret: robotSecret },
];

/** A realm with a suspect, a federated administrator, a client and the client that acts. */
export function makeWorld(): KeycloakWorld {
  const user = (id: string, username: string, more: object = {}): [string, Thing] => [
    id,
    {
      id,
      username,
      email: `${username}@example.org`,
      enabled: true,
      createdTimestamp: long,
      notBefore: 0,
      attributes: { department: ['sales'] },
      requiredActions: [],
      access: { manage: true },
      ...more,
    },
  ];
  return {
    realm: { id: realmId, realm: 'example', enabled: true, notBefore: 0, accessTokenLifespan: 900 },
    users: new Map([user(malloryId, 'mallory'), user(aliceId, 'alice', { federationLink: 'ldap-1' })]),
    clients: new Map([
      client(robotId, 'robot'),
      client(managementId, 'realm-management'),
      client(ownId, keycloakClient),
    ]),
    sessions: new Map([[malloryId, [{ id: 'session-1', start: long }]]]),
    credentials: new Map([
      [
        malloryId,
        [
          { id: 'password-1', type: 'password', createdDate: long },
          { id: 'otp-1', type: 'otp', userLabel: 'phone', createdDate: long },
        ],
      ],
    ]),
    consents: new Map([
      [malloryId, [{ clientId: 'robot', createdDate: long, additionalGrants: [{ key: 'Offline Token' }] }]],
    ]),
    roles: [
      { id: 'role-1', name: 'auditor', client: null, users: new Set([malloryId]), groups: new Set() },
      { id: 'role-2', name: 'deploy', client: robotId, users: new Set([malloryId]), groups: new Set() },
      {
        id: 'role-3',
        name: 'realm-admin',
        client: managementId,
        users: new Set([aliceId]),
        groups: new Set(['group-1']),
      },
    ],
    groups: [{ id: 'group-1', path: '/operators', members: new Set([malloryId]) }],
    granted: new Set(['view-realm', 'manage-users', 'manage-clients', 'manage-realm']),
    rotated: null,
    pushed: 0,
  };
}
