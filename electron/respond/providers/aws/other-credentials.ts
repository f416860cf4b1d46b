import {
  ListSSHPublicKeysCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  UpdateSSHPublicKeyCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
} from '@aws-sdk/client-iam';
import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Artefact, MissingControl, Target } from '#shared/domain/response.ts';
import {
  type Action,
  type CallContext,
  type FoundTarget,
  type Permission,
  ProviderError,
  type ProviderIo,
} from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import { type AwsClients, readError, written } from './clients.ts';

type Status = 'Active' | 'Inactive';

interface Found {
  readonly id: string | undefined;
  readonly status: string | undefined;
  readonly made: Date | undefined;
}

/** A kind of long-term credential of an IAM user besides access keys and the password. */
interface Kind {
  readonly title: string;
  readonly artefact: Artefact;
  readonly permission: string;
  readonly list: (clients: AwsClients, user: string, call: CallContext) => Promise<readonly Found[]>;
  readonly update: (
    clients: AwsClients,
    user: string,
    id: string,
    status: Status,
    call: CallContext,
  ) => ReturnType<Parameters<typeof written>[0]>;
}

const kinds: Readonly<Record<string, Kind>> = {
  'signing-certificate': {
    title: 'signing certificate',
    artefact: 'client_certificate',
    permission: 'iam:UpdateSigningCertificate',
    async list({ iam }, user, { signal }) {
      const answer = await iam.send(new ListSigningCertificatesCommand({ UserName: user }), {
        abortSignal: signal,
      });
      return (answer.Certificates ?? []).map(({ CertificateId: id, Status: status, UploadDate: made }) => ({
        id,
        status,
        made,
      }));
    },
    update: ({ iam }, user, id, status, { signal }) =>
      iam.send(new UpdateSigningCertificateCommand({ UserName: user, CertificateId: id, Status: status }), {
        abortSignal: signal,
      }),
  },
  'ssh-key': {
    title: 'SSH key',
    artefact: 'ssh_key',
    permission: 'iam:UpdateSSHPublicKey',
    async list({ iam }, user, { signal }) {
      const answer = await iam.send(new ListSSHPublicKeysCommand({ UserName: user }), {
        abortSignal: signal,
      });
      return (answer.SSHPublicKeys ?? []).map(({ SSHPublicKeyId: id, Status: status, UploadDate: made }) => ({
        id,
        status,
        made,
      }));
    },
    update: ({ iam }, user, id, status, { signal }) =>
      iam.send(new UpdateSSHPublicKeyCommand({ UserName: user, SSHPublicKeyId: id, Status: status }), {
        abortSignal: signal,
      }),
  },
  'service-credential': {
    title: 'credential of a service',
    artefact: 'api_key',
    permission: 'iam:UpdateServiceSpecificCredential',
    async list({ iam }, user, { signal }) {
      const answer = await iam.send(new ListServiceSpecificCredentialsCommand({ UserName: user }), {
        abortSignal: signal,
      });
      return (answer.ServiceSpecificCredentials ?? []).map(
        ({ ServiceSpecificCredentialId: id, Status: status, CreateDate: made }) => ({ id, status, made }),
      );
    },
    update: ({ iam }, user, id, status, { signal }) =>
      iam.send(
        new UpdateServiceSpecificCredentialCommand({
          UserName: user,
          ServiceSpecificCredentialId: id,
          Status: status,
        }),
        { abortSignal: signal },
      ),
  },
};

export const otherCredentialPermissions: readonly Permission[] = [
  { name: 'iam:ListSigningCertificates', neededFor: 'read', why: 'to find signing certificates of a user' },
  { name: 'iam:ListSSHPublicKeys', neededFor: 'read', why: 'to find SSH keys of a user' },
  { name: 'iam:ListServiceSpecificCredentials', neededFor: 'read', why: 'to find credentials of services' },
  ...Object.values(kinds).map(({ title, permission }) => ({
    name: permission,
    neededFor: 'credential.deactivate',
    why: `to make a ${title} inactive and active`,
  })),
];

