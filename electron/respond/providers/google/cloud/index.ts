import { textAt } from '#shared/domain/json.ts';
import type { MissingControl, Target } from '#shared/domain/response.ts';
import { eachAtOnce } from '../../../calls.ts';
import {
  type Action,
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../../provider.ts';
import { asObject } from '../access.ts';
import {
  accountTarget,
  deleteKeyAction,
  disableAccountAction,
  disableKeyAction,
  keyTarget,
} from './accounts.ts';
import { denyAction, noQuarantine } from './deny.ts';
import { bindingsOf, ownersIn, removeBindingsAction } from './policies.ts';
import { type CloudConfig, CloudProject, cloudConfig } from './project.ts';

const permissions: readonly Permission[] = [
  { name: 'resourcemanager.projects.get', neededFor: 'read', why: 'to know which project this is' },
  { name: 'resourcemanager.projects.getIamPolicy', neededFor: 'read', why: 'to find what names the suspect' },
  { name: 'iam.serviceAccounts.get', neededFor: 'read', why: 'to find service accounts' },
  { name: 'iam.serviceAccounts.list', neededFor: 'read', why: 'to sweep them' },
  { name: 'iam.serviceAccountKeys.list', neededFor: 'read', why: 'to find their keys' },
  { name: 'iam.serviceAccounts.disable', neededFor: 'service-account.disable', why: 'to disable them' },
  { name: 'iam.serviceAccounts.enable', neededFor: 'service-account.disable', why: 'to enable them again' },
  {
    name: 'iam.serviceAccountKeys.disable',
    neededFor: 'service-account-key.disable',
    why: 'to disable keys',
  },
  {
    name: 'iam.serviceAccountKeys.enable',
    neededFor: 'service-account-key.disable',
    why: 'to enable them again',
  },
  { name: 'iam.serviceAccountKeys.delete', neededFor: 'service-account-key.delete', why: 'to delete keys' },
  {
    name: 'resourcemanager.projects.setIamPolicy',
    neededFor: 'iam-bindings.remove',
    why: 'to take principals out of the allow policy and put them back',
  },
  {
    name: 'iam.denypolicies.get',
    neededFor: 'principal.deny',
    why: 'to read the prepared deny policy, where it is attached',
  },
  { name: 'iam.denypolicies.update', neededFor: 'principal.deny', why: 'to add to it' },
];

/** They are held where the deny policy is attached, and cannot be asked about there. */
const denyPermissions = permissions
  .map(({ name }) => name)
  .filter((name) => name.startsWith('iam.denypolicies.'));

/** Google Cloud: service accounts of a project, their keys, and what allow and deny policies say of a principal. */
export const cloud: ProviderType<CloudConfig> = {
  type: 'google-cloud',
  title: 'Google Cloud IAM',
  config: cloudConfig,
  secrets: [{ name: 'privateKey', title: 'Private key of the service account (PEM)', required: true }],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ iamUrl, resourceManagerUrl, tokenUrl }) =>
    [iamUrl, resourceManagerUrl, tokenUrl].map((address) => new URL(address).origin),
  open: (config, io) => openCloud(config, io),
};

