import type { Entity, EvaluationRequest, RequestKnowledge } from '../../../domain/evaluation-request.ts';
import { textAt } from '../../../domain/json.ts';
import type { CompiledBundle, EngineAnswer, PolicyText } from '../../../domain/policy-system.ts';
import type { Evaluation } from '../../../domain/trace.ts';
import { entitlementsOf } from '../access/entitlements.ts';
import { type NamedPrincipal, resourceGrants } from '../access/resource-grants.ts';
import { whoCan } from '../access/who.ts';
import { accessPaths } from '../paths/access-paths.ts';
import { EscalationGraph } from '../paths/graph.ts';
import { proposePolicy } from '../propose/propose.ts';
import { reachOf } from '../paths/reach.ts';
import { catalogueVersion } from '../catalogue/actions.ts';
import { findAction } from '../catalogue/catalogue.ts';
import { keysOf } from '../document/policy.ts';
import { decide } from '../evaluate/decide.ts';
import { arnOf, isAccountId } from '../match/arn.ts';
import { resourceText } from '../match/resource-pattern.ts';
import { RequestContext } from '../request/context.ts';
import { deriveFrom, stateFrom } from '../request/derive.ts';
import type { AwsRequest } from '../request/request.ts';
import { readSubject, type Subject, withTold } from '../request/subject.ts';
import { Estate } from './estate.ts';
import { identitiesOf } from './identities.ts';
import type { PolicySource } from './source.ts';
import { noDecision } from '../../no-decision.ts';

const engine = { name: 'rescind-aws-iam', version: '1', mode: 'own' } as const;

/** A compiled bundle over any form of source. */
export function bundleOf(source: PolicySource): CompiledBundle {
  let texts: readonly PolicyText[] | null = null;
  const subjects = new SubjectReader();
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
    evaluate: (request, knowledge) => evaluate(source, subjects, request, knowledge),
    ...(source instanceof Estate ? enumerations(source) : null),
  };
}

/** What only a bundle with users and roles can enumerate. */
function enumerations(
  estate: Estate,
): Pick<CompiledBundle, 'who' | 'identities' | 'entitlements' | 'paths' | 'reach' | 'propose'> {
  const subjects = new SubjectReader();
  let given: readonly NamedPrincipal[] | null = null;
  const ask = (request: EvaluationRequest, knowledge: RequestKnowledge = { complete: false }): Evaluation =>
    evaluate(estate, subjects, request, knowledge).evaluation;
  const graphs = new Map<string | null, EscalationGraph>();
  const graphAt = (at: string | null): EscalationGraph => {
    const graph = graphs.get(at) ?? new EscalationGraph(estate, ask, at);
    graphs.set(at, graph);
    return graph;
  };
  return {
    identities: () => identitiesOf(estate),
    who: (question) => whoCan(estate, ask, question),
    entitlements: (subject) => {
      given ??= resourceGrants(estate);
      return entitlementsOf(estate, given, subject);
    },
    paths: ({ at, subject }) => accessPaths(graphAt(at), subject),
    reach: (subject, { at }) => reachOf(graphAt(at), subject),
    propose: (question) =>
      proposePolicy(
        estate,
        (within, { kind, arn }, action, resource) => {
          const request = {
            subject: { type: kind, id: arn },
            action: { name: action },
            resource: { type: 'resource', id: resource },
          };
          return evaluate(within, subjects, request, { complete: false }).evaluation;
        },
        question,
      ),
  };
}

function textsOf(source: PolicySource): PolicyText[] {
  return source.policies.map(({ origin, document }) => ({
    policyId: origin.id,
    title: origin.name,
    path: origin.path,
    language: 'json',
    text: JSON.stringify(document, null, 2),
    pointer: origin.pointer,
  }));
}

function evaluate(
  source: PolicySource,
  subjects: SubjectReader,
  asked: EvaluationRequest,
  knowledge: RequestKnowledge,
): EngineAnswer {
  const subject = subjects.read(asked.subject);
  if (subject === null) return unanswered(noPrincipal(asked.subject.id));
  const request = readRequest(source, subject, asked, knowledge);
  if (request === null) return unanswered(noAction(asked.action.name));
  const applicable = source.applicable(request);
  if ('error' in applicable) return unanswered(applicable.error);
  return { evaluation: withUnread(decide(request, applicable), source, request) };
}

