import type { EvaluationRequest } from '../../domain/evaluation-request.ts';
import type { JsonObject } from '../../domain/json.ts';

/** What the API server asks its authorizer about, as `authorizer.Attributes`. */
export type Attributes = ResourceAttributes | UrlAttributes;

export interface ResourceAttributes {
  readonly kind: 'resource';
  readonly verb: string;
  /** Empty for the core group. */
  readonly apiGroup: string;
  readonly resource: string;
  /** Empty where there is none. */
  readonly subresource: string;
  /** `resource/subresource`, or the resource alone. */
  readonly combined: string;
  /** Empty where no object is named: on create, list, watch, deletecollection. */
  readonly name: string;
  /** Empty for what lies in no namespace, and for a request over all of them. */
  readonly namespace: string;
}

export interface UrlAttributes {
  readonly kind: 'url';
  readonly verb: string;
  readonly url: string;
}

/** The type of a resource that stands for a path of the API server. */
const urlType = 'nonresourceurl';

/**
 * The attributes of a request: `action.name` is the verb; `resource.type` the resource (`pods`, also `pods/log` and
 * `deployments.apps`), `resource.id` its name, `resource.properties` `apiGroup`, `namespace` and `subresource`; or
 * type `nonResourceURL` with the path as id. A text says why there are none.
 */
export function attributesOf({ action, resource }: EvaluationRequest): Attributes | string {
  const verb = action.name;
  if (verb === '') return 'The action has no name: it is the verb of the request.';
  const { type, id, properties = {} } = resource;
  if (type.toLowerCase() === urlType || (type === '' && id.startsWith('/'))) {
    return id === '' ? 'The path of the request is missing.' : { kind: 'url', verb, url: id };
  }
  if (type === '') return 'The resource has no type, e.g. pods.';
  const wrong = wrongProperty(properties);
  if (wrong !== null) return `“resource.properties.${wrong}” is a text.`;
  const named = splitResource(type);
  const subresource = textAt(properties, 'subresource') ?? named.subresource;
  return resourceAttributes({
    verb,
    resource: named.resource,
    apiGroup: textAt(properties, 'apiGroup') ?? named.apiGroup,
    subresource,
    namespace: textAt(properties, 'namespace') ?? '',
    name: isNameless(verb, subresource) ? '' : id,
  });
}

/**
 * Requests that create an object or delete a collection are authorized before any name is known; audit logs fill it in
 * later. Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
export function isNameless(verb: string, subresource: string): boolean {
  return subresource === '' && (verb === 'create' || verb === 'deletecollection');
}

export function resourceAttributes(parts: Omit<ResourceAttributes, 'kind' | 'combined'>): ResourceAttributes {
  const { resource, subresource } = parts;
  return {
    kind: 'resource',
    ...parts,
    combined: subresource === '' ? resource : `${resource}/${subresource}`,
  };
}

/** `deployments.apps/scale` as resource, group and subresource; a name of a resource holds neither dot nor slash. */
export function splitResource(text: string): {
  readonly resource: string;
  readonly apiGroup: string;
  readonly subresource: string;
} {
  const slash = text.indexOf('/');
  const groupResource = slash < 0 ? text : text.slice(0, slash);
  const dot = groupResource.indexOf('.');
  return {
    resource: dot < 0 ? groupResource : groupResource.slice(0, dot),
    apiGroup: dot < 0 ? '' : groupResource.slice(dot + 1),
    subresource: slash < 0 ? '' : text.slice(slash + 1),
  };
}

/** The resource in words: `deployments.apps/scale “web” in namespace shop`. */
export function describeTarget(attributes: Attributes): string {
  if (attributes.kind === 'url') return attributes.url;
  const { resource, apiGroup, subresource, name, namespace } = attributes;
  const group = apiGroup === '' ? '' : `.${apiGroup}`;
  const sub = subresource === '' ? '' : `/${subresource}`;
  const named = name === '' ? '' : ` “${name}”`;
  return `${resource}${group}${sub}${named}${namespace === '' ? '' : ` in namespace ${namespace}`}`;
}

function wrongProperty(properties: JsonObject): string | null {
  for (const name of ['apiGroup', 'namespace', 'subresource']) {
    const value = properties[name];
    if (value !== undefined && value !== null && typeof value !== 'string') return name;
  }
  return null;
}

function textAt(properties: JsonObject, name: string): string | undefined {
  const value = properties[name];
  return typeof value === 'string' ? value : undefined;
}
