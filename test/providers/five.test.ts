import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Cerbos,
  adminPassword,
  cerbosMissing,
  startCerbos,
} from '#test/support/respond/servers/cerbos.ts';
import { type OidcServer, clientSecret, startOidc } from '#test/support/respond/servers/oidc.ts';
import {
  type Postgres,
  operatorPassword as databasePassword,
  postgresMissing,
  startPostgres,
  suspectPassword as databaseSuspectPassword,
} from '#test/support/respond/servers/postgres.ts';
import { type ScimServer, scimToken, startScim } from '#test/support/respond/servers/scim.ts';
import {
  type Slapd,
  base,
  operatorDn,
  operatorPassword as directoryPassword,
  slapdMissing,
  startSlapd,
  suspectDn,
  suspectPassword,
} from '#test/support/respond/servers/slapd.ts';

const missing = slapdMissing ?? postgresMissing ?? cerbosMissing;
const home = mkdtempSync(join(tmpdir(), 'rescind-five-'));
const secrets = [adminPassword, clientSecret, databasePassword, scimToken, directoryPassword];
const said: string[] = [];

interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as an operator would: another process each time. */
function rescind(words: readonly string[], input = ''): Promise<Answer> {
  const bin = resolve(import.meta.dirname, '../../electron/headless/bin.mjs');
  const child = spawn(process.execPath, [bin, ...words], {
    cwd: home,
    env: {
      PATH: process.env['PATH'],
      RESCIND_HOME: join(home, 'config'),
      RESCIND_PASSPHRASE: 'five at once',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.end(input);
  return new Promise((done) => {
    child.on('close', (code) => {
      const answer = { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
      said.push(answer.out, answer.err);
      done(answer);
    });
  });
}

const json = ({ out, err }: Answer): Record<string, unknown> => {
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Record<string, unknown>;
};

describe.skipIf(missing !== null)('a human with five kinds of access, on five real servers', () => {
  let directory: Slapd;
  let database: Postgres;
  let authorization: OidcServer;
  let accounts: ScimServer;
  let policies: Cerbos;
  let token = '';
  let fingerprint = '';
  let session: Awaited<ReturnType<Postgres['connect']>>;
  let sessionEnded = false;

  beforeAll(async () => {
    directory = await startSlapd();
    [database, authorization, accounts, policies] = await Promise.all([
      startPostgres(),
      startOidc(),
      startScim(),
      startCerbos(),
    ]);
    token = await authorization.token('console');
    session = await database.connect('mallory', databaseSuspectPassword);
    session.on('error', () => {
      sessionEnded = true;
    });
  }, 120_000);
  afterAll(async () => {
    await session.end().catch(() => undefined);
    await Promise.all(
      [directory, database, authorization, accounts, policies].map((server) => server.stop()),
    );
    rmSync(home, { recursive: true, force: true });
  });

  const isActive = async (): Promise<boolean> => {
    const response = await fetch(`${authorization.issuer}/token/introspection`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`other:${clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: `token=${token}`,
    });
    return ((await response.json()) as { active: boolean }).active;
  };
  /** What independent clients can still do as the suspect. */
  const access = async () => ({
    directory: directory.mayBind(suspectDn, suspectPassword),
    database: await database.mayLogin('mallory', databaseSuspectPassword),
    session: !sessionEnded,
    token: await isActive(),
    account: accounts.accounts.get('u-1')?.['active'],
    policy: await policies.isAllowed('mallory', 'analyst'),
  });

  test('five providers are set up and ready', { timeout: 300_000 }, async () => {
    const add = async (name: string, type: string, secret: string, ...settings: string[]) => {
      const words = settings.flatMap((setting) => ['--set', setting]);
      expect(
        await rescind(['provider', 'add', name, '--type', type, ...words, '--set', 'logs=none'], secret),
      ).toMatchObject({ code: 0 });
      expect(await rescind(['provider', 'test', name])).toMatchObject({ code: 0 });
    };
    await add(
      'directory',
      'ldap',
      directoryPassword,
      `url=${directory.url}`,
      `baseDn=${base}`,
      `bindDn=${operatorDn}`,
    );
    await add(
      'database',
      'postgresql',
      databasePassword,
      'host=127.0.0.1',
      `port=${database.port}`,
      'user=operator',
    );
    await add('tokens', 'oauth', clientSecret, `issuer=${authorization.issuer}`, 'clientId=console');
    await add('accounts', 'scim', scimToken, `url=${accounts.url}`);
    await add('policies', 'cerbos', adminPassword, `url=${policies.url}`);
    const held = await rescind(['provider', 'hold', 'tokens'], token);
    fingerprint = String(json(held)['fingerprint']);
    expect(fingerprint).toMatch(/^fp_/);
  });

  test('two of three approve; all five end, for every independent client', { timeout: 300_000 }, async () => {
    const people = [];
    for (const id of ['alice', 'bob', 'carol']) {
      people.push({
        id,
        name: id,
        keys: [json(await rescind(['respond', 'key', `${id}.pem`]))['publicKey']],
      });
    }
    writeFileSync(
      join(home, 'roster.json'),
      JSON.stringify({ format: 'rescind-roster', version: 1, quorum: 2, people, rules: [] }),
    );
    expect(await rescind(['respond', 'roster', 'pin', 'roster.json'])).toMatchObject({ code: 0 });
    writeFileSync(join(home, 'note.jsonl'), '');
    await rescind(['ingest', '--case', 'case', 'note.jsonl']);
    const plan = await rescind([
      'respond',
      'plan',
      '--case',
      'case',
      '--identity',
      'mallory',
      '--credential',
      fingerprint,
      '--out',
      'plan.json',
    ]);
    expect(plan.err).toBe('');
    expect(plan.code).toBe(0);
    expect(await access()).toEqual({
      directory: true,
      database: true,
      session: true,
      token: true,
      account: true,
      policy: true,
    });
    await rescind(['respond', 'approve', 'plan.json', '--key', 'alice.pem']);
    expect(await rescind(['respond', 'execute', 'plan.json'])).toMatchObject({ code: 4 });
    await rescind(['respond', 'approve', 'plan.json', '--key', 'carol.pem']);
    const done = await rescind(['respond', 'execute', 'plan.json']);
    expect(json(done)).toMatchObject({ summary: { contained: true, survivors: 0 } });
    expect(done.code).toBe(0);
    expect(await access()).toEqual({
      directory: false,
      database: false,
      session: false,
      token: false,
      account: false,
      policy: false,
    });
  });

  test('the receipt holds; a restore gives back exactly what was there and can be given', {
    timeout: 120_000,
  }, async () => {
    const status = json(await rescind(['respond', 'status', 'plan.json']));
    const run = String(status['run']);
    expect(await rescind(['respond', 'receipt', run, '--out', 'receipt.json'])).toMatchObject({ code: 0 });
    expect(await rescind(['receipt', 'check', 'receipt.json'])).toMatchObject({ code: 0 });
    await rescind(['respond', 'restore', run, '--out', 'restore.json', '--observe', '0']);
    await rescind(['respond', 'approve', 'restore.json', '--key', 'alice.pem']);
    await rescind(['respond', 'approve', 'restore.json', '--key', 'bob.pem']);
    const restored = await rescind(['respond', 'execute', 'restore.json']);
    expect(json(restored)).toMatchObject({ status: 'finished', summary: { contained: true } });
    expect(restored.code).toBe(0);
    // The token and the session that ended are gone; new ones can be had.
    expect(await access()).toEqual({
      directory: true,
      database: true,
      session: false,
      token: false,
      account: true,
      policy: true,
    });
  });

  test('the journal verifies, and no secret shows anywhere', { timeout: 300_000 }, async () => {
    expect(await rescind(['journal', 'verify', '--case', 'case'])).toMatchObject({ code: 0 });
    const files = readdirSync(home, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    for (const secret of [...secrets, token]) {
      expect(said.join('\n').includes(secret)).toBe(false);
      expect(files.some((file) => file.includes(secret))).toBe(false);
    }
  });
});
