import { shortResource } from '#shared/domain/event-sentence.ts';
import type { PathCertainty } from '#shared/domain/access-path.ts';
import type { GrantEdge, GrantPath, PolicyRef } from '#shared/domain/trace.ts';

const hows: Readonly<Record<GrantEdge['kind'], string>> = {
  attached: 'has attached',
  'member-of': 'is a member of',
  assigned: 'is assigned',
  'bound-to': 'is bound to',
  assumes: 'can assume',
  'inherits-scope': 'inherits from',
  aggregates: 'aggregates',
  tuple: 'is related to',
  'takes-over': 'takes over',
};

/** What an edge of a path says, in words. */
export function howWords(kind: GrantEdge['kind']): string {
  return hows[kind];
}

/** E.g. `is a member of group/builders, has attached BuildPolicy`. */
export function wayInWords(path: GrantPath): string {
  if (path.length === 0) return 'directly, by the rule itself';
  return path.map(({ kind, to }) => `${howWords(kind)} ${shortResource(to)}`).join(', ');
}

/** A statement by its own name, or by its place. */
export function statementName({ statementId, index, locator }: PolicyRef): string {
  if (statementId !== undefined) return statementId;
  return index === undefined ? locator || 'whole policy' : `statement ${index + 1}`;
}

/** E.g. `BuildPolicy, statement Build (policies.json /Policies/0)`. */
export function ruleInWords(ref: PolicyRef): string {
  const { policyId, statementId, path, locator } = ref;
  const place = [path, locator].filter((part) => part !== '').join(' ');
  const statement = statementId === undefined ? '' : `, statement ${statementId}`;
  return `${policyId}${statement}${place === '' ? '' : ` (${place})`}`;
}

export const certaintyWords: Readonly<Record<PathCertainty, string>> = {
  certain: 'certain',
  conditional: 'under conditions',
  unknown: 'cannot be known',
};
