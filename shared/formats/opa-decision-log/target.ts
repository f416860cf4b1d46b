import type { Resource } from '../../domain/event.ts';
import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { bounded } from '../../util/record-fields.ts';
import { firstTextOf, objectIn, scalarText, textIn } from './field.ts';

/** What was to be done to what. */
export interface Target {
  readonly action: string | null;
  readonly resource: Resource | null;
}

/**
 * Action and resource, by the conventions of what calls OPA. SECURITY: of paths the query is dropped, since it may
 * carry tokens.
 */
export function readTarget(input: Json | undefined): Target {
  if (!isObject(input)) return { action: null, resource: null };
  const http = objectIn(input, 'attributes', 'request', 'http');
  if (http !== undefined) return ofEnvoy(http);
  const review = objectIn(input, 'request');
  if (review !== undefined && objectIn(review, 'userInfo') !== undefined) return ofAdmission(review);
  return { action: actionOf(input), resource: resourceOf(input) };
}

function ofEnvoy(http: JsonObject): Target {
  const path = pathText(textIn(http, 'path'));
  const host = textIn(http, 'host');
  const id = path === null ? host : host === null ? path : `${host}${path}`;
  return { action: textIn(http, 'method'), resource: id === null ? null : { type: 'http', id } };
}

function pathText(path: string | null): string | null {
  const bare = path?.split(/[?#]/, 1)[0] ?? '';
  return bare === '' ? null : bare;
}

/**
 * The object of an AdmissionRequest, named as in Kubernetes' audit log: by the path of the API.
 * Source: https://kubernetes.io/docs/reference/config-api/apiserver-admission.v1/
 */
function ofAdmission(review: JsonObject): Target {
  const action = textIn(review, 'operation')?.toLowerCase() ?? null;
  const resource = textIn(review, 'resource', 'resource');
  if (resource === null) return { action, resource: null };
  const [group, version] = [
    textIn(review, 'resource', 'group'),
    textIn(review, 'resource', 'version') ?? 'v1',
  ];
  const [namespace, subresource] = [textIn(review, 'namespace'), textIn(review, 'subResource')];
  const name = textIn(review, 'name') ?? textIn(review, 'object', 'metadata', 'name');
  const parts = group === null ? ['/api', version] : ['/apis', group, version];
  if (namespace !== null && resource !== 'namespaces') parts.push('namespaces', namespace);
  parts.push(resource);
  if (name !== null) parts.push(name);
  if (subresource !== null) parts.push(subresource);
  const type = group === null ? resource : `${resource}.${group}`;
  return {
    action,
    resource: { type: subresource === null ? type : `${type}/${subresource}`, id: parts.join('/') },
  };
}

function actionOf(input: JsonObject): string | null {
  for (const key of ['action', 'operation', 'method', 'verb', 'permission']) {
    const text = textIn(input, key);
    if (text !== null) return text;
    const inner = firstTextOf(objectIn(input, key), ['name', 'operation', 'id', 'verb', 'method']);
    if (inner !== null) return inner;
  }
  return textIn(input, 'request', 'method');
}

const resourceMembers = ['resource', 'object', 'entity', 'target', 'path', 'url', 'uri', 'asset'] as const;
const paths = new Set<string>(['path', 'url', 'uri']);

function resourceOf(input: JsonObject): Resource | null {
  const kafka = objectIn(input, 'action', 'resourcePattern');
  if (kafka !== undefined) return ofObject(kafka, null);
  const type = firstTextOf(input, ['resource_type', 'resourceType']);
  for (const key of resourceMembers) {
    const value = Object.hasOwn(input, key) ? input[key] : undefined;
    const found = paths.has(key) ? ofPath(value) : (ofText(value, type) ?? ofObject(objectIn(value), type));
    if (found !== null) return found;
  }
  const id = firstTextOf(input, ['resource_id', 'resourceId']);
  return id === null ? ofPath(textIn(input, 'request', 'path') ?? undefined) : { type, id };
}

function ofText(value: Json | undefined, type: string | null): Resource | null {
  const id = scalarText(value);
  return id === null ? null : { type, id };
}

/** A path as text, or as the list of its segments. */
function ofPath(value: Json | undefined): Resource | null {
  const segments = Array.isArray(value) ? (value as readonly Json[]).map((each) => scalarText(each)) : null;
  const text =
    segments === null ? scalarText(value) : segments.includes(null) ? null : `/${segments.join('/')}`;
  const id = bounded(pathText(text) ?? undefined);
  return id === null ? null : { type: 'http', id };
}

function ofObject(object: JsonObject | undefined, given: string | null): Resource | null {
  const id = firstTextOf(object, ['id', 'name', 'arn', 'key', 'path', 'uri']);
  if (id === null) return null;
  return { type: firstTextOf(object, ['type', 'kind', 'resourceType']) ?? given, id };
}
