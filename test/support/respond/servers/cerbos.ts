import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../imports.ts';
import { freePort, listening } from './free-port.ts';

const program = join(projectRoot, 'node_modules/@cerbos/cerbos-linux-x64/cerbos-linux-x64');
/** The documented default of the Admin API (Cerbos documentation, "Server block"). */
export const adminPassword = 'cerbosAdmin';
const passwordHash = 'JDJ5JDEwJEdEOVFzZDE2VVhoVkR0N2VkUFBVM09nalc0QnNZaC9xc2E4bS9mcUJJcEZXenp5OUpjMi91Cgo=';

/** Why the tests on a real Cerbos cannot run here; null where they can. */
export const cerbosMissing = existsSync(program)
  ? null
  : 'The optional package @cerbos/cerbos-linux-x64 is not there: it serves Linux on x64 alone.';

export interface Cerbos {
  readonly url: string;
  /** Asks as an application does; one that keeps its principals in a scope names it. */
  isAllowed(principal: string, role: string, scope?: string): Promise<boolean>;
  stop(): Promise<void>;
}

const documents = {
  apiVersion: 'api.cerbos.dev/v1',
  resourcePolicy: {
    resource: 'document',
    version: 'default',
    rules: [{ actions: ['view'], effect: 'EFFECT_ALLOW', roles: ['analyst'] }],
  },
};

/** Starts Cerbos with a store that can be written, and a policy that lets analysts view documents. */
export async function startCerbos(): Promise<Cerbos> {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-cerbos-'));
  const [http, grpc] = [await freePort(), await freePort()];
  writeFileSync(
    join(folder, 'config.yaml'),
    JSON.stringify({
      server: {
        httpListenAddr: `127.0.0.1:${http}`,
        grpcListenAddr: `127.0.0.1:${grpc}`,
        adminAPI: { enabled: true, adminCredentials: { username: 'cerbos', passwordHash } },
      },
      storage: { driver: 'sqlite3', sqlite3: { dsn: `file:${join(folder, 'store.db')}?mode=rwc&_fk=true` } },
      telemetry: { disabled: true },
    }),
  );
  const server = spawn(program, ['server', '--config', join(folder, 'config.yaml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { CERBOS_NO_TELEMETRY: '1' },
  });
  let text = '';
  server.stderr.on('data', (data: Buffer) => (text += data.toString('utf8')));
  const ended = new Promise<string>(
    (resolve) => void server.once('exit', (code) => resolve(`${code}: ${text}`)),
  );
  await listening(http, ended);
  const url = `http://127.0.0.1:${http}`;
  const basic = Buffer.from(`cerbos:${adminPassword}`).toString('base64');
  const added = await fetch(`${url}/admin/policy`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
    body: JSON.stringify({ policies: [documents] }),
  });
  if (!added.ok) throw new Error(`Cerbos refused the policy: ${await added.text()}`);
  return {
    url,
    async isAllowed(principal, role, scope = '') {
      const response = await fetch(`${url}/api/check/resources`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          requestId: 'test',
          principal: { id: principal, roles: [role], scope },
          resources: [{ actions: ['view'], resource: { kind: 'document', id: 'd-1' } }],
        }),
      });
      const { results } = (await response.json()) as { results: { actions: { view: string } }[] };
      return results[0]?.actions.view === 'EFFECT_ALLOW';
    },
    async stop() {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
