import type { EvaluationRequest, RequestKnowledge } from '../../../domain/evaluation-request.ts';
import type { BundleProblem } from '../../../domain/policy-system.ts';
import type { Evaluation, Layer, Step } from '../../../domain/trace.ts';
import { Conditions } from '../condition/conditions.ts';
import type { Estate } from '../model.ts';
import { type GcpRequest, readRequest } from '../request.ts';
import { allowLayer, boundaryLayer, denyLayer, doubtsOf, nearest } from './layers.ts';
import { levelsOf } from './levels.ts';
import type { Asked } from './steps.ts';
import { noDecision } from '../../no-decision.ts';

const noBoundaries =
  'Principal access boundaries, organization policies and VPC Service Controls are not judged: it is taken that they refuse nothing.';
const noDenies = 'The bundle holds no deny policy: it is taken that there is none.';

/**
 * Judges requests as IAM does: deny policies of the resource and all that contains it first, then the union of the
 * roles that their allow policies grant. Source: https://cloud.google.com/iam/docs/policy-types#evaluation
 */
export class Evaluator {
  readonly #estate: Estate;
  readonly #unread: string | null;
  readonly #conditions = new Conditions();

  constructor(estate: Estate, problems: readonly BundleProblem[]) {
    this.#estate = estate;
    const unread = problems.find(({ severity }) => severity === 'error');
    this.#unread = unread === undefined ? null : `${unread.path}: ${unread.message}`;
  }

  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): Evaluation {
    const estate = this.#estate;
    const read = readRequest(request, estate);
    if (typeof read === 'string') return refused(read);
    const asked: Asked = { request: read, knowledge, estate, conditions: this.#conditions };
    const { levels, assumptions } = levelsOf(read, estate);
    const [guard, boundary] = [denyLayer(levels, asked), boundaryLayer(estate)];
    const grants = levels.map((level) => allowLayer(level, asked)).filter((layer) => layer !== null);
    const told = [...assumptions];
    if (estate.denies.length === 0) told.push(noDenies);
    if (boundary === null) told.push(noBoundaries);
    return decided(read, { guard, boundary, grants, assumptions: told, unread: this.#unread });
  }
}

interface Findings {
  readonly guard: Layer | null;
  readonly boundary: Layer | null;
  readonly grants: readonly Layer[];
  readonly assumptions: readonly string[];
  readonly unread: string | null;
}

function decided(
  request: GcpRequest,
  { guard, boundary, grants, assumptions, unread }: Findings,
): Evaluation {
  const layers = [guard, boundary, ...grants].filter((layer) => layer !== null);
  const base = noDecision('', { combining, layers, errors: [], assumptions, completeness: 'full' });
  const denying = (guard?.steps ?? []).filter(({ matched }) => matched === true);
  const allowing = grants.flatMap(({ steps }) => steps).filter(({ matched }) => matched === true);
  const what = `${request.permission} on ${request.node} to ${request.principal.id || 'the subject'}`;
  if (denying.length > 0) {
    return {
      ...base,
      ...by(denying),
      decision: 'deny',
      overridden: allowing.map(({ id }) => id),
      blockedBy: ['deny-policy'],
      verdict: `Denied by ${namesOf(denying).join(', ')}.`,
    };
  }
  const limits = [guard, boundary].filter((layer) => layer?.outcome === 'unknown');
  if (allowing.length > 0 && limits.length === 0) {
    return {
      ...base,
      ...by(allowing),
      decision: 'allow',
      verdict: `Allowed by ${namesOf(allowing)[0] ?? ''}.`,
    };
  }
  const isGranted = allowing.length > 0;
  const open = isGranted ? limits : grants.filter(({ outcome }) => outcome === 'unknown');
  const unknowns = [...new Set(open.flatMap((layer) => (layer === null ? [] : doubtsOf(layer))))];
  if (!isGranted && unread !== null) unknowns.push(unread);
  if (unknowns.length > 0) {
    const lead = isGranted ? 'what may refuse it is not known' : `nothing that is known grants ${what}`;
    return {
      ...base,
      unknowns,
      completeness: 'partial',
      verdict: `Cannot tell: ${lead}. ${unknowns[0] ?? ''}`,
    };
  }
  const near = nearest(grants);
  return {
    ...base,
    decision: 'deny',
    blockedBy: ['allow-policy'],
    ...(near === null ? {} : { wouldAllowIf: near }),
    verdict: `Denied: no role on the resource or above it gives ${what}.`,
  };
}

const combining = 'deny-overrides';

function by(steps: readonly Step[]): Pick<Evaluation, 'kind' | 'determining' | 'determiningSteps'> {
  return { kind: 'explicit', determining: namesOf(steps), determiningSteps: steps.map(({ id }) => id) };
}

/** `roles/owner in the allow policy of projects/shop`; a deny policy by its name. */
function namesOf(steps: readonly Step[]): string[] {
  const names = steps.map(({ ref: { statementId, policyId } }) =>
    statementId === undefined ? policyId : `${statementId} in the ${policyId}`,
  );
  return [...new Set(names)];
}

function refused(message: string): Evaluation {
  return noDecision(message, { combining });
}
