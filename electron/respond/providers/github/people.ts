import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Remainder } from '#shared/domain/response.ts';
import { eachAtOnce } from '../../calls.ts';
import { furtherCall, outcome, partial } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import { type GithubOrganization, accountOf } from './organization.ts';
import { loginOf, reachOf } from './reach.ts';

export const permissions = ['members: write'];

/** What somebody keeps who is no longer let into the organization. */
export const kept: readonly Remainder[] = [
  {
    artefact: 'personal_access_token',
    residualSeconds: null,
    coveredBy: ['token.revoke'],
    note: 'Tokens of the user go on outside the organization: own repositories, other organizations, everything public.',
  },
  {
    artefact: 'ssh_key',
    residualSeconds: null,
    coveredBy: [],
    note: 'SSH keys stay with the user. Deploy keys belong to repositories and stay until they are deleted there.',
  },
  {
    artefact: 'access_token',
    residualSeconds: 86_400,
    coveredBy: [],
    note: 'Workflows that run go on with tokens of their own: at most a day; cloned code is out of reach.',
  },
];

export const removing = {
  verb: 'grant.remove',
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: permissions,
  rateLimit: '5,000 an hour, and secondary limits',
  settle: { typicalMs: 1_000, maxMs: 60_000 },
  beyondReach: null,
} as const;

const removeSpec: ActionSpec = {
  ...removing,
  id: 'membership.remove',
  title: 'Remove the member from the organization',
  reversibility: 'R1',
  stops: ['membership'],
  doesNotStop: kept,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'The user is invited again, with role and teams; private forks are lost.',
  },
};

const demoteSpec: ActionSpec = {
  ...removing,
  id: 'owner.demote',
  title: 'Make the owner a plain member',
  reversibility: 'R0',
  stops: ['grant'],
  doesNotStop: [
    {
      artefact: 'membership',
      residualSeconds: null,
      coveredBy: ['grant.remove'],
      note: 'The user stays a member, with what teams and repositories give.',
    },
    ...kept,
  ],
  undo: { possible: true, waitSeconds: 0, note: '' },
};

const blockSpec: ActionSpec = {
  ...removing,
  id: 'user.block',
  title: 'Block the user from the organization',
  verb: 'deny.attach',
  reversibility: 'R0',
  stops: ['grant'],
  doesNotStop: kept,
  requiredPermissions: ['organization_user_blocking: write'],
  undo: { possible: true, waitSeconds: 0, note: '' },
};

/** Members and outside collaborators by login or number. Others on GitHub who happen to bear the name are not meant. */
export async function findPerson(
  github: GithubOrganization,
  organization: string,
  name: string,
  call: CallContext,
): Promise<FoundTarget | null> {
  if (!/^[A-Za-z0-9-]{1,39}(?:_[A-Za-z0-9]+)?$/.test(name)) return null;
  const byNumber = /^\d+$/.test(name) ? await github.find(`/user/${name}`, call) : null;
  const account = byNumber ?? (await github.find(`/users/${name}`, call));
  const [id, login] = [textAt(account ?? {}, 'id'), textAt(account ?? {}, 'login')];
  if (id === null || login === null) return null;
  const membership = await membershipOf(github, organization, login, call);
  if (membership !== null) return personTarget(id, login, textAt(membership, 'role'), membership);
  const outside = await github.list(`/orgs/${organization}/outside_collaborators`, call);
  return outside.some((one) => textAt(one, 'id') === id) ? personTarget(id, login, 'outside', {}) : null;
}

function personTarget(id: string, login: string, role: string | null, membership: JsonObject): FoundTarget {
  return {
    kind: 'user',
    id,
    name: login,
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: { role, state: textAt(membership, 'state') },
  };
}

function membershipOf(
  github: GithubOrganization,
  organization: string,
  login: string,
  call: CallContext,
): Promise<JsonObject | null> {
  return github.find(`/orgs/${organization}/memberships/${login}`, call);
}

