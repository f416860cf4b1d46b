import type { AccessPathStep } from '../../../domain/access-path.ts';
import { compareCertainty } from '../../../domain/access-path.ts';
import type { IamEntity } from '../bundle/entity.ts';
import { parseArn } from '../match/arn.ts';
import type { TrustIndex } from './assumption.ts';
import { type Edge, edgeOf, isServiceLinked } from './edge.ts';
import type { Gain } from './gain.ts';
import { type Prober, sureness } from './prober.ts';
import { passRoleTechniques } from './pass-role-techniques.ts';
import { runningTechniques } from './running-techniques.ts';
import type { Need } from './techniques.ts';

/** Ways that lead through a service: a role is passed to it, or what it runs with a role is made to do something else. */
export function serviceEdges(prober: Prober, gain: Gain, trust: TrustIndex, entity: IamEntity): Edge[] {
  return [...passing(prober, gain, trust, entity), ...running(prober, gain, trust, entity)];
}

function* passing(prober: Prober, gain: Gain, trust: TrustIndex, entity: IamEntity): Generator<Edge> {
  if (prober.holdings(entity).holding('iam:PassRole').length === 0) return;
  for (const technique of passRoleTechniques) {
    const steps = needed(prober, entity, technique.needs);
    if (steps === null) continue;
    for (const role of trust.ofService(technique.service)) {
      if (!isElsewhere(role, entity) && !isServiceLinked(role)) {
        if (technique.byInstanceProfile === true && role.hasInstanceProfile === false) continue;
        const pass = prober.probe(entity, 'iam:PassRole', role.arn, {
          'iam:PassedToService': technique.service,
        });
        const trusted = pass === null ? null : serviceStep(prober, technique.service, role);
        const gives = trusted === null ? null : gain.over(entity, role);
        if (pass === null || trusted === null || gives === null) continue;
        yield edgeOf({
          technique,
          to: role,
          target: { type: 'role', id: role.arn },
          gives,
          steps: [pass, ...steps, trusted],
          ...(technique.byInstanceProfile === true && role.hasInstanceProfile === null
            ? { assumptions: [`${role.name} is in an instance profile: the bundle does not tell.`] }
            : null),
        });
      }
    }
  }
}

function* running(prober: Prober, gain: Gain, trust: TrustIndex, entity: IamEntity): Generator<Edge> {
  for (const technique of runningTechniques) {
    const steps = needed(prober, entity, technique.needs);
    if (steps === null) continue;
    for (const role of trust.ofService(technique.service)) {
      if (isElsewhere(role, entity) || isServiceLinked(role) || role === entity) continue;
      if (technique.byInstanceProfile === true && role.hasInstanceProfile === false) continue;
      const trusted = serviceStep(prober, technique.service, role);
      const gives = trusted === null ? null : gain.over(entity, role);
      if (trusted === null || gives === null) continue;
      yield edgeOf({
        technique,
        to: role,
        target: { type: 'role', id: role.arn },
        gives,
        steps: [...steps, trusted],
        conditions: [`${technique.runs} with the role ${role.name}`],
      });
    }
  }
}

/** The surest of several lists of permissions; null where none is held in full. */
function needed(
  prober: Prober,
  entity: IamEntity,
  lists: readonly (readonly Need[])[],
): readonly AccessPathStep[] | null {
  let best: readonly AccessPathStep[] | null = null;
  for (const list of lists) {
    if (list.some(({ action }) => prober.holdings(entity).holding(action).length === 0)) continue;
    const held = heldOf(prober, entity, list);
    if (held === null) continue;
    if (best === null || compareCertainty(sureness(held), sureness(best)) < 0) best = held;
  }
  return best;
}

/** Permissions over the same kind of thing are needed over the same thing. */
function heldOf(prober: Prober, entity: IamEntity, list: readonly Need[]): readonly AccessPathStep[] | null {
  const held: AccessPathStep[] = [];
  for (const needs of Map.groupBy(list, ({ resource }) => resource).values()) {
    const steps = prober.chooseTogether(entity, needs);
    if (steps === null) return null;
    held.push(...steps);
  }
  return held;
}

/** Whether the role lets the service assume it, for its own account; null where it does not. */
function serviceStep(prober: Prober, service: string, role: IamEntity): AccessPathStep | null {
  const account = parseArn(role.arn)?.account ?? '';
  const evaluation = prober.other({ type: 'service', id: service }, 'sts:AssumeRole', role.arn, {
    'aws:SourceAccount': account,
  });
  if (evaluation.decision === 'deny') return null;
  const [ref] = evaluation.layers
    .filter(({ name }) => name === 'resource')
    .flatMap(({ steps }) => steps)
    .flatMap(({ effect, matched, ref: place }) => (effect === 'allow' && matched !== false ? [place] : []));
  if (ref === undefined) return null;
  return {
    action: 'sts:AssumeRole',
    resource: role.arn,
    certainty: evaluation.decision === 'allow' ? 'certain' : 'conditional',
    path: [{ from: service, to: role.arn, kind: 'assumes', ref }],
    policies: [ref],
    ...(evaluation.wouldAllowIf === undefined ? null : { condition: evaluation.wouldAllowIf }),
  };
}

/** Roles are passed and used within their account. */
function isElsewhere(role: IamEntity, entity: IamEntity): boolean {
  return parseArn(role.arn)?.account !== parseArn(entity.arn)?.account;
}
