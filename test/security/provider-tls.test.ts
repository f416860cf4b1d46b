import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { entra } from '#electron/respond/providers/entra/index.ts';
import { github } from '#electron/respond/providers/github/index.ts';
import { workspace } from '#electron/respond/providers/google/workspace/index.ts';
import { keycloak } from '#electron/respond/providers/keycloak/index.ts';
import { makeCertificate } from '#test/support/respond/certificate.ts';
import { callContext, openProvider } from '#test/support/respond/provider-io.ts';
import { entraClient, entraTenant } from '#test/support/respond/servers/entra-world.ts';
import { entraCertificate, startEntra } from '#test/support/respond/servers/entra.ts';
import {
  githubApp,
  githubInstallation,
  githubKey,
  startGithub,
} from '#test/support/respond/servers/github.ts';
import { googleKey, responder } from '#test/support/respond/servers/google-token.ts';
import { adminEmail, startWorkspace } from '#test/support/respond/servers/google-workspace.ts';
import type { HttpStandIn, StandInTls } from '#test/support/respond/servers/http-stand-in.ts';
import { keycloakClient } from '#test/support/respond/servers/keycloak-world.ts';
import { keycloakSecret, startKeycloak } from '#test/support/respond/servers/keycloak.ts';

const here = makeCertificate('this machine', [127, 0, 0, 1]);
const elsewhere = makeCertificate('another machine', [192, 0, 2, 1]);
const servers: HttpStandIn[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

interface Vendor {
  readonly start: (tls: StandInTls) => Promise<HttpStandIn>;
  readonly open: (url: string, ca?: string) => Provider;
}

const authority = (ca?: string) => (ca === undefined ? {} : { certificateAuthority: ca });
/** Each with another library for its tokens and calls. */
const vendors: Readonly<Record<string, Vendor>> = {
  'Entra ID': {
    start: startEntra,
    open: (url, ca) =>
      openProvider(
        entra,
        { tenantId: entraTenant, clientId: entraClient, authority: url, graph: url },
        { secrets: { certificate: entraCertificate }, ...authority(ca) },
      ),
  },
  GitHub: {
    start: startGithub,
    open: (url, ca) =>
      openProvider(
        github,
        { organization: 'example-org', appId: githubApp, installationId: githubInstallation, url },
        { secrets: { privateKey: githubKey }, ...authority(ca) },
      ),
  },
  'Google Workspace': {
    start: startWorkspace,
    open: (url, ca) =>
      openProvider(
        workspace,
        { clientEmail: responder, adminEmail, url, tokenUrl: `${url}/token` },
        { secrets: { privateKey: googleKey }, ...authority(ca) },
      ),
  },
  Keycloak: {
    start: startKeycloak,
    open: (url, ca) =>
      openProvider(
        keycloak,
        { url, realm: 'example', clientId: keycloakClient },
        { secrets: { clientSecret: keycloakSecret }, ...authority(ca) },
      ),
  },
};

async function start({ start: begin }: Vendor, certificate: typeof here): Promise<HttpStandIn> {
  const server = await begin({ key: certificate.key, cert: certificate.certificate });
  servers.push(server);
  return server;
}

describe.each(Object.entries(vendors))('%s over TLS', (_, vendor) => {
  test('is reached where its certificate hangs on the private authority that was given', async () => {
    const { url } = await start(vendor, here);
    expect(url).toMatch(/^https:/);
    await expect(vendor.open(url, here.certificate).whoami(callContext())).resolves.toMatchObject({
      tenant: expect.any(String) as string,
    });
  });

  test('nothing is sent to a server whose certificate nobody vouches for, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = await start(vendor, here);
    await expect(vendor.open(server.url).whoami(callContext())).rejects.toMatchObject({
      kind: 'unreachable',
    });
    expect(server.calls).toEqual([]);
  });

  test('nor to one whose certificate is another machine’s', async () => {
    const server = await start(vendor, elsewhere);
    await expect(vendor.open(server.url, elsewhere.certificate).whoami(callContext())).rejects.toMatchObject({
      kind: 'unreachable',
    });
    expect(server.calls).toEqual([]);
  });
});
