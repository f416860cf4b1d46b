import type { AccessPathStep, PathCertainty, PathTarget } from '../../../domain/access-path.ts';
import { leastCertain } from '../../../domain/access-path.ts';
import type { IamEntity } from '../bundle/entity.ts';
import type { Gives } from './gain.ts';

/** One way from one user or role to more rights. */
export interface Edge {
  readonly technique: { readonly id: string; readonly title: string; readonly tags: readonly string[] };
  /** Whose rights are gained; null where the subject itself is given more. */
  readonly to: IamEntity | null;
  /** What it is done with: the policy, group, user or role. */
  readonly target: PathTarget;
  /** `nothing`: whoever is become has no more, but may lead on. */
  readonly gives: Gives | 'nothing';
  readonly steps: readonly AccessPathStep[];
  readonly certainty: PathCertainty;
  /** What must be so besides, in words. */
  readonly conditions: readonly string[];
  readonly assumptions: readonly string[];
}

type Draft = Omit<Edge, 'certainty' | 'conditions' | 'assumptions'> &
  Partial<Pick<Edge, 'conditions' | 'assumptions'>>;

/** An edge as sure as its steps, and no surer than conditional where something else must be so. */
export function edgeOf({ conditions = [], assumptions = [], ...draft }: Draft): Edge {
  const certainties = draft.steps.map(({ certainty }) => certainty);
  if (conditions.length > 0) certainties.push('conditional');
  const certainty = leastCertain(certainties);
  const words = draft.steps.flatMap(({ action, condition, certainty: sure }) => {
    if (condition !== undefined) return [`${action}: ${condition.expr}`];
    return sure === 'certain' ? [] : [`${action}: a policy that is not in the bundle does not deny it`];
  });
  return { ...draft, certainty, conditions: [...new Set([...words, ...conditions])], assumptions };
}

/** Roles that AWS keeps from being changed or passed. */
export function isOfService({ arn }: IamEntity): boolean {
  return arn.includes(':role/aws-service-role/') || arn.includes(':role/aws-reserved/');
}

/** Roles that only a service can be. */
export function isServiceLinked({ arn }: IamEntity): boolean {
  return arn.includes(':role/aws-service-role/');
}
