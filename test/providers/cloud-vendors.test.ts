import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { verifyActionJournal } from '#electron/respond/journal/verify-journal.ts';
import { buildRestore } from '#electron/respond/plan/build-restore.ts';
import { providerTypes } from '#electron/respond/providers/index.ts';
import { execute } from '#electron/respond/run/engine.ts';
import type { RunView } from '#shared/respond/run.ts';
import { summarize } from '#shared/respond/run-summary.ts';
import { Bench, emergency } from '#test/support/respond/bench.ts';
import * as entraWorld from '#test/support/respond/servers/entra-world.ts';
import { type FakeEntra, entraCertificate, startEntra } from '#test/support/respond/servers/entra.ts';
import { mallory as malloryOnGithub } from '#test/support/respond/servers/github-world.ts';
import {
  type FakeGithub,
  githubApp,
  githubInstallation,
  githubKey,
  startGithub,
} from '#test/support/respond/servers/github.ts';
import { type FakeCloud, projectId, startCloud } from '#test/support/respond/servers/google-cloud.ts';
import { googleKey, responder } from '#test/support/respond/servers/google-token.ts';
import {
  type FakeWorkspace,
  adminEmail,
  malloryId as malloryInWorkspace,
  startWorkspace,
} from '#test/support/respond/servers/google-workspace.ts';
import { keycloakClient, malloryId as malloryInRealm } from '#test/support/respond/servers/keycloak-world.ts';
import { type FakeKeycloak, keycloakSecret, startKeycloak } from '#test/support/respond/servers/keycloak.ts';

let tenant: FakeEntra;
let organization: FakeGithub;
let workspace: FakeWorkspace;
let project: FakeCloud;
let realm: FakeKeycloak;
let bench: Bench;

beforeEach(async () => {
  // Whatever an SDK sends beside the provider's own fetch ends here.
  vi.stubGlobal('fetch', () => Promise.reject(new Error('sent beside the provider')));
  [tenant, organization, workspace, project, realm] = await Promise.all([
    startEntra(),
    startGithub(),
    startWorkspace(),
    startCloud(),
    startKeycloak(),
  ]);
  bench = new Bench({
    types: providerTypes,
    limits: { settleMs: 1_000 },
    secrets: {
      tenant: { certificate: entraCertificate },
      organization: { privateKey: githubKey },
      workspace: { privateKey: googleKey },
      project: { privateKey: googleKey },
      realm: { clientSecret: keycloakSecret },
    },
  });
  const { entraTenant: tenantId, entraClient: clientId } = entraWorld;
  const { url: graph } = tenant;
  await bench.add('tenant', { tenantId, clientId, graph, authority: graph }, 'entra');
  const app = { appId: githubApp, installationId: githubInstallation };
  await bench.add('organization', { organization: 'example-org', ...app, url: organization.url }, 'github');
  const admin = {
    clientEmail: responder,
    adminEmail,
    url: workspace.url,
    tokenUrl: `${workspace.url}/token`,
  };
  await bench.add('workspace', admin, 'google-workspace');
  const { url: google } = project;
  const addresses = { iamUrl: google, resourceManagerUrl: google, tokenUrl: `${google}/token` };
  await bench.add('project', { clientEmail: responder, project: projectId, ...addresses }, 'google-cloud');
  await bench.add('realm', { url: realm.url, realm: 'example', clientId: keycloakClient }, 'keycloak');
});
afterEach(async () => {
  vi.unstubAllGlobals();
  bench.close();
  await Promise.all([tenant, organization, workspace, project, realm].map((server) => server.stop()));
});

const names = ['mallory@example.org', 'mallory'];
/** What the suspect can still do, seen at the vendors and not through the providers. */
const access = () => ({
  tenant: tenant.signIn(entraWorld.malloryId),
  organization: organization.world.memberships.get(malloryOnGithub.id)?.state ?? null,
  workspace: workspace.users.get(malloryInWorkspace)?.suspended === false,
  project: JSON.stringify([...project.policies]).includes('user:mallory@example.org'),
  realm: realm.world.users.get(malloryInRealm)?.['enabled'],
});
const states = (run: RunView): Record<string, string> =>
  Object.fromEntries(run.actions.map(({ action, state }) => [`${action.spec.id} ${action.id}`, state]));

