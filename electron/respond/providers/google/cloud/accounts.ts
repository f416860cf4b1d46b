import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Remainder, Target } from '#shared/domain/response.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../../provider.ts';
import { stateAction } from '../../../state-action.ts';
import type { CloudConfig, CloudProject } from './project.ts';

/** Longest life of an access token where the organization extends it (Google Cloud, “Service account credentials”). */
const longestTokenSeconds = 43_200;

const signed: Remainder = {
  artefact: 'signed_url',
  residualSeconds: 604_800,
  coveredBy: [],
  note: 'Signed addresses that were issued work until they expire: up to seven days.',
};
const others: Remainder = {
  artefact: 'api_key',
  residualSeconds: null,
  coveredBy: ['credential.disable'],
  note: 'HMAC keys for Cloud Storage and API keys are credentials of their own and are not seen here.',
};
const keyTokens: Remainder = {
  artefact: 'access_token',
  residualSeconds: 3_600,
  coveredBy: ['identity.disable'],
  note: 'Access tokens that were taken with the key live up to an hour, twelve where extended; only disabling the account ends them.',
};
const common = {
  idempotency: 'state_convergent',
  nativeDryRun: false,
  rateLimit: '600 a minute for the project',
  settle: { typicalMs: 5_000, maxMs: 420_000 },
  beyondReach: null,
} as const;

const disableSpec: ActionSpec = {
  ...common,
  id: 'service-account.disable',
  title: 'Disable the service account',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login', 'access_token'],
  doesNotStop: [
    {
      artefact: 'id_token',
      residualSeconds: 3_600,
      coveredBy: [],
      note: 'Identity tokens are checked by those who receive them, until they expire.',
    },
    {
      artefact: 'role_session',
      residualSeconds: longestTokenSeconds,
      coveredBy: [],
      note: 'Downscoped and federated tokens live up to an hour, twelve where extended.',
    },
    signed,
    others,
  ],
  precondition: 'compare_snapshot',
  requiredPermissions: ['iam.serviceAccounts.disable', 'iam.serviceAccounts.enable'],
  undo: {
    possible: true,
    waitSeconds: longestTokenSeconds,
    note: 'Enabling brings old access tokens back to life: wait until they have expired (up to twelve hours), and delete leaked keys first.',
  },
};

const disableKeySpec: ActionSpec = {
  ...common,
  id: 'service-account-key.disable',
  title: 'Disable the key',
  verb: 'credential.disable',
  reversibility: 'R0',
  stops: ['api_key'],
  doesNotStop: [keyTokens, signed],
  precondition: 'compare_snapshot',
  requiredPermissions: ['iam.serviceAccountKeys.disable', 'iam.serviceAccountKeys.enable'],
  undo: { possible: true, waitSeconds: 0, note: '' },
};

const deleteKeySpec: ActionSpec = {
  ...common,
  id: 'service-account-key.delete',
  title: 'Delete the key',
  verb: 'credential.delete',
  reversibility: 'R3',
  stops: ['api_key'],
  doesNotStop: [keyTokens, signed],
  precondition: 'uid',
  requiredPermissions: ['iam.serviceAccountKeys.delete'],
  undo: { possible: false, waitSeconds: 0, note: 'The key is lost: whoever uses it gets a new one.' },
};

export function accountTarget(account: JsonObject): FoundTarget {
  const email = textAt(account, 'email');
  return {
    kind: 'service-account',
    id: textAt(account, 'uniqueId') ?? '',
    name: email ?? '',
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: {
      member: `serviceAccount:${email ?? ''}`,
      disabled: account['disabled'] === true,
      displayName: textAt(account, 'displayName'),
    },
  };
}

export function keyTarget(key: JsonObject, account: Pick<Target, 'id' | 'name'>): FoundTarget {
  const id = textAt(key, 'name')?.split('/').at(-1) ?? '';
  return {
    kind: 'service-account-key',
    id,
    name: `${id} of ${account.name}`,
    parent: account.id,
    createdAt: textAt(key, 'validAfterTime'),
    managedBy: null,
    attributes: {
      account: account.id,
      disabled: key['disabled'] === true,
      ends: textAt(key, 'validBeforeTime'),
    },
  };
}

