import { describe, expect, test } from 'vitest';
import { exportPlan, exportPlaybook, revocationExtension } from '#electron/respond/cacao/export.ts';
import { importPlaybook } from '#electron/respond/cacao/import.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { playbooks } from '#shared/respond/playbook.ts';
import { Bench } from '#test/support/respond/bench.ts';
import { serveWorld } from '#test/support/respond/fake/server.ts';
import { World } from '#test/support/respond/fake/world.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
/** Steps must have a UUIDv4 (CACAO 2.0, 10.10). */
const stepId = /^(start|action|end)--[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Names of an extension's properties (CACAO 2.0, 8). */
const propertyName = /^[a-z0-9_]{3,250}$/;

interface Step {
  readonly type: string;
  readonly name?: string;
  readonly agent?: string;
  readonly on_completion?: string;
  readonly commands?: readonly { readonly type: string; readonly command_b64: string }[];
  readonly step_extensions?: Readonly<Record<string, Record<string, unknown>>>;
}

/** Follows a workflow from its start to its end. */
function walk(document: JsonObject): Step[] {
  const workflow = document['workflow'] as unknown as Record<string, Step>;
  const seen: Step[] = [];
  for (let id = document['workflow_start'] as string; ; ) {
    const step = workflow[id]!;
    seen.push(step);
    if (step.on_completion === undefined) break;
    id = step.on_completion;
  }
  expect(seen).toHaveLength(Object.keys(workflow).length);
  expect(Object.keys(workflow).filter((id) => !stepId.test(id))).toEqual([]);
  return seen;
}

describe('CACAO 2.0', () => {
  test('a plan goes out as a playbook that other tools can read, with what they do not know in an extension', async () => {
    const world = new World({ now: () => now });
    world.addAccount('mallory');
    const server = await serveWorld(world);
    const bench = new Bench();
    try {
      await bench.add('one', { url: server.url });
      const { plan, hash } = await bench.plan(['mallory'], 'remove');
      const document = exportPlan(plan, hash, now);
      expect(document).toMatchObject({
        type: 'playbook',
        spec_version: 'cacao-2.0',
        created: '2026-03-01T12:00:00.000Z',
        playbook_types: ['mitigation'],
      });
      for (const name of [
        'id',
        'name',
        'created_by',
        'modified',
        'workflow_start',
        'workflow',
        'agent_definitions',
      ]) {
        expect(document[name], name).toBeDefined();
      }
      const steps = walk(document);
      expect(steps.map(({ type }) => type)).toEqual(['start', ...plan.actions.map(() => 'action'), 'end']);
      const agents = Object.keys(document['agent_definitions'] as object);
      const actions = steps.filter(({ type }) => type === 'action');
      expect(
        actions.every(({ agent, commands }) => agents.includes(agent ?? '') && (commands?.length ?? 0) > 0),
      ).toBe(true);
      const [first] = actions;
      expect(Buffer.from(first!.commands![0]!.command_b64, 'base64').toString()).toContain(
        'PUT /accounts/acct-mallory',
      );
      const extension = first!.step_extensions![revocationExtension]!;
      expect(extension).toMatchObject({ action_id: 'a1', action_spec: { verb: 'deny.attach' } });
      expect(Object.keys(extension).every((name) => propertyName.test(name))).toBe(true);
      expect(document['playbook_extensions']).toMatchObject({ [revocationExtension]: { plan_hash: hash } });
      expect(Object.keys(document['extension_definitions'] as object)).toEqual([revocationExtension]);
    } finally {
      bench.close();
      await server.close();
    }
  });

  test.each(playbooks)('the playbook $name comes back as it went out', (playbook) => {
    const document = exportPlaybook(playbook, now);
    expect(walk(document).length).toBe(playbook.verbs.length + 2);
    expect(importPlaybook(JSON.stringify(document), now)).toEqual(playbook);
  });

  test.each<[string, (document: Record<string, unknown>) => unknown, RegExp]>([
    ['revoked by its author', (document) => ({ ...document, revoked: true }), /revoked/],
    ['not valid yet', (document) => ({ ...document, valid_from: '2027-01-01T00:00:00.000Z' }), /valid from/],
    [
      'no longer valid',
      (document) => ({ ...document, valid_until: '2026-01-01T00:00:00.000Z' }),
      /valid until/,
    ],
    ['of another version', (document) => ({ ...document, spec_version: 'cacao-1.1' }), /no CACAO 2.0/],
    ['of somebody else', (document) => ({ ...document, playbook_extensions: {} }), /which verbs/],
    ['without a start', (document) => ({ ...document, workflow: {} }), /no start step/],
    [
      'with a verb that does not exist',
      (document) => ({
        ...document,
        playbook_extensions: {
          [revocationExtension]: {
            playbook_name: 'x',
            playbook_title: '',
            allowed_verbs: ['destroy'],
            allowed_reversibilities: ['R0'],
          },
        },
      }),
      /which verbs/,
    ],
  ])('a playbook that is %s is refused', (_, change, why) => {
    const document = exportPlaybook(playbooks[0]!, now) as Record<string, unknown>;
    expect(() => importPlaybook(JSON.stringify(change(document)), now)).toThrow(why);
  });
});
