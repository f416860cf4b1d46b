import { foldResource, type Side } from '../access/area.ts';
import { overlaps } from '../access/patterns.ts';
import type { IamEntity } from '../bundle/entity.ts';

/**
 * A resource that a grant covers, in the form of a template: an ARN whose last part may be anything. Null where the
 * grant is about other resources. Whether it is allowed is for the evaluator to say.
 */
export function instantiate(side: Side, template: string, entity: IamEntity, filling = 'any'): string | null {
  if (side.not) return template;
  const pattern = side.pattern
    .replaceAll(/\$\{aws:username\}/gi, entity.name)
    .replaceAll(/\$\{[^}]*\}/g, '*');
  if (pattern === '*') return template;
  const [given, wanted] = [split(pattern), split(template)];
  // `arn:aws:lambda:*`: its star takes in what follows.
  if (given.length < wanted.length) {
    return overlaps(foldResource(pattern), template) ? template : null;
  }
  const parts = wanted.map((part, index) => {
    const own = given[index] ?? '*';
    const isFree = index === regionPart || index === namePart;
    if (!isFree) return overlaps(own, part) ? part : null;
    if (index === regionPart) return own === '' || /[*?]/.test(own) ? part : own;
    return nameLike(own, part, filling);
  });
  return parts.includes(null) ? null : parts.join(':');
}

const regionPart = 3;
const namePart = 5;

function split(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= namePart ? parts : [...parts.slice(0, namePart), parts.slice(namePart).join(':')];
}

/** A name that the pattern matches, of the same kind of resource as the template; null where it is of another. */
function nameLike(pattern: string, template: string, filling: string): string | null {
  if (pattern === '*') return template;
  const kind = /^[^/:]*[/:]/.exec(template)?.[0] ?? '';
  const filled = pattern.replaceAll('*', filling).replaceAll('?', 'x');
  if (filled.startsWith(kind)) return filled;
  // A star before the kind ends may stand for it.
  return overlaps(pattern, `${kind}*`) ? (overlaps(pattern, template) ? template : `${kind}any`) : null;
}
