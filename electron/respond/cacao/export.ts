import { randomUUID } from 'node:crypto';
import type { Verb } from '#shared/domain/response.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { Plan, PlannedAction } from '#shared/respond/plan.ts';
import { type Playbook, playbookNamed } from '#shared/respond/playbook.ts';
import { digestOf } from '../canonical.ts';

/**
 * CACAO Security Playbooks 2.0 (OASIS Committee Specification 01, 27 November 2023). What CACAO has no word for (what
 * an action stops, how it is undone, from which state) is in an extension of its own.
 */
export const revocationExtension = 'extension-definition--7c2f3d7e-5b0a-4c56-9d0e-1f6a2b9c8e41';
/** The creator of what is exported: a STIX identity that stands for this program. */
const creator = 'identity--3b6f0c52-8a4d-4f7e-b1c9-6d2e5a7f9031';

interface Step {
  readonly name: string;
  readonly activity: string;
  readonly commands: readonly string[];
  readonly extension: JsonObject;
}

/** A plan as a playbook: one action step for each action, in the order of the plan; a failure stops nothing. */
export function exportPlan(plan: Plan, hash: string, now: number): JsonObject {
  const names = new Map(plan.targets.map(({ key, name }) => [key, name]));
  const isRestore = plan.kind === 'restore';
  const steps = plan.actions.map((action) => ({
    name: `${isRestore ? 'Undo: ' : ''}${action.spec.title}: ${names.get(action.target) ?? action.target}`,
    activity: isRestore ? 'restore-capabilities' : activityOf(action.spec.verb),
    commands: action.calls.map(({ method, address, body }) => [method, address, body ?? ''].join(' ').trim()),
    extension: actionExtension(action),
  }));
  const playbook = {
    ...extensionOf(playbookNamed(plan.playbook.name), plan.playbook.name),
    plan_id: plan.id,
    plan_hash: hash,
  };
  return document(
    `${isRestore ? 'Restore' : 'Revocation'} ${plan.id}`,
    isRestore ? 'remediation' : 'mitigation',
    steps,
    playbook,
    now,
  );
}

/** A playbook of ours: one step for each verb that it takes, to be filled in by a plan. */
export function exportPlaybook(playbook: Playbook, now: number): JsonObject {
  const steps = playbook.verbs.map((verb) => ({
    name: verb,
    activity: activityOf(verb),
    commands: [`Plan and execute ${verb} for every target of the incident.`],
    extension: { verb },
  }));
  return document(playbook.title, 'mitigation', steps, extensionOf(playbook, playbook.name), now);
}

function extensionOf(playbook: Playbook | null, name: string): Record<string, string | readonly string[]> {
  return {
    playbook_name: name,
    playbook_title: playbook?.title ?? name,
    allowed_verbs: playbook?.verbs ?? [],
    allowed_reversibilities: playbook?.reversibilities ?? [],
  };
}

function actionExtension({
  id,
  target,
  spec,
  snapshot,
  after,
  notBefore,
  undoes,
}: PlannedAction): JsonObject {
  return {
    action_id: id,
    target_key: target,
    action_spec: JSON.parse(JSON.stringify(spec)) as JsonObject,
    snapshot_digest: digestOf(snapshot.state),
    waits_for: after,
    not_before: notBefore,
    undoes_action: undoes,
  };
}

function document(
  name: string,
  type: string,
  steps: readonly Step[],
  extension: JsonObject,
  now: number,
): JsonObject {
  const time = new Date(now).toISOString();
  const [start, end, agent] = [
    `start--${randomUUID()}`,
    `end--${randomUUID()}`,
    `security-category--${randomUUID()}`,
  ];
  const ids = steps.map(() => `action--${randomUUID()}`);
  const workflow: Record<string, JsonObject> = {
    [start]: { type: 'start', on_completion: ids[0] ?? end },
  };
  for (const [index, step] of steps.entries()) {
    workflow[ids[index] ?? ''] = {
      type: 'action',
      name: step.name,
      agent,
      commands: (step.commands.length === 0 ? [step.name] : step.commands).map((command) => ({
        type: 'manual',
        // Quoted values and blanks are significant in calls: those go in base64 (5.1 and 5.9).
        command_b64: Buffer.from(command).toString('base64'),
        playbook_activity: step.activity,
      })),
      step_extensions: { [revocationExtension]: step.extension },
      on_completion: ids[index + 1] ?? end,
    };
  }
  workflow[end] = { type: 'end' };
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: `playbook--${randomUUID()}`,
    name,
    description:
      'Made by Rescind. The calls are for people to read: executed, journaled and verified they are there.',
    playbook_types: [type],
    playbook_activities: [...new Set(steps.map(({ activity }) => activity))],
    created_by: creator,
    created: time,
    modified: time,
    workflow_start: start,
    workflow,
    playbook_extensions: { [revocationExtension]: extension },
    agent_definitions: {
      [agent]: { type: 'security-category', name: 'Rescind', category: ['aaa'] },
    },
    extension_definitions: {
      [revocationExtension]: {
        type: 'extension-definition',
        name: 'Revocation of access',
        description: 'What an action stops and leaves, how it is undone, and from which state it starts.',
        created_by: creator,
        schema:
          'playbook: playbook_name, playbook_title, allowed_verbs, allowed_reversibilities; step: action_id, target_key, action_spec, snapshot_digest, waits_for, not_before, undoes_action',
        version: '1.0.0',
      },
    },
  };
}

function activityOf(verb: Verb): string {
  return verb === 'session.terminate'
    ? 'disconnect-system'
    : verb === 'signal.emit'
      ? 'deliver-content'
      : 'restrict-access';
}