function openCloud(config: CloudConfig, io: ProviderIo): Provider {
  const project = new CloudProject(config, io);
  const { denyPolicy } = config;
  const deny = denyPolicy === undefined ? [] : [denyAction(project, denyPolicy, io)];
  const byKind: Readonly<Record<string, readonly Action[]>> = {
    'service-account': [...deny, disableAccountAction(project, config, io)],
    principal: deny,
    'service-account-key': [disableKeyAction(project, config, io), deleteKeyAction(project, config, io)],
    'iam-bindings': [removeBindingsAction(project, io)],
  };
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const own = await project.calls.read('GET projects', call, async ({ resources }) =>
      asObject((await resources.projects.get({ name: `projects/${config.project}` })).data),
    );
    const tenant = textAt(own, 'name');
    if (tenant === null)
      throw new ProviderError('protocol', 'Google Cloud did not say the project’s number.');
    return {
      tenant,
      tenantName: textAt(own, 'displayName') ?? config.project,
      operator: [config.clientEmail, ...(await ownId(call))],
      operatorName: config.clientEmail,
    };
  };
  /** The unique id of the account that acts, which may lie in another project that it may not read. */
  const ownId = async (call: CallContext): Promise<string[]> => {
    const [, home] = /@(.+)\.iam\.gserviceaccount\.com$/.exec(config.clientEmail) ?? [];
    try {
      const self = await project.account(config.clientEmail, call, home);
      return [textAt(self ?? {}, 'uniqueId') ?? []].flat();
    } catch (thrown) {
      if (thrown instanceof ProviderError && thrown.kind === 'forbidden' && home !== config.project)
        return [];
      throw thrown;
    }
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const names = permissions.map(({ name }) => name).filter((name) => !denyPermissions.includes(name));
      const held = await project.held(`projects/${config.project}`, names, call);
      const missing = names.filter((name) => !held.includes(name));
      for (const resource of project.resources().slice(1)) {
        const wanted = ['getIamPolicy', 'setIamPolicy'].map(
          (right) => `resourcemanager.${resource.split('/')[0]}.${right}`,
        );
        const there = await project.held(resource, wanted, call);
        missing.push(
          ...wanted.filter((name) => !there.includes(name)).map((name) => `${name} on ${resource}`),
        );
      }
      return {
        identity,
        missing,
        unchecked: denyPolicy === undefined ? [] : denyPermissions,
        notes:
          denyPolicy === undefined
            ? [`${noQuarantine.control} is not configured. ${noQuarantine.advice}`]
            : [],
      };
    },
    async resolve({ kind, id, aliases }, call) {
      if (kind !== 'identity') return { targets: [], ambiguous: [], notes: [] };
      const found = new Map<string, FoundTarget>();
      for (const name of new Set([id, ...aliases])) {
        const target = await find(name.replace(/^(?:serviceAccount|user):/, ''), call);
        if (target !== null) found.set(target.id, target);
      }
      const targets = [...found.values()];
      const notes = [
        'People are found where an allow policy names them; Google Cloud does not know them otherwise.',
      ];
      return targets.length > 1
        ? { targets: [], ambiguous: targets, notes }
        : { targets, ambiguous: [], notes };
    },
    async descendants(target, call) {
      const member = target.attributes['member'];
      if (typeof member !== 'string' || target.kind === 'iam-bindings') return [];
      const keys = target.kind === 'service-account' ? await project.keys(target.id, call) : [];
      return [
        ...keys.map((key) => keyTarget(key, target)),
        ...(await bindingsOf(project, member, target.id, call)),
      ];
    },
    actions: (target) =>
      Promise.resolve({ actions: byKind[target.kind] ?? [], missing: missingOf(target, deny.length > 0) }),
    async administrators(call) {
      const owners = ownersIn(await project.policy(`projects/${config.project}`, call));
      // Whoever comes by a group or a policy further up is not seen: then nobody can be called the last.
      return owners.length === 0 ? null : owners.map((member) => member.replace(/^serviceAccount:/, ''));
    },
    async sweep(since, _, call) {
      const accounts = (await project.accounts(call)).map(accountTarget);
      const found = await eachAtOnce(accounts, 8, async (account) => {
        const keys = (await project.keys(account.id, call)).map((key) => keyTarget(key, account));
        return keys
          .filter(({ createdAt }) => Date.parse(createdAt ?? '') >= since)
          .map((target) => ({ target, why: `A key of ${account.name} was made since the incident began.` }));
      });
      return found.flat();
    },
    close: () => Promise.resolve(),
  };

  async function find(name: string, call: CallContext): Promise<FoundTarget | null> {
    if (/^\d{10,30}$/.test(name) || name.endsWith('gserviceaccount.com')) {
      const account = await project.account(name, call);
      return account === null ? null : accountTarget(account);
    }
    const member = `user:${name}`;
    if (!name.includes('@') || (await bindingsOf(project, member, member, call)).length === 0) return null;
    return {
      kind: 'principal',
      id: member,
      name,
      parent: null,
      createdAt: null,
      managedBy: 'Google Workspace or Cloud Identity',
      attributes: { member },
    };
  }
}

function missingOf({ kind, name }: Target, hasQuarantine: boolean): MissingControl[] {
  if (kind !== 'service-account' && kind !== 'principal') return [];
  const person: MissingControl = {
    control: `The account ${name} itself`,
    consequence: 'Google Cloud can only take away what it gives: sign-in and sessions are the directory’s.',
    advice:
      'Configure Google Workspace (or the identity provider behind it) too, and suspend the user there.',
  };
  return [...(hasQuarantine ? [] : [noQuarantine]), ...(kind === 'principal' ? [person] : [])];
}
