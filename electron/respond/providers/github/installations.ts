import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, MissingControl, Target } from '#shared/domain/response.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import type { GithubConfig } from './config.ts';
import type { GithubOrganization } from './organization.ts';

const spec: ActionSpec = {
  id: 'app-installation.suspend',
  title: 'Suspend the app’s installation',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login', 'access_token'],
  doesNotStop: [
    {
      artefact: 'client_secret',
      residualSeconds: null,
      coveredBy: ['credential.rotate'],
      note: 'The app’s own key can lift the suspension: have it replaced.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: [],
  rateLimit: '5,000 an hour, and secondary limits',
  settle: { typicalMs: 1_000, maxMs: 60_000 },
  beyondReach: false,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

export async function installations(
  github: GithubOrganization,
  { organization }: GithubConfig,
  call: CallContext,
): Promise<JsonObject[]> {
  return github.list(`/orgs/${organization}/installations`, call);
}

export function installationTarget(installation: JsonObject): FoundTarget {
  return {
    kind: 'app-installation',
    id: textAt(installation, 'id') ?? '',
    name: textAt(installation, 'app_slug') ?? '',
    parent: null,
    createdAt: textAt(installation, 'created_at'),
    managedBy: null,
    attributes: {
      appId: textAt(installation, 'app_id'),
      suspendedAt: textAt(installation, 'suspended_at'),
      repositories: textAt(installation, 'repository_selection'),
    },
  };
}

/** `PUT /app/installations/{id}/suspended`, which only the app itself may call, with its own key. */
export function suspendAction(github: GithubOrganization, config: GithubConfig, io: ProviderIo): Action {
  const written = { as: 'managed-app', permissions: [] } as const;
  return stateAction({
    spec,
    io,
    async read(target, call) {
      const found = (await installations(github, config, call)).find(
        (one) => textAt(one, 'id') === target.id,
      );
      if (found === undefined) return null;
      const since = textAt(found, 'suspended_at');
      return {
        state: { suspended: since !== null },
        isDone: since !== null,
        detail: `${target.name} is ${since === null ? 'not suspended' : `suspended since ${since}`}.`,
      };
    },
    calls: (target) => [{ method: 'PUT', address: github.address(suspendedPath(target)), body: null }],
    undoCalls: (target) => [{ method: 'DELETE', address: github.address(suspendedPath(target)), body: null }],
    apply: (target, _, call) => github.write('PUT', suspendedPath(target), null, written, call),
    undo: (target, _before, _now, call) => github.write('DELETE', suspendedPath(target), null, written, call),
  });
}

export function foreignApp({ name }: Target): MissingControl {
  return {
    control: `The key of the app ${name}`,
    consequence:
      'Only an app itself may suspend its installation by API; its tokens live an hour and are renewed.',
    advice:
      'Suspend or uninstall it in the organization’s settings, or configure it as the managed app with its key.',
  };
}

function suspendedPath({ id }: Target): string {
  return `/app/installations/${id}/suspended`;
}
