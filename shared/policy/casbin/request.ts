import type { EvaluationRequest } from '../../domain/evaluation-request.ts';
import { isObject, type Json, type JsonObject } from '../../domain/json.ts';

/** The values of a request in the order of the model's request definition, or what is missing. */
export type Tuple =
  | { readonly ok: true; readonly values: readonly unknown[]; readonly roles: readonly Role[] }
  | { readonly ok: false; readonly missing: string };

export type Role = 'subject' | 'resource' | 'action' | 'context';

const names: Readonly<Record<Exclude<Role, 'context'>, readonly string[]>> = {
  subject: ['sub', 'subject', 'user', 'usr', 'principal', 'who'],
  resource: ['obj', 'object', 'resource', 'res', 'asset', 'path', 'url'],
  action: ['act', 'action', 'method', 'operation', 'verb'],
};
const domainNames = ['dom', 'domain', 'tenant', 'tenant_id', 'org'];

/**
 * What part of a request each name of the request definition stands for. Names that say nothing and that the
 * context does not have stand, in their order, for the parts that are not named: subject, resource, action.
 */
export function rolesOf(tokens: readonly string[], context: JsonObject = {}): Role[] {
  const roles = tokens.map(roleOf);
  const unnamed = (['subject', 'resource', 'action'] as const).filter((role) => !roles.includes(role));
  return roles.map((role, index) => {
    const token = tokens[index] ?? '';
    if (role !== 'context' || token in context || contextKey(token) === 'domain') return role;
    return unnamed.shift() ?? 'context';
  });
}

function roleOf(token: string): Role {
  const name = token.toLowerCase();
  for (const role of ['subject', 'resource', 'action'] as const) if (names[role].includes(name)) return role;
  return 'context';
}

/**
 * The tuple of a request: `subject.id`, `resource.id`, `action.name`; a domain is `context.domain`, any other name
 * the key of that name in the context. A part whose attributes the model reads (`r.sub.Age`) is an object: the
 * properties, with `id` and `type`.
 */
export function tupleOf(
  request: EvaluationRequest,
  tokens: readonly string[],
  objects: ReadonlySet<string>,
): Tuple {
  const roles = rolesOf(tokens, request.context);
  const values: unknown[] = [];
  for (const [index, token] of tokens.entries()) {
    const role = roles[index] ?? 'context';
    const value =
      role === 'context' ? contextValue(request, token) : partValue(request, role, objects.has(token));
    if (value === undefined) return { ok: false, missing: `context.${contextKey(token)}` };
    values.push(value);
  }
  return { ok: true, values, roles };
}

/** The key of the context that a name stands for. */
export function contextKey(token: string): string {
  return domainNames.includes(token.toLowerCase()) ? 'domain' : token;
}

function contextValue(request: EvaluationRequest, token: string): Json | undefined {
  const { context, subject, resource } = request;
  const key = contextKey(token);
  return context?.[key] ?? context?.[token] ?? subject.properties?.[key] ?? resource.properties?.[key];
}

function partValue(request: EvaluationRequest, role: Exclude<Role, 'context'>, asObject: boolean): unknown {
  if (role === 'action')
    return asObject ? { id: request.action.name, ...request.action.properties } : request.action.name;
  const { id, type, properties } = request[role];
  if (!asObject) return id;
  return { id, type, ...objectOf(id), ...properties };
}

/** A part that is written as JSON, as Casbin takes it (`acceptJsonRequest`). */
function objectOf(id: string): JsonObject {
  if (!id.startsWith('{')) return {};
  try {
    const value: unknown = JSON.parse(id);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** `r_sub` → `sub`. */
export function bare(token: string): string {
  return token.slice(token.indexOf('_') + 1);
}
