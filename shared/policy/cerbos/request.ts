import type { EvaluationRequest } from '../../domain/evaluation-request.ts';
import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../domain/json.ts';
import { defaultVersion } from './names.ts';

/** A request in Cerbos' terms (https://docs.cerbos.dev/cerbos/latest/api). */
export interface CerbosRequest {
  readonly principal: {
    readonly id: string;
    readonly roles: readonly string[];
    readonly attr: JsonObject;
    /** As given; empty where there is none. */
    readonly policyVersion: string;
    readonly scope: string;
  };
  readonly resource: {
    readonly kind: string;
    readonly id: string;
    readonly attr: JsonObject;
    readonly policyVersion: string;
    readonly scope: string;
  };
  readonly action: string;
  readonly auxData: JsonObject | null;
  readonly globals: JsonObject;
  /** RFC 3339; null where the request does not say what time it was. */
  readonly now: string | null;
  /** A scope without a policy is looked for in its parents. */
  readonly lenientScopeSearch: boolean;
}

/**
 * `properties` of subject and resource are `{roles, attr, policyVersion, scope}`; without `attr`, the properties
 * themselves are the attributes, as in Cerbos' AuthZEN service. The context may hold `auxData`, `globals`, `now`
 * and `lenientScopeSearch`.
 */
export function readRequest({ subject, action, resource, context }: EvaluationRequest): CerbosRequest {
  const now = textAt(context, 'now');
  const auxData = objectAt(context, 'auxData') ?? objectAt(context, 'aux_data');
  return {
    principal: {
      id: subject.id,
      roles: rolesOf(subject.properties),
      attr: attributesOf(subject.properties),
      ...placeOf(subject.properties),
    },
    resource: {
      kind: resource.type,
      id: resource.id,
      attr: attributesOf(resource.properties),
      ...placeOf(resource.properties),
    },
    action: action.name,
    auxData: auxData === undefined ? null : plainObject(auxData),
    globals: plainObject(objectAt(context, 'globals') ?? {}),
    now,
    lenientScopeSearch: context?.['lenientScopeSearch'] === true,
  };
}

export function versionOf({ policyVersion }: { readonly policyVersion: string }): string {
  return policyVersion === '' ? defaultVersion : policyVersion;
}

const own = /^(?:roles|attr|policyVersion|scope|cerbos\..*)$/;

function attributesOf(properties: JsonObject | undefined): JsonObject {
  const attr = objectAt(properties, 'attr') ?? objectAt(properties, 'attributes');
  if (attr !== undefined) return plainObject(attr);
  return plainObject(Object.fromEntries(Object.entries(properties ?? {}).filter(([key]) => !own.test(key))));
}

function rolesOf(properties: JsonObject | undefined): string[] {
  const given = [...arrayAt(properties, 'roles'), ...arrayAt(properties, 'cerbos.roles')];
  return given.flatMap((role) => (typeof role === 'string' ? [role] : []));
}

function placeOf(properties: JsonObject | undefined): { policyVersion: string; scope: string } {
  return {
    policyVersion: textAt(properties, 'policyVersion') ?? textAt(properties, 'cerbos.policyVersion') ?? '',
    // A leading dot is the root scope written out.
    scope: (textAt(properties, 'scope') ?? textAt(properties, 'cerbos.scope') ?? '').replace(/^\./, ''),
  };
}

/** What expressions can see of it. */
export function expressionRoots(request: CerbosRequest): { principal: JsonObject; resource: JsonObject } {
  return {
    principal: { ...request.principal, policy_version: request.principal.policyVersion },
    resource: { ...request.resource, policy_version: request.resource.policyVersion },
  };
}

/** The CEL evaluator takes objects with the usual prototype for maps, and no others. */
function plainObject(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item ?? null)]));
}

function plainValue(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => plainValue(item));
  return isObject(value) ? plainObject(value) : value;
}
