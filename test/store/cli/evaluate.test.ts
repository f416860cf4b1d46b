import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { home, lines, rescind } from './run.ts';

const manifests = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: readers }
subjects: [{ kind: User, name: jane }]
roleRef: { kind: ClusterRole, name: reader }
`;

function request(user: string, verb = 'get') {
  return {
    subject: { type: 'user', id: user },
    action: { name: verb },
    resource: { type: 'pods', id: 'p' },
  };
}

function decisions(out: string): unknown[] {
  return lines(out).map(({ evaluation }) => (evaluation as { decision: string }).decision);
}

function file(expected: string): string {
  return `defaults: { action: { name: get }, resource: { type: pods, id: p } }
tests:
  - note: reads
    request: { subject: { type: user, id: jane } }
    expect: ${expected}
checks: { denyByDefault: true }
`;
}

beforeAll(() => {
  mkdirSync(join(home, 'work/rbac'), { recursive: true });
  writeFileSync(join(home, 'work/rbac/all.yaml'), manifests);
});

describe('rescind evaluate', () => {
  test('answers every request in order; the same question gives the same bytes', async () => {
    const asked = Array.from({ length: 1_500 }, (_, index) => request(index % 3 === 0 ? 'jane' : 'max'));
    writeFileSync(join(home, 'requests.jsonl'), asked.map((each) => JSON.stringify(each)).join('\n'));
    const first = await rescind(['evaluate', '--bundle', 'work/rbac', 'requests.jsonl']);
    expect(first.code).toBe(0);
    expect(decisions(first.out)).toEqual(
      asked.map(({ subject }) => (subject.id === 'jane' ? 'allow' : 'deny')),
    );
    expect(lines(first.out).map(({ line }) => line)).toEqual(asked.map((_, index) => index + 1));
    const again = await rescind(['evaluate', '--bundle', 'work/rbac', 'requests.jsonl']);
    expect(again.out).toBe(first.out);
  });

  test('a malformed line has an answer of its own, and the end says so', async () => {
    const input = `${JSON.stringify(request('jane'))}\n{broken\n\n${JSON.stringify({ subject: {} })}\n${JSON.stringify(request('max'))}\n`;
    const { code, out } = await rescind(['evaluate', '--bundle', 'work/rbac', '-'], input);
    expect(code).toBe(5);
    expect(decisions(out)).toEqual(['allow', 'indeterminate', 'indeterminate', 'deny']);
    expect(lines(out).map(({ line }) => line)).toEqual([1, 2, 4, 5]);
  });

  test('a batch finds bundles beside itself, and else from the working folder', async () => {
    const batch = [
      { system: 'kubernetes-rbac', bundle: { path: 'rbac' }, requests: [request('jane'), request('max')] },
      { bundle: { path: 'work/rbac/all.yaml' }, requests: [request('jane')] },
      { bundle: { manifests: manifests.replace('jane', 'max') }, requests: [request('max')] },
    ];
    writeFileSync(join(home, 'work/batch.jsonl'), batch.map((line) => JSON.stringify(line)).join('\n'));
    const { code, out } = await rescind(['evaluate', '--batch', 'work/batch.jsonl']);
    expect(code).toBe(0);
    expect(lines(out).map(({ line, index }) => [line, index])).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
      [3, 0],
    ]);
    expect(decisions(out)).toEqual(['allow', 'deny', 'allow', 'allow']);
  });

  test('policy tests end with 1 where one fails, and say what differs and where', async () => {
    writeFileSync(join(home, 'good.yaml'), file('allow'));
    writeFileSync(join(home, 'bad.yaml'), file('{ decision: deny, kind: explicit }'));
    writeFileSync(join(home, 'broken.yaml'), 'tests:\n  - request: {}\n    expect: perhaps\n');
    const good = await rescind(['evaluate', '--bundle', 'work/rbac', '--expect', 'good.yaml']);
    expect(good.code).toBe(0);
    expect(lines(good.out).map(({ generated, passed }) => [generated, passed])).toEqual([
      [undefined, true],
      ['deny-by-default', true],
    ]);
    const bad = await rescind(['evaluate', '--bundle', 'work/rbac', '--expect', 'bad.yaml']);
    expect(bad.code).toBe(1);
    expect(lines(bad.out)[0]).toMatchObject({
      line: 3,
      note: 'reads',
      passed: false,
      differences: ['expected deny, got allow'],
    });
    const broken = await rescind(['evaluate', '--bundle', 'work/rbac', '--expect', 'broken.yaml']);
    expect(broken.code).toBe(3);
    expect(broken.err).toContain('Line 2');
  });

  test('wrong usage and unusable bundles', async () => {
    expect((await rescind(['evaluate', 'requests.jsonl'])).code).toBe(2);
    expect((await rescind(['evaluate', '--bundle', 'nowhere', 'requests.jsonl'])).code).toBe(3);
    writeFileSync(join(home, 'note.txt'), 'nothing');
    const unknown = await rescind(['evaluate', '--bundle', 'note.txt', 'requests.jsonl']);
    expect(unknown.code).toBe(3);
    expect(unknown.err).toContain('kubernetes-rbac');
    expect((await rescind(['evaluate', '--bundle', 'work/rbac', '--system', 'x', '-'], '')).code).toBe(2);
  });
});

test('rescind who lists subjects with their path', async () => {
  const { code, out } = await rescind([
    'who',
    '--bundle',
    'work/rbac',
    '--action',
    'get',
    '--resource',
    'pods',
  ]);
  expect(code).toBe(0);
  expect(lines(out)).toMatchObject([
    { subject: { type: 'User', id: 'jane' }, decision: 'allow', path: [{ from: 'User jane' }, {}] },
  ]);
});
