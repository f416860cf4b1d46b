import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { ConditionNode, Evaluation, EvaluationError, Layer } from '../../domain/trace.ts';
import { type Attributes, attributesOf, describeTarget } from './attributes.ts';
import type { Cluster } from './cluster.ts';
import { decide } from './decide.ts';
import type { Finding } from './finding.ts';
import { checkEscalation } from './escalation.ts';
import { checkImpersonation } from './impersonation.ts';
import { type User, impersonatorOf, mastersGroup, userOf } from './user.ts';
import { UserView } from './view.ts';
import { noDecision } from '../no-decision.ts';

/** Users that are remembered with the grants that reach them. */
const mostViews = 5_000;

/** Judges requests against one cluster. */
export class Evaluator {
  readonly #cluster: Cluster;
  readonly #views = new Map<string, UserView>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Where the groups of a subject are not known (GKE's log leaves them out), a denial is none: a group may allow it. */
  evaluate(request: EvaluationRequest, { complete }: RequestKnowledge): Evaluation {
    const evaluation = this.#evaluate(request);
    const isKnown = complete || request.subject.properties?.['groups'] !== undefined;
    return isKnown || evaluation.decision !== 'deny' ? evaluation : withoutGroups(evaluation);
  }

  #evaluate(request: EvaluationRequest): Evaluation {
    const user = userOf(request.subject);
    if (typeof user === 'string') return refused(user);
    const attributes = attributesOf(request);
    if (typeof attributes === 'string') return refused(attributes);
    const view = this.#view(user);
    const impersonator = impersonatorOf(request.subject);
    if (typeof impersonator === 'string') return refused(impersonator);
    const impersonation =
      impersonator === null
        ? null
        : checkImpersonation(this.#cluster, this.#view(impersonator), user, request.subject);
    if (impersonation !== null && !impersonation.allowed) {
      const who = impersonator?.name ?? '';
      return {
        ...blocked('impersonation', [impersonation.layer], impersonation.errors, view),
        verdict: `Not allowed: ${who} may not impersonate ${user.name}.`,
      };
    }
    const before = impersonation === null ? [] : [impersonation.layer];
    if (view.isMaster) return bypass(before, view, attributes);
    const finding = decide(this.#cluster, view, attributes);
    if (!finding.allowed) return denied(finding, before, view, attributes);
    return this.#allowed(finding, before, view, attributes, request);
  }

  #allowed(
    finding: Finding,
    before: readonly Layer[],
    view: UserView,
    attributes: Attributes,
    request: EvaluationRequest,
  ): Evaluation {
    const check =
      attributes.kind === 'url'
        ? ({ kind: 'none' } as const)
        : checkEscalation(this.#cluster, view, attributes, request);
    const layers =
      check.kind === 'checked' ? [...before, ...finding.layers, check.layer] : [...before, ...finding.layers];
    if (check.kind === 'checked' && !check.allowed) {
      return {
        ...blocked('escalation', layers, finding.errors, view),
        overridden: finding.determiningSteps,
        verdict: `RBAC allows the request, and the API server refuses it: ${check.layer.why ?? ''}`,
      };
    }
    const assumptions =
      check.kind === 'unknown'
        ? [
            ...view.assumptions,
            'What the request writes is not known: the check against privilege escalation is taken as passed.',
          ]
        : view.assumptions;
    return {
      decision: 'allow',
      kind: 'explicit',
      combining: 'union',
      determining: finding.determining,
      determiningSteps: finding.determiningSteps,
      overridden: [],
      blockedBy: [],
      layers,
      errors: finding.errors,
      assumptions,
      unknowns: [],
      completeness: 'full',
      verdict: `Allowed by ${finding.by ?? ''}.`,
    };
  }

  #view(user: User): UserView {
    const key = `${user.name}\n${user.groups.join('\n')}`;
    let view = this.#views.get(key);
    if (view === undefined) {
      if (this.#views.size >= mostViews) this.#views.clear();
      view = new UserView(this.#cluster, user);
      this.#views.set(key, view);
    }
    return view;
  }
}

function withoutGroups(evaluation: Evaluation): Evaluation {
  return {
    ...evaluation,
    decision: 'indeterminate',
    blockedBy: [],
    unknowns: [...evaluation.unknowns, 'subject.properties.groups'],
    completeness: 'partial',
    verdict: `Cannot tell: nothing grants it to the subject itself, and its groups are not known.`,
  };
}

function denied(
  { layers, errors, missing, wouldAllow }: Finding,
  before: readonly Layer[],
  { user, assumptions }: UserView,
  attributes: Attributes,
): Evaluation {
  const what = `${attributes.verb} ${describeTarget(attributes)}`;
  const lacks =
    missing.length === 0 ? '' : ` The bundle lacks ${missing.join(', ')}, which the subject is bound to.`;
  const condition: ConditionNode | null =
    wouldAllow.length === 0
      ? null
      : {
          op: 'any',
          expr: 'a binding that would allow it names the subject',
          result: 'false',
          children: wouldAllow,
        };
  return {
    decision: 'deny',
    kind: 'implicit',
    combining: 'union',
    determining: [],
    determiningSteps: [],
    overridden: [],
    blockedBy: ['rbac'],
    layers: [...before, ...layers],
    errors,
    assumptions,
    unknowns: missing,
    ...(condition === null ? {} : { wouldAllowIf: condition }),
    completeness: missing.length === 0 ? 'full' : 'partial',
    verdict: `Not allowed by RBAC: nothing grants ${user.name === '' ? 'the subject' : user.name} ${what}.${lacks}`,
  };
}

function bypass(before: readonly Layer[], { assumptions }: UserView, attributes: Attributes): Evaluation {
  return {
    decision: 'allow',
    kind: 'bypass',
    combining: 'union',
    determining: [`Group ${mastersGroup}`],
    determiningSteps: [],
    overridden: [],
    blockedBy: [],
    layers: [
      ...before,
      {
        name: 'rbac',
        role: 'grant',
        outcome: 'not-evaluated',
        why: `Members of ${mastersGroup} pass by RBAC.`,
        steps: [],
      },
    ],
    errors: [],
    assumptions,
    unknowns: [],
    completeness: 'full',
    verdict: `Allowed: members of ${mastersGroup} may do anything, ${attributes.verb} ${describeTarget(attributes)} too.`,
  };
}

function blocked(
  layer: string,
  layers: readonly Layer[],
  errors: readonly EvaluationError[],
  { assumptions }: UserView,
): Omit<Evaluation, 'verdict'> {
  return {
    decision: 'deny',
    kind: 'explicit',
    combining: 'union',
    determining: [],
    determiningSteps: [],
    overridden: [],
    blockedBy: [layer],
    layers,
    errors,
    assumptions,
    unknowns: [],
    completeness: 'full',
  };
}

function refused(message: string): Evaluation {
  return noDecision(message, { combining: 'union' });
}
