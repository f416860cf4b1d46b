import type { Entitlement } from './entitlement.ts';

type Permission = Pick<Entitlement, 'system' | 'action' | 'resource'>;

/** A permission as a person says it: `get on pods in the namespace shop`; AWS's own patterns are left as they are. */
export function permissionWords({ system, action, resource }: Permission): string {
  if (system !== 'kubernetes-rbac') return `${action.pattern} on ${resource.pattern}`;
  const verb = action.pattern === '*' ? 'every verb' : action.pattern;
  return `${verb} on ${clusterTarget(resource)}`;
}

/**
 * The target of a rule of RBAC: `namespace:group/resource:name`, or `url:path`. Only names hold colons.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
function clusterTarget({ type, pattern }: Permission['resource']): string {
  if (type === 'nonResourceURL') {
    const path = pattern.replace(/^url:/, '');
    return path === '*' ? 'every path that is no resource' : `the path ${path}`;
  }
  const parts = /^([^:]*):([^/:]*)\/([^:]*):([\s\S]*)$/.exec(pattern);
  if (parts === null) return pattern;
  const [, scope = '', group = '', resource = '', name = ''] = parts;
  const named = name === '*' ? '' : ` named ${name}`;
  const place = scope === '*' ? 'in the whole cluster' : `in the namespace ${scope}`;
  return `${resourceWords(resource)}${groupWords(group, resource)}${named} ${place}`;
}

function resourceWords(resource: string): string {
  if (resource === '*') return 'every resource';
  return resource.startsWith('*/') ? `${resource.slice(2)} of every resource` : resource;
}

function groupWords(group: string, resource: string): string {
  if (group === '*') return ' in every API group';
  if (group !== 'core') return ` of ${group}`;
  return resource === '*' ? ' of the core API group' : '';
}
