import type { Resource } from '../../domain/event.ts';
import type { JsonObject } from '../../domain/json.ts';
import { boundedText } from './text.ts';

export interface ObjectName {
  readonly group: string | null;
  readonly version: string;
  readonly namespace: string | null;
  readonly resource: string;
  readonly name: string | null;
  readonly subresource: string | null;
}

/**
 * A Kubernetes object as a resource: its type is the group resource as Kubernetes prints it, with the subresource
 * (`pods`, `pods/exec`, `deployments.apps`, `deployments.apps/scale`); its id is the canonical path of the API
 * (`/apis/apps/v1/namespaces/shop/deployments/cart`), which ends at the collection where no object is named.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
function objectResource(object: ObjectName): Resource {
  const { group, version, namespace, resource, name, subresource } = object;
  const type = group === null ? resource : `${resource}.${group}`;
  const parts = group === null ? ['/api', version] : ['/apis', group, version];
  // A Namespace object names itself as its namespace too.
  if (namespace !== null && resource !== 'namespaces') parts.push('namespaces', namespace);
  parts.push(resource);
  const named = name ?? (resource === 'namespaces' ? namespace : null);
  if (named !== null) parts.push(named);
  if (subresource !== null) parts.push(subresource);
  return { type: subresource === null ? type : `${type}/${subresource}`, id: parts.join('/') };
}

/** Resource of an audit event: its `objectRef`, else the path of a request for no object, such as `/healthz`. */
export function readResource(reference: JsonObject | undefined, requestUri: string | null): Resource | null {
  const resource = boundedText(reference, 'resource');
  if (resource === null) return pathResource(requestUri);
  const { group, version } = groupVersion(
    boundedText(reference, 'apiGroup'),
    boundedText(reference, 'apiVersion'),
  );
  return objectResource({
    group,
    version,
    namespace: boundedText(reference, 'namespace'),
    resource,
    name: boundedText(reference, 'name'),
    subresource: boundedText(reference, 'subresource'),
  });
}

/** SECURITY: the query is dropped, since it may carry tokens and the commands of an exec. */
function pathResource(requestUri: string | null): Resource | null {
  if (requestUri === null) return null;
  const path = requestUri.split(/[?#]/, 1)[0] ?? '';
  return path === '' ? null : { type: 'nonResourceURL', id: path };
}

/** v1alpha1 had no `apiGroup`: its `apiVersion` was `group/version`. */
function groupVersion(
  group: string | null,
  version: string | null,
): { group: string | null; version: string } {
  const slash = version?.indexOf('/') ?? -1;
  if (version !== null && slash > 0) {
    return { group: group ?? version.slice(0, slash), version: version.slice(slash + 1) };
  }
  return { group, version: version ?? 'v1' };
}

/**
 * GKE's `resourceName`: `core/v1/namespaces/NS/pods/NAME/exec` or `rbac.authorization.k8s.io/v1/clusterroles/NAME`;
 * a path with a leading slash names no object.
 */
export function readResourceName(resourceName: string | null): Resource | null {
  if (resourceName === null) return null;
  if (resourceName.startsWith('/')) return pathResource(resourceName);
  const [group, version, ...rest] = resourceName.split('/');
  if (group === undefined || version === undefined || rest.length === 0) {
    return { type: null, id: resourceName };
  }
  // `core/v1/namespaces/NS` is the namespace itself, and so are its subresources `status` and `finalize`.
  const within =
    rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize';
  const [resource, name, ...subresource] = within ? rest.slice(2) : rest;
  if (resource === undefined) return { type: null, id: resourceName };
  return objectResource({
    group: group === 'core' ? null : group,
    version,
    namespace: within ? (rest[1] ?? null) : null,
    resource,
    name: name ?? null,
    subresource: subresource.length === 0 ? null : subresource.join('/'),
  });
}
