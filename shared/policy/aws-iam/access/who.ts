import type { EvaluationRequest } from '../../../domain/evaluation-request.ts';
import type { WhoAnswer, WhoQuestion } from '../../../domain/policy-system.ts';
import type { Evaluation, GrantPath, PolicyRef, Step } from '../../../domain/trace.ts';
import type { Estate } from '../bundle/estate.ts';
import { askerOf } from './resource-grants.ts';

/** Judges a request of which keys may be missing. */
export type Ask = (request: EvaluationRequest) => Evaluation;

interface Asker {
  readonly type: string;
  readonly id: string;
}

/** Users and roles of the bundle, and outsiders whom the policy of the resource names, that can do something. */
export function* whoCan(estate: Estate, ask: Ask, question: WhoQuestion): Generator<WhoAnswer> {
  const { action, resource, context } = question;
  for (const subject of [...estate.entities(), ...outsiders(estate, resource)]) {
    const evaluation = ask({
      subject,
      action: { name: action },
      resource: { type: 'resource', id: resource },
      context,
    });
    if (evaluation.decision === 'deny') continue;
    const steps = grantingSteps(evaluation);
    yield {
      subject: { type: subject.type, id: subject.id },
      decision: evaluation.decision,
      path: pathOf(steps[0], subject.id, action, resource),
      policies: steps.map(({ ref }) => ref),
      ...(evaluation.wouldAllowIf === undefined ? null : { condition: evaluation.wouldAllowIf }),
    };
  }
}

/** Steps that allow, or may. */
function grantingSteps(evaluation: Evaluation): Step[] {
  const grants = evaluation.layers.filter(({ role }) => role === 'grant').flatMap(({ steps }) => steps);
  const allows = grants.filter(({ effect, matched }) => effect === 'allow' && matched !== false);
  // Statements with a way first: it says how the permission is held.
  return allows.toSorted(
    (first, second) => Number(second.via !== undefined) - Number(first.via !== undefined),
  );
}

function pathOf(step: Step | undefined, subject: string, action: string, resource: string): GrantPath {
  if (step === undefined) return [];
  const held = step.via ?? [{ from: subject, to: resource, kind: 'attached' as const, ref: refOf(step) }];
  if (!/^sts:assumerole/i.test(action)) return held;
  return [...held, { from: subject, to: resource, kind: 'assumes' }];
}

function refOf(step: Step): PolicyRef {
  return step.ref;
}

/** Whom the policy of a resource names beside the bundle's own users and roles. */
function outsiders(estate: Estate, resource: string): Asker[] {
  const own = new Set(estate.entities().map(({ id }) => id));
  const named = new Map<string, Asker>();
  for (const entry of estate.principalsNamedBy(resource)) {
    // Of an account whose users and roles are asked themselves, the root user is no finding.
    if (entry.kind === 'account' && estate.accounts.get(entry.account)?.hasIdentities === true) continue;
    const asker = askerOf(entry);
    if (asker !== null && !own.has(asker.id)) named.set(asker.id, asker);
  }
  return [...named.values()].toSorted((first, second) => (first.id < second.id ? -1 : 1));
}
