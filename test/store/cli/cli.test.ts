import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, home, lines, outcomeOf, rescind, root, start } from './run.ts';

/** A Kubernetes audit record (audit.k8s.io/v1), by number: every fourth one is denied. */
function record(number: number): string {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const denied = number % 4 === 0;
  const time = new Date(Date.UTC(2026, 4, 1, 10, 0, number)).toISOString().replace('.000Z', '.000000Z');
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: id,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/secrets/key',
    verb: number % 2 === 0 ? 'get' : 'delete',
    user: { username: denied ? 'mallory' : 'alice', groups: ['system:authenticated'] },
    sourceIPs: ['10.0.0.7'],
    userAgent: 'kubectl/v1.30',
    objectRef: { resource: 'secrets', namespace: 'shop', name: 'key', apiVersion: 'v1' },
    responseStatus: { code: denied ? 403 : 200 },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: {
      'authorization.k8s.io/decision': denied ? 'forbid' : 'allow',
      'authorization.k8s.io/reason': denied ? '' : 'RBAC: allowed by ClusterRoleBinding "edit"',
    },
  });
}

const records = Array.from({ length: 40 }, (_, index) => record(index + 1));
const folder = join(home, 'case');
const logs = join(home, 'logs');

let imported: Outcome;

beforeAll(async () => {
  mkdirSync(logs);
  writeFileSync(join(logs, 'a.log'), `${records.slice(0, 20).join('\n')}\n`);
  // A broken record between good ones.
  writeFileSync(
    join(logs, 'b.log'),
    `${records[20]}\n{"kind":"Event", broken\n${records.slice(21).join('\n')}\n`,
  );
  writeFileSync(join(logs, 'notes.txt'), 'buy milk\n');
  imported = await rescind(['ingest', '--case', folder, '--json', '--progress=json', 'logs']);
});

describe('a case', () => {
  test('is made by an import, whose counts add up', () => {
    const { code, out, err } = imported;
    expect(code).toBe(0);
    const report = JSON.parse(out) as Record<string, number>;
    expect(report).toMatchObject({
      files: 2,
      events: 40,
      duplicates: 0,
      rejected: 1,
      records: 41,
      cancelled: false,
      outcomes: { allow: 30, deny: 10, error: 0, challenge: 0, unknown: 0 },
      sources: [
        {
          format: 'kubernetes-audit',
          events: 40,
          from: '2026-05-01T10:00:01.000000Z',
          to: '2026-05-01T10:00:40.000000Z',
        },
      ],
    });
    expect(report['skipped']).toMatchObject([{ path: 'logs/notes.txt' }]);
    // One JSON document a line, nothing else.
    expect(lines(err).at(-1)).toMatchObject({ events: 40 });
  });

  test('takes the same files again and gains nothing', async () => {
    const { code, out } = await rescind(['ingest', '--case', folder, 'logs']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ events: 0, duplicates: 40, rejected: 1, records: 41 });
  });

  test('takes standard input', async () => {
    const other = join(home, 'piped');
    const { code, out } = await rescind(['ingest', '--case', other, '-'], records.join('\n'));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ events: 40 });
  });

  test('lists its files and what was rejected', async () => {
    const evidence = JSON.parse((await rescind(['evidence', '--case', folder])).out) as { path: string }[];
    expect(evidence.map(({ path }) => path).toSorted()).toEqual([
      'logs/a.log',
      'logs/b.log',
      'logs/notes.txt',
    ]);
    const { out, code } = await rescind(['rejected', '--case', folder]);
    expect(code).toBe(0);
    const offset = Buffer.byteLength(records[20]!) + 1;
    expect(lines(out)).toMatchObject([
      { path: 'logs/b.log', offset, excerpt: expect.stringContaining('broken') },
    ]);
  });

  test('names a file whose end is missing, and from where on', async () => {
    const whole = gzipSync(records.join('\n'));
    writeFileSync(join(home, 'cut.gz'), whole.subarray(0, whole.length - 40));
    const cut = join(home, 'cut');
    await rescind(['ingest', '--case', cut, 'cut.gz']);
    const [file] = JSON.parse((await rescind(['evidence', '--case', cut])).out) as { leftOut: object[] }[];
    expect(file?.leftOut).toEqual([
      { reason: expect.stringMatching(/^From byte \d+ on nothing was read: the file ends/), records: 0 },
    ]);
  });

  test('is verified; a changed byte of the evidence is noticed', async () => {
    const { code, out } = await rescind(['verify', '--case', folder]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, offsets: { events: 40 } });
    const copy = join(home, 'changed');
    execFileSync('cp', ['-r', folder, copy]);
    const [file = ''] = execFileSync('find', [join(copy, 'evidence'), '-type', 'f'], {
      encoding: 'utf8',
    }).split('\n');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1]! ^= 0xff;
    execFileSync('chmod', ['-R', 'u+w', copy]);
    writeFileSync(file, bytes);
    expect((await rescind(['verify', '--case', copy])).code).toBe(1);
  });
});