/** Signing certificates, SSH keys and credentials of services (CodeCommit, Keyspaces) of a user. */
export async function otherCredentials(
  clients: AwsClients,
  user: Pick<Target, 'id' | 'name'>,
  call: CallContext,
): Promise<FoundTarget[]> {
  const found: FoundTarget[] = [];
  for (const [kind, { title }] of Object.entries(kinds)) {
    for (const { id, status, made } of (await listedOrNone(clients, kind, user.name, call)) ?? []) {
      if (id === undefined) continue;
      found.push({
        kind,
        id,
        name: `${title} ${id}`,
        parent: user.id,
        createdAt: made?.toISOString() ?? null,
        managedBy: null,
        attributes: { user: user.name, status: status ?? null },
      });
    }
  }
  return found;
}

/** What a plan does not know of where these credentials may not be listed: the user is denied all the same. */
export async function unlistedCredentials(
  clients: AwsClients,
  { name }: Target,
  call: CallContext,
): Promise<MissingControl[]> {
  const unread: string[] = [];
  for (const [kind, { title }] of Object.entries(kinds)) {
    if ((await listedOrNone(clients, kind, name, call)) === null) unread.push(`${title}s`);
  }
  if (unread.length === 0) return [];
  return [
    {
      control: `The ${unread.join(', ')} of ${name}`,
      consequence: 'They are not known, and stay active; the deny on the user refuses what they ask for.',
      advice: 'Allow the operator to list and update them, and plan again.',
    },
  ];
}

/** `Update… Status=Inactive`; null for a target of another kind. */
export function deactivateCredentialAction(clients: AwsClients, io: ProviderIo, kind: string): Action | null {
  const own = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (own === undefined) return null;
  const set = (target: Target, status: Status, call: CallContext) =>
    written(
      () => own.update(clients, userOf(target), target.id, status, call),
      `${target.name} is ${status}.`,
      [own.permission],
    );
  const calls = (target: Target, status: Status) => [
    {
      method: 'POST',
      address: own.permission,
      body: JSON.stringify({ UserName: userOf(target), Id: target.id, Status: status }),
    },
  ];
  return stateAction({
    spec: specOf(own),
    io,
    async read(target, call) {
      const all = await listed(clients, kind, userOf(target), call);
      const now = all.find(({ id }) => id === target.id);
      if (now === undefined) return null;
      const status = now.status ?? null;
      return { state: { status }, isDone: status !== 'Active', detail: `${target.name} is ${status}.` };
    },
    calls: (target) => calls(target, 'Inactive'),
    undoCalls: (target) => calls(target, 'Active'),
    apply: (target, _, call) => set(target, 'Inactive', call),
    undo: (target, before, _, call) =>
      set(target, textAt(before, 'status') === 'Active' ? 'Active' : 'Inactive', call),
  });
}

function specOf({ title, artefact, permission }: Kind): ActionSpec {
  return {
    id: 'credential.deactivate',
    title: `Make the ${title} inactive`,
    verb: 'credential.disable',
    reversibility: 'R0',
    stops: [artefact],
    doesNotStop: [],
    idempotency: 'state_convergent',
    precondition: 'compare_snapshot',
    nativeDryRun: false,
    requiredPermissions: [permission],
    rateLimit: 'IAM throttles the account as a whole',
    settle: { typicalMs: 4_000, maxMs: 60_000 },
    beyondReach: false,
    undo: { possible: true, waitSeconds: 0, note: '' },
  };
}

/** Null where they may not be listed. */
async function listedOrNone(...given: Parameters<typeof listed>): Promise<readonly Found[] | null> {
  try {
    return await listed(...given);
  } catch (thrown) {
    if (thrown instanceof ProviderError && thrown.kind === 'forbidden') return null;
    throw thrown;
  }
}

async function listed(
  clients: AwsClients,
  kind: string,
  user: string,
  call: CallContext,
): Promise<readonly Found[]> {
  try {
    return (await kinds[kind]?.list(clients, user, call)) ?? [];
  } catch (thrown) {
    throw readError(thrown);
  }
}

function userOf({ attributes }: Target): string {
  return String(attributes['user']);
}
