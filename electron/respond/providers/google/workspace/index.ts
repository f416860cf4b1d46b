import { type JsonObject, textAt } from '#shared/domain/json.ts';
import {
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../../provider.ts';
import { sweepParts } from '../../../sweep-parts.ts';
import { asObject, isGranted } from '../access.ts';
import { type WorkspaceConfig, WorkspaceDirectory, accountOf, scopes, workspaceConfig } from './directory.ts';
import { deletePasswordAction, heldBy, revokeTokenAction } from './held-actions.ts';
import { invalidateCodesAction, removeAdminAction, signOutAction, suspendAction } from './user-actions.ts';

const permissions: readonly Permission[] = [
  { name: scopes.customer, neededFor: 'read', why: 'to know which customer this is' },
  { name: scopes.user, neededFor: 'user.suspend', why: 'to find, suspend and restore users' },
  {
    name: scopes.security,
    neededFor: 'user.sign-out',
    why: 'to sign out, and to see and revoke tokens, application passwords and backup codes',
  },
];

/** Google Workspace: users, their sessions and what they let in, by the Admin SDK. */
export const workspace: ProviderType<WorkspaceConfig> = {
  type: 'google-workspace',
  title: 'Google Workspace',
  config: workspaceConfig,
  secrets: [{ name: 'privateKey', title: 'Private key of the service account (PEM)', required: true }],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ url, tokenUrl }) => [new URL(url).origin, new URL(tokenUrl).origin],
  open: (config, io) => openWorkspace(config, io),
};

function openWorkspace(config: WorkspaceConfig, io: ProviderIo): Provider {
  const directory = new WorkspaceDirectory(config, io);
  const userActions = [
    suspendAction(directory, io),
    signOutAction(directory, io),
    invalidateCodesAction(directory, io),
  ];
  const removeAdmin = removeAdminAction(directory, io);
  const tokenActions = [revokeTokenAction(directory, io)];
  const passwordActions = [deletePasswordAction(directory, io)];
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const customer = await directory.calls.read('GET customers', call, async ({ customers }) =>
      asObject((await customers.get({ customerKey: 'my_customer' })).data),
    );
    const self = await directory.user(config.adminEmail, call);
    const [tenant, id] = [textAt(customer, 'id'), textAt(self ?? {}, 'id')];
    if (tenant === null || id === null) {
      throw new ProviderError('protocol', 'Google did not say which customer this is, or who asks.');
    }
    return {
      tenant,
      tenantName: textAt(customer, 'customerDomain') ?? tenant,
      operator: [id, config.clientEmail],
      operatorName: `${config.clientEmail} for ${config.adminEmail}`,
    };
  };
  return {
    whoami,
    async test(call) {
      const missing: string[] = [];
      for (const { name } of permissions) {
        if (!(await isGranted(io, accountOf(config, [name]), call))) missing.push(name);
      }
      if (missing.length > 0) {
        // Without one of the scopes no token is given at all.
        const identity = {
          tenant: config.adminEmail,
          tenantName: config.adminEmail,
          operator: [config.clientEmail],
          operatorName: config.clientEmail,
        };
        return {
          identity,
          missing,
          unchecked: [],
          notes: ['Delegate the missing scopes first: nothing works without them.'],
        };
      }
      return {
        identity: await whoami(call),
        missing,
        unchecked: [],
        notes: ['Super administrators can be changed only where the administrator is one too.'],
      };
    },
    async resolve({ kind, id, aliases }, call) {
      if (kind !== 'identity') return { targets: [], ambiguous: [], notes: [] };
      const found = new Map<string, FoundTarget>();
      for (const name of new Set([id, ...aliases])) {
        if (!/^(?:\d{5,30}|[^\s@/]+@[^\s@/]+)$/.test(name)) continue;
        const user = await directory.user(name, call);
        if (user !== null) found.set(textAt(user, 'id') ?? '', targetOf(user));
      }
      const targets = [...found.values()];
      return targets.length > 1
        ? { targets: [], ambiguous: targets, notes: [] }
        : { targets, ambiguous: [], notes: [] };
    },
    descendants: (target, call) =>
      target.kind === 'user' ? heldBy(directory, target, call) : Promise.resolve([]),
    actions({ kind, attributes }) {
      if (kind === 'oauth-token') return Promise.resolve({ actions: tokenActions, missing: [] });
      if (kind === 'app-password') return Promise.resolve({ actions: passwordActions, missing: [] });
      const actions = attributes['isAdmin'] === true ? [...userActions, removeAdmin] : userActions;
      return Promise.resolve({ actions, missing: [] });
    },
    async administrators(call) {
      const all = await directory.users('isAdmin=true', call);
      return all.filter((user) => user['suspended'] !== true).map((user) => textAt(user, 'id') ?? '');
    },
    sweep(since, targets, call) {
      const isSince = ({ createdAt }: FoundTarget): boolean =>
        createdAt !== null && Date.parse(createdAt) >= since;
      return sweepParts(
        async () => {
          const users = (await directory.users(null, call)).map(targetOf);
          return users
            .filter(isSince)
            .map((target) => ({ target, why: 'Created since the incident began.' }));
        },
        ...targets
          .filter(({ kind }) => kind === 'user')
          .map((user) => async () => {
            const held = await heldBy(directory, user, call);
            const why = `${user.name} made it since the incident began.`;
            return held.filter(isSince).map((target) => ({ target, why }));
          }),
      );
    },
    close: () => Promise.resolve(),
  };
}

function targetOf(user: JsonObject): FoundTarget {
  const id = textAt(user, 'id');
  if (id === null) throw new ProviderError('protocol', 'Google answered a user without an id.');
  return {
    kind: 'user',
    id,
    name: textAt(user, 'primaryEmail') ?? id,
    parent: null,
    createdAt: textAt(user, 'creationTime'),
    managedBy: null,
    attributes: {
      suspended: user['suspended'] === true,
      isAdmin: user['isAdmin'] === true,
      lastLogin: textAt(user, 'lastLoginTime'),
      unit: textAt(user, 'orgUnitPath'),
    },
  };
}
