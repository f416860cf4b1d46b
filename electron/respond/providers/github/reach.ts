import { textAt } from '#shared/domain/json.ts';
import type { Enforcement, Target } from '#shared/domain/response.ts';
import type { CallContext } from '../../provider.ts';
import type { GithubOrganization } from './organization.ts';

/** The login that the account has now: it can be changed, and then be taken by somebody else. */
export async function loginOf(
  github: GithubOrganization,
  { id }: Target,
  call: CallContext,
): Promise<string | null> {
  return textAt((await github.find(`/user/${id}`, call)) ?? {}, 'login');
}

/** A few private repositories tell whether somebody is still let in. */
const mostQuestions = 10;

/** Asks GitHub what somebody may do in private repositories, by whatever way. */
export async function reachOf(
  github: GithubOrganization,
  at: string,
  target: Target,
  call: CallContext,
): Promise<Enforcement> {
  const login = await loginOf(github, target, call);
  const repositories = (await github.list(`${at}/repos?type=private`, call)).slice(0, mostQuestions);
  const answers = await Promise.all(
    repositories.map(async (repository) => {
      const name = textAt(repository, 'full_name') ?? '';
      const answer = await github.find(`/repos/${name}/collaborators/${login ?? ''}/permission`, call);
      return { name, permission: textAt(answer ?? {}, 'permission') ?? 'none' };
    }),
  );
  const open = answers.filter(({ permission }) => permission !== 'none');
  const state =
    open.length > 0 ? 'still_allowed' : answers.length > 0 && login !== null ? 'denied' : 'unknown';
  return {
    state,
    method: 'decision',
    artefacts: ['membership', 'grant'],
    detail:
      state === 'unknown'
        ? 'There is no private repository to ask about.'
        : state === 'denied'
          ? `${target.name} may do nothing in ${answers.length} private repositories.`
          : `${target.name} may still ${open[0]?.permission ?? ''} ${open[0]?.name ?? ''}.`,
    facts: { asked: answers.length, open: open.length },
  };
}
