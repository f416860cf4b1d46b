import type { EvaluationRequest, RequestKnowledge } from '../../../domain/evaluation-request.ts';
import { textAt } from '../../../domain/json.ts';
import type { CompiledBundle, EngineAnswer, PolicyText } from '../../../domain/policy-system.ts';
import type { Evaluation } from '../../../domain/trace.ts';
import { keysOf } from '../document/policy.ts';
import { decide } from '../evaluate/decide.ts';
import { isAccountId, parseArn } from '../match/arn.ts';
import { resourceText } from '../match/resource-pattern.ts';
import { RequestContext } from '../request/context.ts';
import { deriveFrom } from '../request/derive.ts';
import type { AwsRequest } from '../request/request.ts';
import { readSubject, type Subject } from '../request/subject.ts';
import type { PolicySource } from './source.ts';

const engine = { name: 'rescind-aws-iam', version: '1', mode: 'own' } as const;

/** A compiled bundle over any form of source. */
export function bundleOf(source: PolicySource): CompiledBundle {
  let texts: readonly PolicyText[] | null = null;
  return {
    system: 'aws-iam',
    engine,
    revision: null,
    policies: source.policies.length,
    subjects: source.subjects,
    problems: source.problems,
    get texts() {
      texts ??= textsOf(source);
      return texts;
    },
    contextKeys: new Set(source.policies.flatMap(keysOf)),
    evaluate: (request, knowledge) => evaluate(source, request, knowledge),
  };
}

function textsOf(source: PolicySource): PolicyText[] {
  return source.policies.map(({ origin, document }) => ({
    policyId: origin.id,
    title: origin.name,
    path: origin.path,
    language: 'json',
    text: JSON.stringify(document, null, 2),
  }));
}

function evaluate(source: PolicySource, asked: EvaluationRequest, knowledge: RequestKnowledge): EngineAnswer {
  const subject = readSubject(asked.subject);
  if (subject === null) return unanswered(`“${asked.subject.id}” is no principal of AWS.`);
  const request = readRequest(source, subject, asked, knowledge);
  if (request === null) return unanswered(`“${asked.action.name}” is no action of AWS.`);
  const applicable = source.applicable(request);
  return 'error' in applicable ? unanswered(applicable.error) : { evaluation: decide(request, applicable) };
}

/** Reads a request against what the source knows; null where the action is none. */
export function readRequest(
  source: PolicySource,
  asking: Subject,
  asked: EvaluationRequest,
  knowledge: RequestKnowledge,
): AwsRequest | null {
  const action = asked.action.name.trim();
  const colon = action.indexOf(':');
  if (colon <= 0 || colon === action.length - 1) return null;
  const id = asked.resource.id === '' ? '*' : asked.resource.id;
  const arn = parseArn(id);
  const stated =
    textAt(asked.resource.properties, 'account') ??
    (arn !== null && isAccountId(arn.account) ? arn.account : null) ??
    textAt(asked.context, 'aws:ResourceAccount') ??
    textAt(asked.context, 's3:ResourceAccount');
  const facts = source.facts(asking, asked.resource, stated);
  return {
    subject: facts.subject,
    action,
    service: action.slice(0, colon).toLowerCase(),
    operation: action.slice(colon + 1).toLowerCase(),
    resource: resourceText(id),
    resourceArn: arn,
    resourceAccount: facts.resourceAccount ?? (id === '*' ? asking.account : null),
    context: new RequestContext(asked.context, knowledge, deriveFrom(facts)),
  };
}

function unanswered(message: string): EngineAnswer {
  const evaluation: Evaluation = {
    decision: 'indeterminate',
    kind: 'implicit',
    combining: 'layered-intersection',
    determining: [],
    determiningSteps: [],
    overridden: [],
    blockedBy: [],
    layers: [],
    errors: [{ message }],
    assumptions: [],
    unknowns: [],
    completeness: 'partial',
    verdict: `Cannot tell: ${message}`,
  };
  return { evaluation };
}
