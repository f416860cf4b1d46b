import { expect, test } from 'vitest';
import { createCommands } from '#renderer/state/commands.ts';
import { ingestProgress, ingestSummary } from '#renderer/state/ingest-words.ts';
import { jobText } from '#renderer/state/job-text.ts';
import { createJobs } from '#renderer/state/jobs.ts';
import { parsePreferences } from '#renderer/state/preferences.ts';
import { matchStrokes, printedKeys, strokeName } from '#renderer/ui/keys.ts';
import type { Client } from '#shared/ipc/client.ts';
import type { IngestProgress, IngestReport } from '#shared/ipc/views.ts';
import { failure, success } from '#shared/util/result.ts';

const half: IngestProgress = {
  phase: 'reading',
  file: 'a.gz',
  filesDone: 1,
  filesTotal: 4,
  bytesDone: 512,
  bytesTotal: 1024,
  events: 1_500,
  rejected: 0,
  eventsPerSecond: 184_000,
  secondsLeft: 42,
};

const report: IngestReport = {
  files: 2,
  skipped: [],
  bytes: 10,
  records: 1_010,
  events: 1_000,
  duplicates: 9,
  rejected: 1,
  outcomes: { allow: 1_000, deny: 0, error: 0, challenge: 0, unknown: 0 },
  sources: [],
  directories: [],
  seconds: 1,
  cancelled: false,
};

const plan = { title: 'Importing', progress: ingestProgress, summary: ingestSummary };

test('a job shows its progress while it runs and what came of it afterwards', async () => {
  const lines: string[] = [];
  const client = {
    request: (_name: string, _input: unknown, options: { onItem: (item: unknown) => void }) => {
      options.onItem(half);
      return Promise.resolve(success(report));
    },
  } as unknown as Client;
  const jobs = createJobs(client);
  jobs.subscribe(({ list }) => lines.push(...list.map(jobText)));
  await jobs.getState().run('ingest.start', { tokens: ['12345678'] }, plan);
  expect(lines).toContain(
    'Importing 50 % · 512 B of 1.00 KiB · 1.5k events · 184k ev/s · 0:42 left · file 2 of 4',
  );
  expect(lines.at(-1)).toBe(
    'Imported: 1\u2009000 new events from 2 files · 1\u2009010 records = 1\u2009000 + 9 duplicates + 1 rejected',
  );
});

test('a job whose work breaks off has failed, and does not run for ever', async () => {
  const jobs = createJobs({} as unknown as Client);
  const lost = jobs
    .getState()
    .track('Taking in files', () => Promise.reject(new Error('the window was closed')), String);
  expect(await lost).toMatchObject({ ok: false, error: { kind: 'crashed' } });
  expect(jobs.getState().list).toMatchObject([{ state: 'failed' }]);
});

test('a cancelled job says what is kept and can be dismissed', async () => {
  const client = {
    request: (_name: string, _input: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(failure('cancelled', 'Cancelled.')));
      }),
  } as unknown as Client;
  const jobs = createJobs(client);
  const finished = jobs.getState().run('ingest.start', { tokens: ['12345678'] }, plan);
  const id = jobs.getState().list[0]!.id;
  jobs.getState().dismiss(id);
  expect(jobs.getState().list).toHaveLength(1);
  jobs.getState().cancel(id);
  expect(jobs.getState().list[0]!.state).toBe('cancelling');
  await finished;
  expect(jobText(jobs.getState().list[0]!)).toContain('cancelled');
  jobs.getState().dismiss(id);
  expect(jobs.getState().list).toEqual([]);
});

test('the last command registered under an id or a key counts until it is gone', () => {
  const ran: string[] = [];
  const command = (title: string) => ({
    id: 'x',
    title,
    group: '',
    keys: ['/'],
    run: () => void ran.push(title),
  });
  const store = createCommands();
  store.getState().register([command('frame')]);
  const leave = store.getState().register([command('view')]);
  store.getState().run('x');
  expect(matchStrokes(store.getState().list, ['/'])).toMatchObject({ title: 'view' });
  leave();
  store.getState().run('x');
  expect(ran).toEqual(['view', 'frame']);
  expect(store.getState().run('nothing')).toBe(false);
});

test('sequences of keys wait for their second key', () => {
  const commands = [{ id: 'e', title: '', group: '', keys: ['g e'], run: () => undefined }];
  expect(matchStrokes(commands, ['g'])).toBe('pending');
  expect(matchStrokes(commands, ['g', 'e'])).toMatchObject({ id: 'e' });
  expect(matchStrokes(commands, ['g', 'x'])).toBeNull();
  expect(strokeName({ key: 'K', ctrlKey: true, metaKey: false, altKey: false })).toBe('Mod+k');
  expect([printedKeys('Mod+k', false), printedKeys('Mod+k', true), printedKeys('g e', false)]).toEqual([
    'Ctrl K',
    '⌘ K',
    'g then e',
  ]);
});

test('preferences that were tampered with fall back one by one', () => {
  const parsed = parsePreferences(
    '{"theme":"light","detailWidth":-5,"columnWidths":{"a":100,"b":"x"},"timeZone":9}',
  );
  expect(parsed).toMatchObject({
    theme: 'light',
    detailWidth: 420,
    columnWidths: { a: 100 },
    timeZone: 'utc',
  });
  expect(parsePreferences('not json')).toMatchObject({ theme: 'dark' });
  expect(parsePreferences('null')).toMatchObject({ theme: 'dark' });
});
