import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { home, outcomeOf, rescind, start } from './run.ts';

const folder = join(home, 'interrupted');

beforeAll(async () => {
  await rescind(['ingest', '--case', folder, '-'], record());
});

/** A Kubernetes audit record (audit.k8s.io/v1). */
function record(): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: '00000000-0000-4000-8000-000000000001',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/secrets/key',
    verb: 'get',
    user: { username: 'alice', groups: ['system:authenticated'] },
    objectRef: { resource: 'secrets', namespace: 'shop', name: 'key', apiVersion: 'v1' },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: '2026-05-01T10:00:00.000000Z',
    stageTimestamp: '2026-05-01T10:00:00.000000Z',
    annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
  });
}

/** Children that run a program of their own: one that is only being started holds up whoever starts it. */
function childrenOf(pid: number): number[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const own = commandOf(pid);
  return listed
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((child) => !['', own].includes(commandOf(child)));
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

describe.runIf(process.platform === 'linux')('a command whose child is too busy to hear', () => {
  test.each([
    ['findings', 'SIGTERM'],
    ['behaviour', 'SIGINT'],
  ] as const)('%s ends on %s, with its children, and the case is intact', async (command, signal) => {
    const host = start([command, '--case', folder]);
    const ended = outcomeOf(host);
    const pid = host.pid ?? 0;
    const [child = 0] = await vi.waitUntil(
      () => {
        const found = childrenOf(pid);
        return found.length > 0 ? found : null;
      },
      { timeout: 10_000, interval: 5 },
    );
    // A stopped process hears no message and no signal but SIGKILL, as one in the middle of a long calculation.
    process.kill(child, 'SIGSTOP');
    host.kill(signal);
    const { code, err } = await ended;
    expect(code).toBe(5);
    expect(err).toMatch(/Interrupted/);
    await vi.waitUntil(() => !existsSync(`/proc/${child}`), { timeout: 5_000 });
    expect((await rescind(['verify', '--case', folder])).code).toBe(0);
  });
});

describe('an import with wrong arguments', () => {
  test.each([
    ['a path that does not exist', ['nowhere.log'], 3, /nowhere\.log/],
    ['a format that there is not', ['--format', 'no-such-format', 'empty'], 2, /no-such-format/],
  ])('%s leaves no case behind', async (_, words, expected, message) => {
    mkdirSync(join(home, 'empty'), { recursive: true });
    const target = join(home, 'never');
    const { code, err } = await rescind(['ingest', '--case', target, ...words]);
    expect(err).toMatch(message);
    expect(code).toBe(expected);
    expect(existsSync(target)).toBe(false);
  });
});
