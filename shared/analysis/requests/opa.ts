import type { AccessEvent } from '#shared/domain/event.ts';
import { isObject, type Json, type JsonObject, textAt } from '#shared/domain/json.ts';
import type { AttributeSource, RecordedDetail } from '#shared/domain/trace.ts';
import { digitsOf } from '#shared/util/exact-json.ts';
import { withoutPath } from '#shared/util/json-pointer.ts';
import { DecisionReads, decisionPath, hiddenParts, readBundles } from '#shared/util/opa-decision.ts';
import type { MappedRequest, Mapping } from './mapping.ts';

const system = 'opa';

/**
 * The question that OPA answered: the path of a document or a query, and the input exactly as it was recorded. What was
 * taken out of the log or replaced in it is not known, and everything else is as it was. The builtins whose answers
 * differ from time to time answer as they did then, where the log keeps it.
 * Source: https://www.openpolicyagent.org/docs/management-decision-logs
 */
export function mapOpa(event: AccessEvent, decision: JsonObject): Mapping {
  const path = decisionPath(decision);
  // Without a slash a single name could be a reference.
  const name = path === null ? textAt(decision, 'query') : path.length === 1 ? `/${path[0]}` : path.join('/');
  if (name === null || name === '') return unmapped('The event names neither a path nor a query.');
  const { erased, masked } = hiddenParts(decision);
  const hidden = [...erased, ...masked].flatMap(([first, ...rest]) => (first === 'input' ? [rest] : []));
  const isWhollyHidden = hidden.some((rest) => rest.length === 0);
  const input = isWhollyHidden ? undefined : decision['input'];
  if (input !== undefined && (!isObject(input) || digitsOf(input) !== undefined)) {
    return unmapped('The input of the decision is no object.');
  }
  const sources: Record<string, AttributeSource> = {
    'action.name': 'log',
    'action.properties.time': 'log',
    'subject.id': 'derived',
    'resource.id': 'derived',
  };
  for (const key of Object.keys(input ?? {})) sources[`context.${key}`] = 'log';
  for (const rest of hidden) sources[['context', ...rest].join('.')] = 'hidden';
  const cache = cacheOf(decision, masked);
  if (cache !== undefined) sources['action.properties.nd_builtin_cache'] = 'log';
  const properties = {
    time: textAt(decision, 'timestamp') ?? event.time,
    ...(cache === undefined ? {} : { nd_builtin_cache: cache }),
  };
  const partly = hidden.filter((rest) => rest.length > 0);
  return {
    kind: 'mapped',
    system,
    request: {
      subject: { type: event.subject.type, id: event.subject.id ?? '' },
      action: { name, properties },
      resource: { type: event.resource?.type ?? '', id: event.resource?.id ?? '' },
      ...(input === undefined ? {} : { context: input }),
    },
    knowledge: { complete: !isWhollyHidden, ...(partly.length === 0 ? {} : { hidden: partly }) },
    attributes: sources,
  };
}

/** The question without what no policy reads. A query of somebody's own may read everything. */
export function reduceOpa(mapping: MappedRequest, contextKeys: readonly string[]): MappedRequest {
  const { request, knowledge } = mapping;
  const { action, context } = request;
  if (!action.name.includes('/') && !/^data(?:\.\w+)+$/.test(action.name)) return mapping;
  const reads = new DecisionReads(contextKeys);
  const input = reads.input(context);
  const hidden = (knowledge.hidden ?? []).filter((path) => reads.touches(path));
  return {
    ...mapping,
    request: {
      ...request,
      action: reads.isVolatile ? action : { name: action.name },
      ...(isObject(input) ? { context: input } : {}),
    },
    knowledge: { complete: knowledge.complete, ...(hidden.length === 0 ? {} : { hidden }) },
  };
}

/** What was recorded of builtins; without the answers that were replaced. */
function cacheOf(decision: JsonObject, masked: readonly (readonly string[])[]): JsonObject | undefined {
  let cache: Json | undefined = decision['nd_builtin_cache'];
  for (const [first, ...rest] of masked) if (first === 'nd_builtin_cache') cache = withoutPath(cache, rest);
  return isObject(cache) ? cache : undefined;
}

/** The bundles that decided, and the document that was given as the answer. */
export function recordedByOpa(decision: JsonObject): RecordedDetail {
  const bundles = readBundles(decision);
  const { result } = decision;
  return { ...(bundles.length === 0 ? {} : { bundles }), ...(result === undefined ? {} : { result }) };
}

function unmapped(reason: string): Mapping {
  return { kind: 'unmapped', system, reason };
}