export function disableAccountAction(cloud: CloudProject, { project }: CloudConfig, io: ProviderIo): Action {
  const path = ({ id }: Target): string => `projects/${project}/serviceAccounts/${id}`;
  const change = (target: Target, verb: 'disable' | 'enable', call: CallContext) =>
    cloud.calls.write(`POST :${verb}`, call, disableSpec.requiredPermissions, ({ accounts }) =>
      accounts.projects.serviceAccounts[verb]({ name: path(target), requestBody: {} }),
    );
  return stateAction({
    spec: disableSpec,
    io,
    async read(target, call) {
      const account = await cloud.account(target.id, call);
      return account === null ? null : flagOf(target, account['disabled'] === true);
    },
    calls: (target) => [{ method: 'POST', address: cloud.iamAddress(`${path(target)}:disable`), body: null }],
    undoCalls: (target) => [
      { method: 'POST', address: cloud.iamAddress(`${path(target)}:enable`), body: null },
    ],
    apply: (target, _, call) => change(target, 'disable', call),
    undo: (target, _before, _now, call) => change(target, 'enable', call),
  });
}

export function disableKeyAction(cloud: CloudProject, config: CloudConfig, io: ProviderIo): Action {
  const change = (target: Target, verb: 'disable' | 'enable', call: CallContext) =>
    cloud.calls.write(`POST :${verb}`, call, disableKeySpec.requiredPermissions, ({ accounts }) =>
      accounts.projects.serviceAccounts.keys[verb]({ name: keyPath(config, target), requestBody: {} }),
    );
  return stateAction({
    spec: disableKeySpec,
    io,
    async read(target, call) {
      const key = await keyOf(cloud, target, call);
      return key === null ? null : flagOf(target, key['disabled'] === true);
    },
    calls: (target) => [
      { method: 'POST', address: cloud.iamAddress(`${keyPath(config, target)}:disable`), body: null },
    ],
    undoCalls: (target) => [
      { method: 'POST', address: cloud.iamAddress(`${keyPath(config, target)}:enable`), body: null },
    ],
    apply: (target, _, call) => change(target, 'disable', call),
    undo: (target, _before, _now, call) => change(target, 'enable', call),
  });
}

export function deleteKeyAction(cloud: CloudProject, config: CloudConfig, io: ProviderIo): Action {
  return stateAction({
    spec: deleteKeySpec,
    io,
    async read(target, call) {
      const there = (await keyOf(cloud, target, call)) !== null;
      return {
        state: { there },
        isDone: !there,
        detail: `${target.name} is ${there ? 'there' : 'not there'}.`,
      };
    },
    calls: (target) => [{ method: 'DELETE', address: cloud.iamAddress(keyPath(config, target)), body: null }],
    apply: (target, _, call) =>
      cloud.calls.write('DELETE key', call, deleteKeySpec.requiredPermissions, ({ accounts }) =>
        accounts.projects.serviceAccounts.keys.delete({ name: keyPath(config, target) }),
      ),
    undo: null,
  });
}

async function keyOf(
  cloud: CloudProject,
  { id, attributes }: Target,
  call: CallContext,
): Promise<JsonObject | null> {
  const keys = await cloud.keys(String(attributes['account']), call);
  return keys.find((key) => textAt(key, 'name')?.endsWith(`/${id}`) === true) ?? null;
}

function keyPath({ project }: CloudConfig, { id, attributes }: Target): string {
  return `projects/${project}/serviceAccounts/${String(attributes['account'])}/keys/${id}`;
}

function flagOf({ name }: Target, disabled: boolean) {
  return {
    state: { disabled },
    isDone: disabled,
    detail: `${name} is ${disabled ? 'disabled' : 'enabled'}.`,
  };
}
