import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'ldapts';
import { makeCertificate } from '../certificate.ts';
import { listening } from './free-port.ts';

export const domain = 'DC=ad,DC=test';
export const adminPassword = 'Adm1nistrator-4711';
export const suspectPassword = 'Mallory-91aa20';
/** Samba has no setting for it. */
const port = 389;
const encryptedPort = 636;

/** Why the tests on a real Active Directory domain controller cannot run here; null where they can. */
export async function sambaMissing(): Promise<string | null> {
  if (!existsSync('/usr/sbin/samba') || !existsSync('/usr/bin/samba-tool')) {
    return 'Samba’s domain controller is not installed (Debian: "apt-get install samba-ad-dc samba-ad-provision").';
  }
  if (process.getuid?.() !== 0) return 'Samba’s domain controller needs root for its ports.';
  for (const needed of [port, encryptedPort]) {
    const isTaken = await new Promise<boolean>((resolve) => {
      const socket = connect({ port: needed, host: '127.0.0.1' });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isTaken) return `Port ${needed} of this machine is taken.`;
  }
  return null;
}

export interface Samba {
  /** Encrypted: a password is not set otherwise. */
  readonly url: string;
  readonly certificateAuthority: string;
  /** Runs samba-tool on the domain. */
  tool(...words: readonly string[]): void;
  /** Binds as somebody with a client of its own; the server's own words where it refuses. */
  bind(name: string, password: string): Promise<string | null>;
  /** An attribute of somebody, read as the administrator. */
  read(name: string, attribute: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Provisions a domain of its own in a temporary folder and starts its directory on loopback, and nothing else of it. */
export async function startSamba(): Promise<Samba> {
  const home = mkdtempSync(join(tmpdir(), 'rescind-samba-'));
  const configuration = join(home, 'etc', 'smb.conf');
  mkdirSync(join(home, 'run'));
  const names = ['--realm=AD.TEST', '--domain=ADT', '--host-name=dc1', '--host-ip=127.0.0.1'];
  const place = ['--server-role=dc', '--dns-backend=NONE', `--targetdir=${home}`];
  run('domain', 'provision', ...names, ...place, `--adminpass=${adminPassword}`);
  const certificate = makeCertificate('dc1.ad.test', [127, 0, 0, 1]);
  writeFileSync(join(home, 'tls.crt'), certificate.certificate);
  writeFileSync(join(home, 'tls.key'), certificate.key, { mode: 0o600 });
  writeFileSync(
    configuration,
    readFileSync(configuration, 'utf8').replace(
      '[global]',
      `[global]
\tinterfaces = lo
\tbind interfaces only = yes
\tserver services = ldap
\tldap server require strong auth = no
\ttls certfile = ${home}/tls.crt
\ttls keyfile = ${home}/tls.key
\ttls cafile = ${home}/tls.crt
\tpid directory = ${home}/run`,
    ),
  );
  const tool = (...words: readonly string[]): void => run(...words, `--configfile=${configuration}`);
  tool('user', 'create', 'mallory', suspectPassword);
  tool('group', 'add', 'payments');
  tool('group', 'addmembers', 'payments', 'mallory');
  const server = spawn('samba', ['-i', '-s', configuration, '--debug-stdout', '-d', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: it works in several processes.
    detached: true,
  });
  const end = ended(server);
  await listening(port, end);
  await listening(encryptedPort, end);
  const url = `ldap://127.0.0.1:${port}`;
  return {
    url: `ldaps://127.0.0.1:${encryptedPort}`,
    certificateAuthority: certificate.certificate,
    tool,
    async bind(name, password) {
      const client = new Client({ url });
      try {
        await client.bind(`CN=${name},CN=Users,${domain}`, password);
        return null;
      } catch (thrown) {
        return thrown instanceof Error ? thrown.message : 'refused';
      } finally {
        await client.unbind();
      }
    },
    async read(name, attribute) {
      const client = new Client({ url });
      await client.bind(`CN=Administrator,CN=Users,${domain}`, adminPassword);
      const { searchEntries } = await client.search(`CN=Users,${domain}`, {
        filter: `(sAMAccountName=${name})`,
        attributes: [attribute],
      });
      await client.unbind();
      const value = searchEntries[0]?.[attribute] ?? [];
      return (Array.isArray(value) ? value : [value]).map(String);
    },
    async stop() {
      const stopped = new Promise((resolve) => server.once('exit', resolve));
      if (server.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
      await stopped;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function run(...words: readonly string[]): void {
  execFileSync('samba-tool', [...words], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function ended(server: ChildProcess): Promise<string> {
  let text = '';
  server.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve) => void server.once('exit', (code) => resolve(`${code}: ${text}`)));
}
