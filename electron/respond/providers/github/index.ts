import { isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { MissingControl } from '#shared/domain/response.ts';
import {
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../provider.ts';
import { sweepParts } from '../../sweep-parts.ts';
import { type GithubConfig, githubConfig } from './config.ts';
import { deleteDeployKeyAction } from './deploy-keys.ts';
import { foreignApp, installationTarget, installations, suspendAction } from './installations.ts';
import { GithubOrganization, accountOf } from './organization.ts';
import { removeOutsideAction } from './outside.ts';
import { findPerson, owners, personActions } from './people.ts';
import {
  credentialsOf,
  isRevocable,
  removeSsoAction,
  reportLeakedAction,
  revokePatAction,
} from './tokens.ts';

const permissions: readonly Permission[] = [
  { name: 'metadata: read', neededFor: 'read', why: 'to list repositories' },
  { name: 'members: write', neededFor: 'membership.remove', why: 'to remove people and invite them again' },
  {
    name: 'organization_user_blocking: write',
    neededFor: 'user.block',
    why: 'to block people and let them in again',
  },
  {
    name: 'organization_personal_access_tokens: write',
    neededFor: 'fine-grained-token.revoke',
    why: 'to revoke what fine-grained tokens reach',
  },
  {
    name: 'organization_administration: write',
    neededFor: 'sso-authorization.remove',
    why: 'to take single sign-on authorizations away, and to list apps',
  },
  {
    name: 'administration: write',
    neededFor: 'deploy-key.delete',
    why: 'to delete deploy keys and add them again',
  },
];

/** GitHub: people of an organization, what they hold in it, and apps that are installed. */
export const github: ProviderType<GithubConfig> = {
  type: 'github',
  title: 'GitHub',
  config: githubConfig,
  secrets: [
    { name: 'privateKey', title: 'Private key of the GitHub App (PEM)', required: true },
    { name: 'managedAppKey', title: 'Private key of the managed app (PEM)', required: false },
  ],
  takesHeld: true,
  permissions,
  provedOn: 'contract-fake',
  origins: ({ url }) => [new URL(url).origin],
  open: (config, io) => openGithub(config, io),
};

function openGithub(config: GithubConfig, io: ProviderIo): Provider {
  const { organization, appId, installationId, managedAppId } = config;
  const client = new GithubOrganization(config, io);
  const person = personActions(client, organization, io);
  const removeOutside = removeOutsideAction(client, organization, io);
  const suspend = suspendAction(client, config, io);
  const byKind = {
    'fine-grained-token': revokePatAction(client, organization, io),
    'sso-authorization': removeSsoAction(client, organization, io),
    'deploy-key': deleteDeployKeyAction(client, io),
    token: reportLeakedAction(client, io),
  };
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const installation = await client.get(`/app/installations/${installationId}`, call, 'app');
    const account = accountOf(installation, 'account');
    if (account === null || account.login.toLowerCase() !== organization.toLowerCase()) {
      throw new ProviderError('rejected', `The installation is not one of the organization ${organization}.`);
    }
    return {
      tenant: account.id,
      tenantName: account.login,
      operator: [installationId, `app/${appId}`],
      operatorName: textAt(installation, 'app_slug') ?? `app ${appId}`,
    };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const installation = await client.get(`/app/installations/${installationId}`, call, 'app');
      const given = objectAt(installation, 'permissions') ?? {};
      const missing = permissions.map(({ name }) => name).filter((name) => !isGiven(given, name));
      const isAll = textAt(installation, 'repository_selection') === 'all';
      return {
        identity,
        missing,
        unchecked: [],
        notes: isAll ? [] : ['The app sees chosen repositories only: deploy keys of others are not found.'],
      };
    },
    async resolve({ kind, id, aliases }, call) {
      const found = new Map<string, FoundTarget>();
      if (kind === 'credential') {
        const credential = id.startsWith('fp_') ? await io.held(id) : null;
        if (credential !== null && isRevocable(credential)) found.set(id, tokenTarget(id));
      }
      for (const name of kind === 'identity' ? new Set([id, ...aliases]) : []) {
        const one = await findPerson(client, organization, name, call);
        if (one !== null) found.set(one.id, one);
      }
      if (kind === 'identity' && found.size === 0) {
        const names = new Set([id, ...aliases].map((name) => name.replace(/\[bot\]$/, '')));
        for (const installation of await installations(client, config, call)) {
          const target = installationTarget(installation);
          if (names.has(target.name) || names.has(target.id)) found.set(target.id, target);
        }
      }
      const targets = [...found.values()];
      const notes = [
        'GitHub does not say the mail addresses of members: people are found by login or number.',
      ];
      return targets.length > 1
        ? { targets: [], ambiguous: targets, notes }
        : { targets, ambiguous: [], notes };
    },
    descendants: (target, call) =>
      target.kind === 'user' ? credentialsOf(client, organization, target, call) : Promise.resolve([]),
    actions(target) {
      const missing: MissingControl[] = [];
      if (target.kind === 'user') {
        const { role } = target.attributes;
        if (role === 'outside') return Promise.resolve({ actions: [person.block, removeOutside], missing });
        // Members cannot be blocked before they are removed.
        const owner = role === 'admin' ? [person.demote] : [];
        return Promise.resolve({ actions: [...owner, person.remove], missing: [sso(target.name)] });
      }
      if (target.kind === 'app-installation') {
        const isManaged = managedAppId !== undefined && target.attributes['appId'] === managedAppId;
        return Promise.resolve(
          isManaged ? { actions: [suspend], missing } : { actions: [], missing: [foreignApp(target)] },
        );
      }
      const action = Object.entries(byKind).find(([kind]) => kind === target.kind)?.[1];
      return Promise.resolve({ actions: action === undefined ? [] : [action], missing });
    },
    administrators: (call) => owners(client, organization, call),
    sweep: (since, targets, call) =>
      sweepParts(
        ...targets
          .filter(({ kind }) => kind === 'user')
          .map((user) => async () => {
            const held = await credentialsOf(client, organization, user, call);
            const why = `${user.name} got it since the incident began.`;
            return held.filter((target) => isSince(target, since)).map((target) => ({ target, why }));
          }),
        async () => {
          const all = (await installations(client, config, call)).map(installationTarget);
          const why = 'Installed since the incident began.';
          return all.filter((target) => isSince(target, since)).map((target) => ({ target, why }));
        },
      ),
    close: () => Promise.resolve(),
  };
}

function isSince({ createdAt }: FoundTarget, since: number): boolean {
  return createdAt !== null && Date.parse(createdAt) >= since;
}

function tokenTarget(id: string): FoundTarget {
  return {
    kind: 'token',
    id,
    name: 'token in hand',
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: {},
  };
}

/** `members: write` against what an installation was given; write includes read. */
function isGiven(given: unknown, permission: string): boolean {
  const [name = '', wanted] = permission.split(': ');
  const level = isObject(given) ? given[name] : undefined;
  return level === 'write' || level === 'admin' || (wanted === 'read' && level === 'read');
}

function sso(name: string): MissingControl {
  return {
    control: `An end to ${name}’s sessions at GitHub`,
    consequence: 'Sessions and classic tokens belong to the user: an organization cannot end them.',
    advice: 'Disable the user at the identity provider; report leaked tokens by their value.',
  };
}
