import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../../provider.ts';
import { stateAction } from '../../../state-action.ts';
import type { WorkspaceDirectory } from './directory.ts';

const common = {
  nativeDryRun: false,
  rateLimit: '2,400 a minute for the customer',
  beyondReach: null,
  idempotency: 'state_convergent',
  precondition: 'uid',
  requiredPermissions: ['admin.directory.user.security'],
  settle: { typicalMs: 2_000, maxMs: 120_000 },
} as const;

const tokenSpec: ActionSpec = {
  ...common,
  id: 'oauth-token.revoke',
  title: 'Revoke what the application was given',
  verb: 'token.revoke',
  reversibility: 'R2',
  stops: ['refresh_token', 'consent'],
  doesNotStop: [
    {
      artefact: 'access_token',
      residualSeconds: 3_600,
      coveredBy: [],
      note: 'Access tokens that the application holds are accepted until they expire: up to an hour.',
    },
  ],
  undo: { possible: false, waitSeconds: 0, note: 'The user lets the application in again.' },
};

const passwordSpec: ActionSpec = {
  ...common,
  id: 'app-password.delete',
  title: 'Delete the application password',
  verb: 'credential.delete',
  reversibility: 'R3',
  stops: ['password'],
  doesNotStop: [
    {
      artefact: 'open_connection',
      residualSeconds: 3_600,
      coveredBy: ['session.invalidate'],
      note: 'A mail connection that is open goes on until it is made anew.',
    },
  ],
  undo: { possible: false, waitSeconds: 0, note: 'The user makes a new one.' },
};

/** Applications that a user has let in, and passwords for applications. */
export async function heldBy(
  directory: WorkspaceDirectory,
  user: Pick<Target, 'id'>,
  call: CallContext,
): Promise<FoundTarget[]> {
  const [tokens, passwords] = await Promise.all([
    directory.tokens(user.id, call),
    directory.appPasswords(user.id, call),
  ]);
  const target = (kind: string, key: string, name: string | null, created: JsonObject['x']): FoundTarget => ({
    kind,
    id: `${user.id}/${key}`,
    name: name ?? key,
    parent: user.id,
    createdAt: millisecondsText(created),
    managedBy: null,
    attributes: { user: user.id, key },
  });
  return [
    ...tokens.map((token) =>
      target('oauth-token', textAt(token, 'clientId') ?? '', textAt(token, 'displayText'), null),
    ),
    ...passwords.map((password) =>
      target(
        'app-password',
        textAt(password, 'codeId') ?? '',
        textAt(password, 'name'),
        password['creationTime'],
      ),
    ),
  ];
}

/** Times of application passwords are milliseconds of the epoch, as text (Directory API, asps). */
function millisecondsText(value: JsonObject['x']): string | null {
  const time = new Date(Number(value ?? Number.NaN));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

export function revokeTokenAction(directory: WorkspaceDirectory, io: ProviderIo): Action {
  const keys = async (user: string, call: CallContext) =>
    (await directory.tokens(user, call)).map((token) => textAt(token, 'clientId'));
  return heldAction(directory, io, tokenSpec, 'tokens', keys, (target, call) =>
    directory.calls.write('DELETE tokens', call, tokenSpec.requiredPermissions, ({ tokens }) =>
      tokens.delete({ userKey: userOf(target), clientId: keyOf(target) }),
    ),
  );
}

export function deletePasswordAction(directory: WorkspaceDirectory, io: ProviderIo): Action {
  const keys = async (user: string, call: CallContext) =>
    (await directory.appPasswords(user, call)).map((password) => textAt(password, 'codeId'));
  return heldAction(directory, io, passwordSpec, 'asps', keys, (target, call) =>
    directory.calls.write('DELETE asps', call, passwordSpec.requiredPermissions, ({ asps }) =>
      asps.delete({ userKey: userOf(target), codeId: Number(keyOf(target)) }),
    ),
  );
}

function heldAction(
  directory: WorkspaceDirectory,
  io: ProviderIo,
  spec: ActionSpec,
  collection: string,
  keys: (user: string, call: CallContext) => Promise<readonly (string | null)[]>,
  remove: (target: Target, call: CallContext) => ReturnType<Action['apply']>,
): Action {
  return stateAction({
    spec,
    io,
    async read(target, call) {
      const there = (await keys(userOf(target), call)).includes(keyOf(target));
      return {
        state: { there },
        isDone: !there,
        detail: `${target.name} is ${there ? 'there' : 'not there'}.`,
      };
    },
    calls: (target) => [
      {
        method: 'DELETE',
        address: directory.address(
          `/users/${userOf(target)}/${collection}/${encodeURIComponent(keyOf(target))}`,
        ),
        body: null,
      },
    ],
    apply: (target, _, call) => remove(target, call),
    undo: null,
  });
}

function userOf({ attributes }: Target): string {
  return String(attributes['user']);
}

function keyOf({ attributes }: Target): string {
  return String(attributes['key']);
}
