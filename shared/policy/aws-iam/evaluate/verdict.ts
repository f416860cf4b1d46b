import type { Decision } from '../../../domain/trace.ts';
import type { Considered } from './grants.ts';
import type { LayerName } from './layers.ts';
import { unknownsOf } from './residual.ts';
import { isKeyOperation, isRoleAssumption, needsNoPermission } from './rules.ts';

const words: Readonly<Record<LayerName, string>> = {
  rcp: 'resource control policy',
  scp: 'service control policy',
  vpce: 'VPC endpoint policy',
  resource: 'resource policy',
  identity: 'identity policy',
  boundary: 'permissions boundary',
  session: 'session policy',
};

/** The verdict in one sentence. */
export function verdictOf(
  considered: Considered,
  decision: Decision,
  explicit: boolean,
  blockedBy: readonly LayerName[],
  determining: readonly string[],
): string {
  const { request, layers } = considered;
  const asked = `${request.action} on ${request.resource.text}`;
  const nameOf = (name: LayerName): string => {
    if (name !== 'resource') return words[name];
    if (isRoleAssumption(request)) return 'trust policy';
    return isKeyOperation(request) ? 'key policy' : words.resource;
  };
  const quoted = determining.map((name) => `“${name}”`).join(', ');
  if (decision === 'indeterminate') {
    const unknowns = unknownsOf(considered);
    const gaps = layers.flatMap((layer) => layer.gaps);
    const why =
      unknowns.length > 0 ? `it depends on ${unknowns.join(', ')}` : (gaps[0] ?? 'a test is undecided');
    return `Cannot tell whether ${asked} is allowed: ${why.replace(/\.$/, '')}.`;
  }
  if (decision === 'allow') {
    if (needsNoPermission(request)) return `Allowed: ${request.action} needs no permission.`;
    if (determining.length === 0)
      return `Allowed: the account's root user needs no policy that allows ${asked}.`;
    const limited = layers.some((layer) => layer.role === 'limit');
    return `Allowed: ${quoted} allow${determining.length === 1 ? 's' : ''} ${asked}${limited ? ', and every limit does' : ''}.`;
  }
  if (explicit) {
    const where = blockedBy.map(nameOf).join(' and ');
    return `Denied: ${quoted} (${where}) explicitly denies ${asked}.`;
  }
  const where = blockedBy.map((name) => {
    const level = layers.find((layer) => layer.name === name && layer.allow === false)?.label;
    return level === undefined ? nameOf(name) : `${nameOf(name)} at ${level}`;
  });
  return `Denied: no ${where.join(' and no ')} allows ${asked}.`;
}
