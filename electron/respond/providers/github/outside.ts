import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec } from '#shared/domain/response.ts';
import { eachAtOnce } from '../../calls.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import type { GithubOrganization } from './organization.ts';
import { byName, kept, pairsOf, permissions, removing, together } from './people.ts';
import { loginOf, reachOf } from './reach.ts';

const outsideSpec: ActionSpec = {
  ...removing,
  id: 'outside-collaborator.remove',
  title: 'Remove the outside collaborator from every repository',
  reversibility: 'R1',
  stops: ['membership'],
  doesNotStop: kept,
  undo: { possible: true, waitSeconds: 0, note: 'The user is invited to the same repositories again.' },
};

/** Takes somebody out of every repository, who is no member; the snapshot holds which, and the role there. */
export function removeOutsideAction(
  github: GithubOrganization,
  organization: string,
  io: ProviderIo,
): Action {
  const at = `/orgs/${organization}`;
  return stateAction({
    spec: outsideSpec,
    io,
    async read(target, call) {
      const login = await loginOf(github, target, call);
      const all = await github.list(`${at}/outside_collaborators`, call);
      const there = all.some((one) => textAt(one, 'id') === target.id);
      return {
        state: {
          login,
          repositories: there && login !== null ? await repositoriesOf(github, at, login, call) : [],
        },
        isDone: !there,
        detail: `${target.name} is ${there ? 'an' : 'no'} outside collaborator.`,
      };
    },
    calls: ({ name }) => [
      { method: 'DELETE', address: github.address(`${at}/outside_collaborators/${name}`), body: null },
    ],
    probe: (target, _, call) => reachOf(github, at, target, call),
    apply: (_, { state }, call) =>
      github.write(
        'DELETE',
        `${at}/outside_collaborators/${textAt(state, 'login')}`,
        null,
        { permissions },
        call,
      ),
    undo: (_, before, { state }, call) =>
      together(
        null,
        pairsOf(before, 'repositories'),
        ([repository]) => repository,
        ([repository, permission]) =>
          github.write(
            'PUT',
            `/repos/${repository}/collaborators/${textAt(state, 'login')}`,
            { permission },
            { permissions },
            call,
          ),
      ),
  });
}

/** Repositories that an outside collaborator reaches, with the role there. */
async function repositoriesOf(
  github: GithubOrganization,
  at: string,
  login: string,
  call: CallContext,
): Promise<string[][]> {
  const repositories = await github.list(`${at}/repos`, call);
  const found = await eachAtOnce(repositories, 8, async (repository) => {
    const name = textAt(repository, 'full_name') ?? '';
    const people = await github.list(`/repos/${name}/collaborators?affiliation=outside`, call);
    const person = people.find((one) => textAt(one, 'login')?.toLowerCase() === login.toLowerCase());
    return person === undefined ? [] : [[name, textAt(person, 'role_name') ?? 'pull']];
  });
  return found.flat().toSorted(byName);
}
