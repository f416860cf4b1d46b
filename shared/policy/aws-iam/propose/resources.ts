import { relate } from '../access/area.ts';
import { covers } from '../access/patterns.ts';
import { foldResource } from '../access/area.ts';
import type { SeenStatement } from '../access/limits.ts';
import type { ProposalMargin } from '../../../domain/proposal.ts';

/** What a statement says of resources, as it says it. */
export interface ResourceWords {
  readonly element: 'Resource' | 'NotResource';
  readonly texts: readonly string[];
}

/** Calls that ask for more resources than the log names (Service Authorization Reference, Amazon EC2). */
const manyResources =
  /^(?:ec2:(?:Run|Create|Request|Attach|Associate|Import|Copy)|autoscaling:|ecs:(?:Run|Start|Create|Update)|cloudformation:)/i;

/**
 * The resources for one use of an action by one statement: no more than the statement's own. `resource` is an ARN, or
 * null where the log names none.
 */
export function resourcesFor(
  seen: SeenStatement,
  action: string,
  resource: string | null,
  level: ProposalMargin['resources'],
): ResourceWords {
  const own = wordsOf(seen);
  if (resource === '*') {
    return own.element === 'Resource' && own.texts.includes('*') ? { ...own, texts: ['*'] } : own;
  }
  if (level === 'granted' || resource === null || manyResources.test(action)) return own;
  if (own.element === 'NotResource') {
    const wide = level === 'siblings' ? siblings(resource) : null;
    const text = wide !== null && isWithin(seen, wide) ? wide : literal(resource);
    return { element: 'Resource', texts: [text] };
  }
  const near = own.texts.filter((text) => covers(foldResource(text), resource));
  // What a variable stands for is known when a request is made.
  const open = near.filter((text) => text.includes('${'));
  if (open.length > 0 || near.length === 0)
    return { element: 'Resource', texts: open.length > 0 ? open : own.texts };
  const wide = level === 'siblings' ? siblings(resource) : null;
  if (wide === null || near.some((text) => covers(wide, text) && text !== wide)) {
    const narrower = wide === null ? undefined : near.find((text) => covers(wide, text));
    return { element: 'Resource', texts: [narrower ?? literal(resource)] };
  }
  return { element: 'Resource', texts: [isWithin(seen, wide) ? wide : literal(resource)] };
}

export function wordsOf({ statement }: SeenStatement): ResourceWords {
  const { resource } = statement;
  if (resource === null) return { element: 'Resource', texts: ['*'] };
  const texts = resource.patterns.map(({ text }) => text);
  return { element: resource.not ? 'NotResource' : 'Resource', texts };
}

function isWithin({ resource }: SeenStatement, pattern: string): boolean {
  return relate(resource, { not: false, pattern }) === 'covers';
}

/** What lies beside a resource: of the same folder, prefix or type. Null where there is no such. */
function siblings(arn: string): string | null {
  const parts = arn.split(':');
  if (parts.length < 6) return null;
  const name = parts.slice(5).join(':');
  const cut = Math.max(name.lastIndexOf('/'), name.lastIndexOf(':'));
  if (cut < 0) return null;
  return `${literal(`${parts.slice(0, 5).join(':')}:${name.slice(0, cut + 1)}`)}*`;
}

/** A text in which nothing has a meaning (IAM User Guide, “Policy variables”, special characters). */
export function literal(text: string): string {
  return text.replaceAll(/[*?]|\$(?=\{)/g, (character) => `\${${character}}`);
}