function noPrincipal(id: string): string {
  return `“${id}” is no principal of AWS: expected the ARN of a user, role, session or root user, an account id, or the name of a service.`;
}

function noAction(name: string): string {
  return `“${name}” is no action of AWS: expected service:Action, e.g. s3:GetObject.`;
}

/** Only an explicit deny stands where a file that concerns one of the sides could not be read. */
function withUnread(evaluation: Evaluation, { unread }: PolicySource, request: AwsRequest): Evaluation {
  const sides = [request.subject.account, request.resourceAccount];
  const file = unread.find(({ account }) => account === null || sides.includes(account));
  const stands = evaluation.decision === 'deny' && evaluation.kind === 'explicit';
  if (file === undefined || stands) return evaluation;
  const message = `${file.path} could not be read`;
  return {
    ...evaluation,
    decision: 'indeterminate',
    determining: [],
    determiningSteps: [],
    blockedBy: [],
    errors: [...evaluation.errors, { message }],
    unknowns: [...evaluation.unknowns, file.path],
    completeness: 'partial',
    verdict: `Cannot tell: ${message}.`,
  };
}

/** Subjects that were read lately: the same few ask again and again. */
class SubjectReader {
  #kept = new Map<string, Subject | null>();

  read(entity: Entity): Subject | null {
    if (entity.properties !== undefined) return readSubject(entity);
    const key = `${entity.type} ${entity.id}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const subject = readSubject(entity);
    if (this.#kept.size >= keptSubjects) this.#kept = new Map();
    this.#kept.set(key, subject);
    return subject;
  }
}

const keptSubjects = 1024;
const everyResource = resourceText('*');
const none: readonly string[] = [];

interface NamedAction {
  readonly action: string;
  readonly service: string;
  readonly operation: string;
  readonly allResourcesOnly: boolean;
}

/** Actions that were read lately. */
let actions = new Map<string, NamedAction | null>();
const keptActions = 4096;

function namedAction(name: string): NamedAction | null {
  const kept = actions.get(name);
  if (kept !== undefined) return kept;
  if (actions.size >= keptActions) actions = new Map();
  const action = name.trim();
  const colon = action.indexOf(':');
  const [service, operation] = [action.slice(0, colon).toLowerCase(), action.slice(colon + 1).toLowerCase()];
  const none = colon <= 0 || operation === '';
  const allResourcesOnly = !none && findAction(service, operation)?.allResourcesOnly === true;
  const read = none ? null : { action, service, operation, allResourcesOnly };
  actions.set(name, read);
  return read;
}

/** Reads a request against what the source knows; null where the action is none. */
export function readRequest(
  source: PolicySource,
  asking: Subject,
  asked: EvaluationRequest,
  knowledge: RequestKnowledge,
): AwsRequest | null {
  const named = namedAction(asked.action.name);
  if (named === null) return null;
  const { action, service, operation } = named;
  const id = asked.resource.id === '' ? '*' : asked.resource.id;
  const resource = resourceText(id);
  const arn = arnOf(id, resource.parts);
  const stated =
    textAt(asked.resource.properties, 'account') ??
    (arn !== null && isAccountId(arn.account) ? arn.account : null) ??
    textAt(asked.context, 'aws:ResourceAccount') ??
    textAt(asked.context, 's3:ResourceAccount');
  const facts = source.facts(withTold(asking, asked.context), asked.resource, stated);
  // A context that is given is complete; beside it only what the bundle's own accounts and the request tell counts.
  const told = source.selfContained && knowledge.complete && asked.context !== undefined;
  const derive = told ? stateFrom : deriveFrom;
  const wide = named.allResourcesOnly && id !== '*';
  return {
    subject: facts.subject,
    action,
    service,
    operation,
    resource,
    askedResource: wide ? everyResource : resource,
    resourceArn: arn,
    resourceAccount: facts.resourceAccount ?? (id === '*' ? asking.account : null),
    context: new RequestContext(asked.context, knowledge, derive(facts)),
    assumptions: wide
      ? [`${action} knows no single resources (catalogue ${catalogueVersion}): asked for all.`]
      : none,
  };
}

function unanswered(message: string): EngineAnswer {
  const verdict = `Cannot tell: ${message}`;
  return { evaluation: noDecision(message, { combining: 'layered-intersection', verdict }) };
}
