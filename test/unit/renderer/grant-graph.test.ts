import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EntitlementUsage } from '#shared/domain/usage.ts';
import { shownGraph } from '#renderer/features/identities/grants/folded.ts';
import { grantGraph } from '#renderer/features/identities/grants/grant-graph.ts';
import { nodeBeside, nodeHeight, nodeWidth, placesOf } from '#renderer/features/identities/grants/layout.ts';

const user = 'arn:aws:iam::021345678901:user/ana';
const group = 'arn:aws:iam::021345678901:group/builders';
const boundary = 'arn:aws:iam::021345678901:policy/Boundary';

interface Right {
  readonly action: string;
  readonly policy?: string;
  readonly statement?: number;
  readonly viaGroup?: boolean;
  readonly limited?: boolean;
}

function right(given: Right): EntitlementUsage {
  const { action, policy = 'Build', statement = 0, viaGroup = false, limited = false } = given;
  const held = { from: viaGroup ? group : user, to: policy, kind: 'attached' } as const;
  return {
    entitlement: {
      key: `${action} *`,
      system: 'aws-iam',
      subject: { type: 'user', id: user },
      action: { pattern: action },
      resource: { pattern: '*' },
      condition: null,
      conditionality: 'always',
      grants: [
        {
          path: viaGroup ? [{ from: user, to: group, kind: 'member-of' }, held] : [held],
          ref: { path: 'a.json', locator: `/${policy}/${statement}`, policyId: policy, index: statement },
        },
      ],
      limitedBy: limited ? [{ path: 'a.json', locator: '/b', policyId: boundary, index: 0 }] : [],
      risks: [],
    },
    usage: 'used',
    lastUsed: null,
    count: 1,
    denied: 0,
    lastDenied: null,
    actionsUsed: [],
    coverage: { from: null, to: null, days: 1, daysWithEvents: 1, kind: 'complete' },
    why: '',
  };
}

function labels(rights: readonly EntitlementUsage[], open: readonly string[] = []): string[] {
  return shownGraph(grantGraph(user, rights), new Set(open)).nodes.map(({ label }) => label);
}

test('a way leads from the identity over group, policy and statement to the permission and its limit', () => {
  const { nodes, links } = shownGraph(
    grantGraph(user, [right({ action: 's3:PutObject', viaGroup: true, limited: true })]),
    new Set(),
  );
  const labelOf = new Map(nodes.map(({ id, label }) => [id, label]));
  expect(links.map(({ from, to, limit }) => [labelOf.get(from), labelOf.get(to), limit])).toEqual([
    ['user/ana', 'group/builders', false],
    ['group/builders', 'Build', false],
    ['Build', 'statement 1', false],
    ['statement 1', 's3:PutObject', false],
    ['s3:PutObject', 'policy/Boundary', true],
  ]);
});

test('what is held in two ways stands once', () => {
  const both = [
    right({ action: 's3:PutObject' }),
    right({ action: 's3:PutObject', policy: 'Other', viaGroup: true }),
  ];
  expect(labels(both).filter((label) => label === 's3:PutObject')).toHaveLength(1);
});

test('many permissions of a service fold into one node with their number, and unfold', () => {
  const many = Array.from({ length: 40 }, (_, at) => right({ action: `s3:Do${at}` }));
  const rights = [...many, right({ action: 'ec2:StopInstances' })];
  const graph = grantGraph(user, rights);
  const folded = shownGraph(graph, new Set());
  expect(folded.nodes.map(({ label }) => label)).toEqual([
    'user/ana',
    'Build',
    'statement 1',
    's3',
    'ec2:StopInstances',
  ]);
  const fold = folded.nodes.find(({ kind }) => kind === 'fold')!;
  expect(fold.note).toBe('40 permissions, 40 used');
  const unfolded = shownGraph(graph, new Set([fold.id]));
  expect(unfolded.nodes).toHaveLength(5 + 40);
});

test('hundreds of policies are a node; a graph without end is cut, and says by how much', () => {
  const wide = Array.from({ length: 500 }, (_, at) => right({ action: `s3:Do${at}`, policy: `P${at}` }));
  expect(labels(wide)).toEqual(['user/ana', 'policies']);
  const graph = grantGraph(user, wide);
  const fold = shownGraph(graph, new Set()).nodes.find(({ kind }) => kind === 'fold')!;
  const opened = shownGraph(graph, new Set([fold.id]));
  expect(opened.nodes.length).toBeLessThanOrEqual(300);
  expect(opened.left).toBeGreaterThan(0);
});

test('no node stands on another, every link joins two that are in sight, and arrows come back', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          action: fc.constantFrom('s3:A', 's3:B', 's3:C', 's3:D', 's3:E', 'ec2:A', 'iam:A', '*'),
          policy: fc.constantFrom('P', 'Q', 'R'),
          statement: fc.nat(3),
          viaGroup: fc.boolean(),
          limited: fc.boolean(),
        }),
        { maxLength: 40 },
      ),
      (rights) => {
        const shown = shownGraph(grantGraph(user, rights.map(right)), new Set());
        const ids = new Set(shown.nodes.map(({ id }) => id));
        expect(ids.size).toBe(shown.nodes.length);
        for (const { from, to } of shown.links) expect(ids.has(from) && ids.has(to)).toBe(true);
        const places = placesOf(shown);
        const boxes = shown.nodes.map(({ id }) => places.get(id)!);
        for (const [at, one] of boxes.entries()) {
          for (const other of boxes.slice(at + 1)) {
            const apart = Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= nodeHeight;
            expect(apart).toBe(true);
          }
        }
        const beside = (id: string, key: 'ArrowDown' | 'ArrowRight') => nodeBeside(id, key, shown, places);
        for (const { id } of shown.nodes) {
          const below = beside(id, 'ArrowDown');
          expect(below === id || places.get(below)!.y > places.get(id)!.y).toBe(true);
          const next = beside(id, 'ArrowRight');
          expect(next === id || shown.links.some(({ from, to }) => from === id && to === next)).toBe(true);
        }
      },
    ),
    { numRuns: 30 },
  );
});