describe('one suspect at five cloud vendors, through the engine', () => {
  test('a plan takes all of it away, whatever breaks on the way, and a restore gives back', {
    timeout: 60_000,
  }, async () => {
    const document = await bench.plan(names, 'remove');
    expect(document.plan.refusals).toEqual([]);
    tenant.fault('PATCH /v1.0/users', 'error-after-effect');
    organization.fault('DELETE /orgs/example-org/memberships', 'reset-after-effect');
    workspace.fault('PATCH', 'reset-after-effect');
    project.fault(`POST /v3/projects/${projectId}:setIamPolicy`, 'error-after-effect');
    realm.fault('PUT /admin', 'error-after-effect');
    realm.fault(`GET /admin/realms/example/users/${malloryInRealm}`, 'stale', 2);
    const run = await execute(document, emergency(Date.now()), bench.tools());
    expect(access()).toEqual({
      tenant: false,
      organization: null,
      workspace: false,
      project: false,
      realm: false,
    });
    const unsure = Object.entries(states(run)).filter(([, state]) => state !== 'effective');
    // Google does not say which sessions a user has.
    expect(unsure.map(([action]) => action.split(' ')[0])).toEqual(['user.sign-out']);
    expect(verifyActionJournal(bench.folder, bench.config)).toMatchObject({ ok: true });

    const tools = bench.tools();
    const restore = await buildRestore(
      { run, observeSeconds: 0, proposer: 'tester' },
      { ...tools, signal: tools.stop },
    );
    const right = { ...emergency(Date.now()), kind: 'approvals' } as const;
    const restored = await execute(restore, right, bench.tools());
    expect(summarize(restored)).toMatchObject({ contained: true });
    expect(access()).toEqual({
      tenant: true,
      // Invited again: whether to come back is the user’s.
      organization: 'pending',
      workspace: true,
      project: true,
      realm: true,
    });
    expect(realm.world.groups[0]?.members.has(malloryInRealm)).toBe(true);
    expect(
      tenant.world.appRoleAssignments.some(({ principalId }) => principalId === entraWorld.malloryId),
    ).toBe(true);
    expect(organization.world.teams.get('core')?.get(malloryOnGithub.id)).toBe('maintainer');
  });

  test('last administrators and the operator’s own chain are refused everywhere', async () => {
    const { plan } = await bench.plan(['alice@example.org', 'alice', adminEmail, 'responder'], 'evict');
    const refused = plan.refusals.map(({ provider, rule, name }) => `${provider} ${rule} ${name}`);
    expect(refused).toContain('tenant last-administrator alice@example.org');
    expect(refused).toContain('organization last-administrator alice');
    expect(refused).toContain(`workspace operator-chain ${adminEmail}`);
    expect(refused).toContain('tenant operator-chain responder');
    expect(refused).toContain('organization operator-chain responder');
    // The realm has another administrator, through a group.
    expect(refused.filter((line) => line.startsWith('realm'))).toEqual([]);
  });

  test('no secret is in the journal, the plan or a log', { timeout: 60_000 }, async () => {
    const document = await bench.plan(names, 'evict');
    await execute(document, emergency(Date.now()), bench.tools());
    const files = readdirSync(bench.root, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    const said = [JSON.stringify(document), ...bench.logged, ...files].join('\n');
    const keys = [entraCertificate, githubKey, googleKey].map((pem) => pem.split('\n').at(-4) ?? pem);
    for (const secret of [...keys, keycloakSecret]) expect(said.includes(secret)).toBe(false);
    expect(tenant.world.users[0]?.['password']).toBeDefined();
    expect(said.includes(String(tenant.world.users[0]?.['password']))).toBe(false);
  });
});