describe('events', () => {
  test('come whole, in the order that was asked for', async () => {
    const words = ['events', '--case', folder, '--query', 'outcome:deny', '--sort', '-time', '--limit', '3'];
    const { code, out } = await rescind(words);
    expect(code).toBe(0);
    const found = lines(out);
    expect(found.map(({ time }) => time)).toEqual([
      '2026-05-01T10:00:40.000000Z',
      '2026-05-01T10:00:36.000000Z',
      '2026-05-01T10:00:32.000000Z',
    ]);
    expect(found[0]).toMatchObject({
      format: 'kubernetes-audit',
      outcome: 'deny',
      subject: { id: 'mallory' },
      ip: '10.0.0.7',
      evidence: { path: 'logs/b.log' },
    });
    expect(Object.keys(found[0] ?? {})).toEqual(
      expect.arrayContaining([
        'id',
        'vendorId',
        'class',
        'actor',
        'session',
        'credential',
        'correlation',
        'reason',
      ]),
    );
  });

  test('are limited to a range of time, ends included', async () => {
    const range = ['--from', '2026-05-01T10:00:10Z', '--to', '2026-05-01T10:00:12Z'];
    expect(lines((await rescind(['events', '--case', folder, ...range])).out)).toHaveLength(3);
  });

  test('give back the exact bytes of their record', async () => {
    const [found] = lines((await rescind(['events', '--case', folder, '--limit', '1'])).out);
    const id = String(found?.['id']);
    const raw = await rescind(['event', '--case', folder, id, '--raw']);
    expect(raw.code).toBe(0);
    expect(raw.out).toBe(records[0]);
    const one = await rescind(['event', '--case', folder, id]);
    expect(JSON.parse(one.out)).toEqual(found);
  });

  test('are counted, largest first', async () => {
    const { out } = await rescind(['count', '--case', folder, '--by', 'outcome,subject.id']);
    expect(lines(out)).toEqual([
      { outcome: 'allow', 'subject.id': 'alice', count: 30 },
      { outcome: 'deny', 'subject.id': 'mallory', count: 10 },
    ]);
    const hours = await rescind(['count', '--case', folder, '--by', 'outcome', '--bucket', 'hour']);
    expect(lines(hours.out)).toContainEqual({ hour: '2026-05-01T10:00:00Z', outcome: 'deny', count: 10 });
  });

  test('answer SQL, which can change nothing', async () => {
    const query = 'SELECT outcome, count(*) AS n FROM events GROUP BY outcome ORDER BY n DESC';
    expect(lines((await rescind(['sql', '--case', folder, query])).out)).toEqual([
      { outcome: 'allow', n: 30 },
      { outcome: 'deny', n: 10 },
    ]);
    const csv = await rescind(['sql', '--case', folder, "SELECT '=1+1' AS formula, 2 AS two", '--csv']);
    expect(csv.out).toBe("formula,two\r\n'=1+1,2\r\n");
    for (const change of [
      'DELETE FROM events',
      'DROP TABLE evidence',
      "ATTACH '/tmp/x.db' AS x",
      'PRAGMA user_version = 9',
    ]) {
      const { code, out } = await rescind(['sql', '--case', folder, change]);
      expect(code).not.toBe(0);
      expect(out).toBe('');
    }
  });

  test('may be read by a program that stops early', async () => {
    const child = start(['events', '--case', folder]);
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
  });
});

test.runIf(existsSync('/dev/full'))(
  'output that a full disk does not take is told, and not taken for all of it',
  () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, 'electron/headless/bin.mjs'), 'events', '--case', folder],
      { stdio: ['ignore', full, 'pipe'], env: { ...process.env, RESCIND_HOME: join(home, 'config') } },
    );
    closeSync(full);
    expect(stderr.toString()).toMatch(/could not be written \(the disk is full\); it is not complete/);
    expect(status).toBe(5);
  },
);

