import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Session, createSession } from '#electron/headless/session.ts';
import { valueOf } from '#electron/router/value-of.ts';
import type { IngestReport } from '#shared/ipc/views.ts';

const home = mkdtempSync(join(tmpdir(), 'rescind-directories-'));
const context = { signal: new AbortController().signal, onProgress: () => undefined };
let session: Session;

const okta = JSON.stringify([
  {
    id: '00u1',
    status: 'ACTIVE',
    created: '2024-01-01T00:00:00Z',
    lastLogin: '2024-03-01T00:00:00Z',
    profile: { login: 'ann@corp.example', email: 'ann@corp.example' },
  },
  { status: 'ACTIVE', lastLogin: null, profile: { login: 'nobody@corp.example' } },
]);
const staff = 'Number,Mail\n7,ann@corp.example\n';

const put = (name: string, text: string): string => {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
};
const ingest = (paths: readonly string[], directory = {}): Promise<IngestReport> =>
  session.engine.importInto(
    join(home, 'case'),
    'directories',
    { paths, format: null, timeZone: null, workers: 1, directory },
    context,
  );

beforeAll(() => {
  session = createSession({ folders: { config: join(home, 'config'), data: join(home, 'data') } });
});
afterAll(() => {
  session.close();
  rmSync(home, { recursive: true, force: true });
});

test('an export is evidence: hashed, kept, its rejected entries with their place, and entered once', async () => {
  const path = put('okta.json', okta);
  const first = await ingest([path], { takenAt: '2024-03-05T00:00:00Z' });
  expect(first).toMatchObject({
    files: 1,
    records: 1,
    events: 0,
    rejected: 1,
    sources: [],
    directories: [{ format: 'okta-users', entries: 1 }],
  });
  expect((await ingest([path])).directories).toEqual([]);
  const mapping = { columns: { employeeId: 'Number', mail: 'Mail' } };
  expect((await ingest([put('staff.csv', staff)], { mapping })).directories).toEqual([
    { format: 'directory-csv', entries: 1 },
  ]);
  await session.engine.openCase(join(home, 'case'));
  const found = valueOf(await session.client.request('directories.list', {}));
  expect(
    found.map(({ format, takenAt, notBefore, complete, identities, rejected }) => [
      format,
      takenAt,
      notBefore,
      complete,
      identities,
      rejected,
    ]),
  ).toEqual([
    ['okta-users', '2024-03-05T00:00:00Z', '2024-03-01T00:00:00Z', true, 1, 1],
    ['directory-csv', null, null, true, 1, 0],
  ]);
  const { rows } = valueOf(await session.client.request('evidence.rejected', {}));
  expect(rows).toMatchObject([
    { offset: okta.indexOf(',{"status"') + 1, reason: 'Expected an Okta user with an id and a login.' },
  ]);
  const report = valueOf(await session.client.request('evidence.verify', {}));
  expect(report).toMatchObject({ ok: true, evidence: { files: 2 } });
});

test('a mapping that says nothing of who it is about is refused', async () => {
  await expect(
    ingest([put('staff2.csv', staff)], { mapping: { columns: { name: 'Mail' } } }),
  ).rejects.toMatchObject({
    failure: { kind: 'invalid-input' },
  });
});