export function personActions(
  github: GithubOrganization,
  organization: string,
  io: ProviderIo,
): { readonly remove: Action; readonly demote: Action; readonly block: Action } {
  const at = `/orgs/${organization}`;
  const put = (path: string, body: JsonObject | null, call: CallContext): Promise<Outcome> =>
    github.write('PUT', path, body, { permissions }, call);
  const remove = stateAction({
    spec: removeSpec,
    io,
    async read(target, call) {
      const login = await loginOf(github, target, call);
      const membership = login === null ? null : await membershipOf(github, organization, login, call);
      const role = textAt(membership ?? {}, 'role');
      return {
        state: {
          login,
          role,
          teams: login === null || membership === null ? [] : await teamsOf(github, at, login, call),
        },
        isDone: membership === null,
        detail: `${target.name} is ${membership === null ? 'no member' : `a member (${role})`}.`,
        facts: { state: textAt(membership ?? {}, 'state') },
      };
    },
    calls: ({ name }) => [
      { method: 'DELETE', address: github.address(`${at}/memberships/${name}`), body: null },
    ],
    undoCalls: ({ name }, before) => [
      {
        method: 'PUT',
        address: github.address(`${at}/memberships/${name}`),
        body: JSON.stringify({ role: before['role'] }),
      },
      ...teamsIn(before).map(([team, role]) => ({
        method: 'PUT',
        address: github.address(`${at}/teams/${team}/memberships/${name}`),
        body: JSON.stringify({ role }),
      })),
    ],
    probe: (target, _, call) => reachOf(github, at, target, call),
    apply: (_, { state }, call) =>
      github.write('DELETE', `${at}/memberships/${textAt(state, 'login')}`, null, { permissions }, call),
    async undo(target, before, { state }, call) {
      const login = textAt(state, 'login') ?? target.name;
      const invited = await put(`${at}/memberships/${login}`, { role: textAt(before, 'role') }, call);
      if (invited.kind !== 'applied') return invited;
      return together(
        invited,
        teamsIn(before),
        ([team]) => team,
        ([team, role]) => put(`${at}/teams/${team}/memberships/${login}`, { role }, call),
      );
    },
  });
  const demote = stateAction({
    spec: demoteSpec,
    io,
    async read(target, call) {
      const login = await loginOf(github, target, call);
      const membership = login === null ? null : await membershipOf(github, organization, login, call);
      if (membership === null) return null;
      const role = textAt(membership, 'role');
      return { state: { login, role }, isDone: role !== 'admin', detail: `${target.name} is ${role}.` };
    },
    calls: ({ name }) => [
      { method: 'PUT', address: github.address(`${at}/memberships/${name}`), body: '{"role":"member"}' },
    ],
    apply: (_, { state }, call) =>
      put(`${at}/memberships/${textAt(state, 'login')}`, { role: 'member' }, call),
    undo: (_, _before, { state }, call) =>
      put(`${at}/memberships/${textAt(state, 'login')}`, { role: 'admin' }, call),
  });
  const blocking = { permissions: blockSpec.requiredPermissions };
  const block = stateAction({
    spec: blockSpec,
    io,
    async read(target, call) {
      const blocked = await github.list(`${at}/blocks`, call);
      const isBlocked = blocked.some((one) => textAt(one, 'id') === target.id);
      return {
        state: { blocked: isBlocked },
        isDone: isBlocked,
        detail: `${target.name} is ${isBlocked ? '' : 'not '}blocked.`,
      };
    },
    calls: ({ name }) => [{ method: 'PUT', address: github.address(`${at}/blocks/${name}`), body: null }],
    apply: async (target, _, call) =>
      github.write('PUT', `${at}/blocks/${await loginOf(github, target, call)}`, null, blocking, call),
    undo: async (target, _before, _now, call) =>
      github.write('DELETE', `${at}/blocks/${await loginOf(github, target, call)}`, null, blocking, call),
  });
  return { remove, demote, block };
}

/** Teams that a member is in, with the role there. */
async function teamsOf(
  github: GithubOrganization,
  at: string,
  login: string,
  call: CallContext,
): Promise<string[][]> {
  const teams = await github.list(`${at}/teams`, call);
  const found = await eachAtOnce(teams, 8, async (team) => {
    const slug = textAt(team, 'slug') ?? '';
    const membership = await github.find(`${at}/teams/${slug}/memberships/${login}`, call);
    return membership === null ? [] : [[slug, textAt(membership, 'role') ?? 'member']];
  });
  return found.flat().toSorted(byName);
}

export function byName([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : 1;
}

function teamsIn(state: JsonObject): [string, string][] {
  return pairsOf(state, 'teams');
}

export function pairsOf(state: JsonObject, member: string): [string, string][] {
  const pairs = state[member];
  if (!Array.isArray(pairs)) return [];
  return pairs.map((pair: unknown) => {
    const [name, value]: unknown[] = Array.isArray(pair) ? pair : [];
    return [String(name), String(value)];
  });
}

/** One call after the other, behind a `first` one where that was made; what failed of them is named. */
export async function together<T>(
  first: Outcome | null,
  items: readonly T[],
  nameOf: (item: T) => string,
  work: (item: T) => Promise<Outcome>,
): Promise<Outcome> {
  const [done, failed]: [string[], string[]] = [[], []];
  for (const item of items) {
    const isFirst = first === null && done.length + failed.length === 0;
    const { kind } = await (isFirst ? work(item) : furtherCall(() => work(item)));
    (kind === 'applied' ? done : failed).push(nameOf(item));
  }
  return failed.length === 0
    ? (first ?? outcome('applied', 'Put back.'))
    : partial(done, failed, `Not put back: ${failed.join(', ')}.`);
}

/** Owners of the organization. */
export async function owners(
  github: GithubOrganization,
  organization: string,
  call: CallContext,
): Promise<string[]> {
  const found = await github.list(`/orgs/${organization}/members?role=admin`, call);
  return found.flatMap((one) => accountOf({ one }, 'one')?.id ?? []);
}