describe('wrong use', () => {
  test.each([
    [[], 2, /^$/],
    [['evnts'], 2, /Did you mean “events”\?/],
    [['help', 'evnts'], 2, /Did you mean “events”\?/],
    [['sql', '--case', 'case', ' '], 2, /statement is empty/],
    [['ingest', '--case', 'fresh', '--jobs', '0', 'logs'], 2, /--jobs is 1 or more/],
    [['events', '--cse', 'x'], 2, /Did you mean --case\?/],
    [['events'], 2, /--case DIR is missing/],
    [['ingest', '--case', 'x'], 2, /needs more/],
    [['event', '--case', 'x', 'a', 'b'], 2, /one word too many/],
    [['events', '--case', 'case', '--sort', 'name'], 2, /--sort/],
    [['events', '--case', 'case', '--limit', 'ten'], 2, /--limit/],
    [['events', '--case', 'case', '--query', 'outcome:('], 2, /./],
    [['count', '--case', 'case', '--by', 'nonsense'], 2, /nonsense/],
    [['ingest', '--case', 'fresh', '--format', 'nonsense', 'logs'], 2, /nonsense/],
    [['events', '--case', 'nowhere'], 3, /There is no nowhere\. .*makes a case/],
    [['events', '--case', 'logs'], 3, /not a case/],
    [['event', '--case', 'case', 'f'.repeat(32)], 3, /no event/],
    [['ingest', '--case', 'fresh', 'missing.json'], 3, /missing\.json/],
    [['ingest', '--case', 'logs', 'logs/a.log'], 4, /not empty/],
  ] as const)('%j ends with %i and says why', async (words, code, message) => {
    const result = await rescind(words);
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
  });

  test('the place of a problem in a query is marked below it', async () => {
    const { err } = await rescind(['events', '--case', folder, '--query', 'ip:10.0.0.7 outcome:maybe x']);
    expect(err.split('\n').slice(1)).toEqual([
      '  ip:10.0.0.7 outcome:maybe x',
      '                      ^^^^^',
      '',
    ]);
  });

  test('a home where nothing can be kept is named, with what to do, and is no bug', async () => {
    const taken = join(home, 'taken');
    writeFileSync(taken, '');
    for (const words of [['ingest', '--case', 'fresh', 'logs'], ['serve'], ['provider', 'list']]) {
      const { code, err } = await outcomeOf(start(words, null, { RESCIND_HOME: join(taken, 'config') }));
      expect(err).toMatch(/config cannot be made \(something above it is no folder\)\. Set RESCIND_HOME/);
      expect(code).toBe(3);
    }
    // What only reads needs none.
    const { code } = await outcomeOf(start(['events', '--case', folder], null, { RESCIND_HOME: taken }));
    expect(code).toBe(0);
  });

  test('a case where there can be no folder is refused with what to do', async () => {
    const { code, err } = await rescind(['ingest', '--case', 'logs/a.log/case', 'logs']);
    expect(err).toMatch(/case cannot be made \(something above it is no folder\)\. Choose another place/);
    expect(code).toBe(3);
  });

  test('a case of a newer version is refused', async () => {
    const copy = join(home, 'newer');
    execFileSync('cp', ['-r', folder, copy]);
    const manifest = JSON.parse(readFileSync(join(copy, 'case.json'), 'utf8')) as object;
    writeFileSync(join(copy, 'case.json'), JSON.stringify({ ...manifest, schemaVersion: 999 }));
    const { code, err } = await rescind(['events', '--case', copy]);
    expect(code).toBe(3);
    expect(err).toMatch(/newer/);
  });
});

test('Ctrl-C during an import leaves a case that the same command completes', async () => {
  const many = join(home, 'many');
  mkdirSync(many);
  for (let file = 0; file < 8; file++) {
    const text = Array.from({ length: 5_000 }, (_, index) => record(file * 5_000 + index + 1)).join('\n');
    writeFileSync(join(many, `${file}.log`), text);
  }
  const target = join(home, 'interrupted');
  const child = start(['ingest', '--case', target, '--jobs', '1', '--progress=json', many]);
  const ended = outcomeOf(child);
  child.stderr?.once('data', () => child.kill('SIGINT'));
  const { code, out } = await ended;
  expect(code).toBe(5);
  const { events } = JSON.parse(out) as { events: number };
  expect(events).toBeLessThan(40_000);
  expect((await rescind(['verify', '--case', target])).code).toBe(0);
  const again = await rescind(['ingest', '--case', target, many]);
  expect(again.code).toBe(0);
  expect(
    JSON.parse((await rescind(['count', '--case', target, '--by', 'outcome'])).out.split('\n')[0] ?? ''),
  ).toEqual({
    outcome: 'allow',
    count: 30_000,
  });
});
