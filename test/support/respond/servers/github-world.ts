export const leakedToken = 'ghp_leakedTokenOfMallory4412';

export interface Person {
  readonly id: number;
  login: string;
}
export interface DeployKey {
  readonly id: number;
  readonly key: string;
  readonly title: string;
  readonly read_only: boolean;
  readonly added_by: string;
  readonly created_at: string;
}

export interface GithubWorld {
  readonly people: Person[];
  readonly memberships: Map<number, { role: string; state: string }>;
  /** Teams by slug: roles of members by number. */
  readonly teams: Map<string, Map<number, string>>;
  readonly outside: Map<number, Map<string, string>>;
  readonly blocked: Set<number>;
  readonly repositories: Map<string, DeployKey[]>;
  readonly grants: { id: number; owner: Person; token_name: string; access_granted_at: string }[];
  /** Null where the organization has no SAML single sign-on. */
  authorizations:
    | { credential_id: number; login: string; credential_type: string; credential_authorized_at: string }[]
    | null;
  readonly installations: {
    id: number;
    app_id: number;
    app_slug: string;
    created_at: string;
    suspended_at: string | null;
  }[];
  readonly given: Record<string, string>;
  /** Tokens that are alive, by whose they are. */
  readonly tokens: Map<string, number>;
}

export const mallory = { id: 11, login: 'mallory' };
export const alice = { id: 12, login: 'alice' };
export const oscar = { id: 13, login: 'oscar' };
const long = '2025-01-01T00:00:00Z';
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';

/** An organization with a suspect, an owner, an outside collaborator and three apps. */
export function makeWorld(): GithubWorld {
  const key = (id: number, added_by: string, text: string): DeployKey => ({
    id,
    key: text,
    title: 'deploy',
    read_only: false,
    added_by,
    created_at: long,
  });
  return {
    people: [{ ...mallory }, { ...alice }, { ...oscar }, { id: 14, login: 'stranger' }],
    memberships: new Map([
      [mallory.id, { role: 'member', state: 'active' }],
      [alice.id, { role: 'admin', state: 'active' }],
    ]),
    teams: new Map([
      [
        'core',
        new Map([
          [mallory.id, 'maintainer'],
          [alice.id, 'member'],
        ]),
      ],
      ['docs', new Map([[alice.id, 'member']])],
      ['web', new Map([[mallory.id, 'member']])],
    ]),
    outside: new Map([[oscar.id, new Map([['example-org/site', 'push']])]]),
    blocked: new Set(),
    repositories: new Map([
      ['example-org/api', [key(31, 'mallory', publicKey), key(32, 'alice', `${publicKey.slice(0, -4)}AAAA`)]],
      ['example-org/site', []],
      ['example-org/tools', []],
    ]),
    grants: [
      { id: 41, owner: mallory, token_name: 'laptop', access_granted_at: long },
      { id: 42, owner: alice, token_name: 'alice', access_granted_at: long },
    ],
    authorizations: [
      { credential_id: 51, login: 'mallory', credential_type: 'SSH Key', credential_authorized_at: long },
    ],
    installations: [
      { id: 501, app_id: 1001, app_slug: 'responder', created_at: long, suspended_at: null },
      { id: 502, app_id: 2002, app_slug: 'deployer', created_at: long, suspended_at: null },
      { id: 503, app_id: 3003, app_slug: 'foreign', created_at: long, suspended_at: null },
    ],
    given: {
      metadata: 'read',
      members: 'write',
      organization_user_blocking: 'write',
      organization_personal_access_tokens: 'write',
      organization_administration: 'write',
      administration: 'write',
    },
    tokens: new Map([[leakedToken, mallory.id]]),
  };
}
