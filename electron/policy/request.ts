import type { Entity, EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import { type JsonObject, isObject } from '#shared/domain/json.ts';

export type ParsedRequest =
  | { readonly ok: true; readonly request: EvaluationRequest }
  | { readonly ok: false; readonly error: string };

/**
 * A value as an AuthZEN evaluation request. An id or a type that is left out is the empty text, as long as the other
 * is there: some systems have no use for one of them, and the others say so themselves. Members that AuthZEN does
 * not know are dropped.
 */
export function parseRequest(value: unknown): ParsedRequest {
  if (!isObject(value)) return refuse('A request is a JSON object.');
  const subject = entityOf(value, 'subject');
  if (typeof subject === 'string') return refuse(subject);
  const resource = entityOf(value, 'resource');
  if (typeof resource === 'string') return refuse(resource);
  const { action, context } = value;
  if (!isObject(action) || typeof action['name'] !== 'string') {
    return refuse('“action” is an object with a “name”.');
  }
  const properties = action['properties'];
  if (properties !== undefined && !isObject(properties)) return refuse('“action.properties” is an object.');
  if (context !== undefined && !isObject(context)) return refuse('“context” is an object.');
  const request: EvaluationRequest = {
    subject,
    action: { name: action['name'], ...(properties === undefined ? {} : { properties }) },
    resource,
    ...(context === undefined ? {} : { context }),
  };
  return { ok: true, request };
}

function entityOf(request: JsonObject, name: 'subject' | 'resource'): Entity | string {
  const entity = request[name];
  if (!isObject(entity)) return `“${name}” is an object with “type” and “id”.`;
  const { type, id, properties } = entity;
  if (type === undefined && id === undefined) return `“${name}” has neither “type” nor “id”.`;
  if ((type !== undefined && typeof type !== 'string') || (id !== undefined && typeof id !== 'string')) {
    return `“${name}.type” and “${name}.id” are texts.`;
  }
  if (properties !== undefined && !isObject(properties)) return `“${name}.properties” is an object.`;
  return { type: type ?? '', id: id ?? '', ...(properties === undefined ? {} : { properties }) };
}

function refuse(error: string): ParsedRequest {
  return { ok: false, error };
}
