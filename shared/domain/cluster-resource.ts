/**
 * The path of a Kubernetes resource as `namespace:group/resource:name`, the form of an RBAC entitlement's pattern: the
 * core group is `core`, cluster-wide resources have the namespace `-`, a missing name is empty; any other path is `url:PATH`.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
export function clusterResource(path: string): string {
  const match =
    /^\/(?:api\/[^/]+|apis\/([^/]+)\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      path,
    );
  if (match === null) return `url:${path}`;
  const [, group = 'core', namespace = '-', resource = '', name = '', subresource] = match;
  return `${namespace}:${group}/${resource}${subresource === undefined ? '' : `/${subresource}`}:${name}`;
}
