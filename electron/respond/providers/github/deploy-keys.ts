import { createHash } from 'node:crypto';
import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { eachAtOnce } from '../../calls.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import type { GithubOrganization } from './organization.ts';

const keySpec: ActionSpec = {
  idempotency: 'state_convergent',
  precondition: 'uid',
  nativeDryRun: false,
  rateLimit: '5,000 an hour, and secondary limits',
  settle: { typicalMs: 1_000, maxMs: 60_000 },
  beyondReach: null,
  id: 'deploy-key.delete',
  title: 'Delete the deploy key',
  verb: 'credential.delete',
  reversibility: 'R1',
  stops: ['ssh_key'],
  doesNotStop: [
    {
      artefact: 'open_connection',
      residualSeconds: 3_600,
      coveredBy: [],
      note: 'A transfer that is running ends by itself; cloned code is out of reach.',
    },
  ],
  requiredPermissions: ['administration: write'],
  undo: { possible: true, waitSeconds: 0, note: 'The same public key is added again and gets a new number.' },
};

/** Deploy keys that somebody added, in every repository that the app sees: they outlive the membership. */
export async function deployKeysOf(
  github: GithubOrganization,
  organization: string,
  { id, name }: Pick<Target, 'id' | 'name'>,
  call: CallContext,
): Promise<FoundTarget[]> {
  return (await deployKeys(github, `/orgs/${organization}`, call))
    .filter(({ key }) => textAt(key, 'added_by')?.toLowerCase() === name.toLowerCase())
    .map(({ repository, key }) => ({
      kind: 'deploy-key',
      id: `${repository}/${fingerprintOf(textAt(key, 'key') ?? '')}`,
      name: `${textAt(key, 'title') ?? 'key'} of ${repository}`,
      parent: id,
      createdAt: textAt(key, 'created_at'),
      managedBy: null,
      attributes: { repository, readOnly: key['read_only'] === true, lastUsed: textAt(key, 'last_used') },
    }));
}

async function deployKeys(
  github: GithubOrganization,
  at: string,
  call: CallContext,
): Promise<{ readonly repository: string; readonly key: JsonObject }[]> {
  const repositories = await github.list(`${at}/repos`, call);
  const found = await eachAtOnce(repositories, 8, async (one) => {
    const repository = textAt(one, 'full_name') ?? '';
    const keys = (await github.listIfGiven(`/repos/${repository}/keys`, call)) ?? [];
    return keys.map((key) => ({ repository, key }));
  });
  return found.flat();
}

/** As `ssh-keygen -l` shows it. */
function fingerprintOf(publicKey: string): string {
  const [, blob = ''] = publicKey.split(' ');
  return createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64url');
}

/** Known by repository and public key, which stay when it is added again. */
export function deleteDeployKeyAction(github: GithubOrganization, io: ProviderIo): Action {
  const written = { permissions: keySpec.requiredPermissions };
  return stateAction({
    spec: keySpec,
    io,
    async read(target, call) {
      const keys = await github.list(keysPath(target), call);
      const key = keys.find((one) => target.id.endsWith(`/${fingerprintOf(textAt(one, 'key') ?? '')}`));
      return {
        state:
          key === undefined
            ? {}
            : { title: key['title'] ?? '', key: key['key'] ?? '', read_only: key['read_only'] === true },
        isDone: key === undefined,
        detail: `${target.name} is ${key === undefined ? 'not there' : 'there'}.`,
        facts: { number: textAt(key, 'id') },
      };
    },
    calls: (target) => [
      { method: 'DELETE', address: github.address(`${keysPath(target)}/(its number)`), body: null },
    ],
    undoCalls: (target, before) => [
      { method: 'POST', address: github.address(keysPath(target)), body: JSON.stringify(before) },
    ],
    apply: (target, { facts }, call) =>
      github.write('DELETE', `${keysPath(target)}/${textAt(facts, 'number')}`, null, written, call),
    undo: (target, before, _now, call) => github.write('POST', keysPath(target), before, written, call),
  });
}

function keysPath({ attributes }: Target): string {
  return `/repos/${String(attributes['repository'])}/keys`;
}
