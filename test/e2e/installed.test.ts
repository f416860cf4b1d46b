import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { endStage, runMain } from './desktop-double.ts';
import { newHome } from './desktop.ts';

afterAll(endStage);

// An installed Rescind has no Node of its own: its program is also the command line.
async function run(
  ...words: string[]
): Promise<{ code: number | null; out: string; err: string; windows: number }> {
  const streams = { out: '', err: '' };
  const capture = (name: keyof typeof streams) => (data: string | Uint8Array) => {
    streams[name] += typeof data === 'string' ? data : Buffer.from(data).toString();
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(capture('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(capture('err')),
  ];
  try {
    const { double } = await runMain(newHome(), words);
    await vi.waitFor(() => expect([...double.children]).toEqual([]), { timeout: 15_000 });
    return { code: double.exitCode, windows: double.windows.length, ...streams };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('imports and counts like the command line under Node, without a window', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-installed-'));
  const [log, place] = [join(folder, 'trail.json'), join(folder, 'case')];
  // The record of the AWS CloudTrail User Guide, “CloudTrail record contents”, cut to what is needed here.
  const record = {
    eventVersion: '1.08',
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/Mary', accountId: '123456789012' },
    eventTime: '2023-07-19T21:17:28Z',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'StartInstances',
    awsRegion: 'us-east-1',
    sourceIPAddress: '192.0.2.0',
    eventID: '1d2b4f2e-0d3a-4f5f-9ec1-1c1c5a5e0001',
    eventType: 'AwsApiCall',
  };
  writeFileSync(log, JSON.stringify({ Records: [record] }));
  const imported = await run('ingest', '--case', place, log);
  expect(imported).toMatchObject({ code: 0, windows: 0 });
  expect(JSON.parse(imported.out)).toMatchObject({ records: 1, events: 1, rejected: 0 });
  const counted = await run('count', '--case', place, '--by', 'action');
  expect(counted.code).toBe(0);
  expect(JSON.parse(counted.out)).toEqual({ action: 'ec2:StartInstances', count: 1 });
}, 60_000);

test('says what it does not know, and that it reads no standard input', async () => {
  const unknown = await run('ingset', '--case', 'x');
  expect(unknown).toMatchObject({ code: 2, out: '' });
  expect(unknown.err).toContain('Did you mean “ingest”?');
  const piped = await run('ingest', '--case', join(newHome(), 'case'), '-');
  expect(piped.code).toBe(3);
  expect(piped.err).toContain('does not read standard input');
}, 60_000);
