import type { PolicyRule } from './model.ts';

/**
 * Whether a rule covers a request, exactly as the API server compares them: `VerbMatches`, `APIGroupMatches`,
 * `ResourceMatches`, `ResourceNameMatches` and `NonResourceURLMatches` of Kubernetes'
 * `pkg/apis/rbac/v1/evaluation_helpers.go`. Everything is case-sensitive; `*` is no glob but the one word for all.
 */
export const all = '*';

export function verbMatches(rule: PolicyRule, verb: string): boolean {
  return rule.verbs.includes(all) || rule.verbs.includes(verb);
}

export function apiGroupMatches(rule: PolicyRule, apiGroup: string): boolean {
  return rule.apiGroups.includes(all) || rule.apiGroups.includes(apiGroup);
}

/** `combined` is `resource/subresource`, or the resource alone. */
export function resourceMatches(rule: PolicyRule, combined: string, subresource: string): boolean {
  const { resources } = rule;
  if (resources.includes(all) || resources.includes(combined)) return true;
  return subresource !== '' && resources.includes(`*/${subresource}`);
}

export function resourceNameMatches(rule: PolicyRule, name: string): boolean {
  return rule.resourceNames.length === 0 || rule.resourceNames.includes(name);
}

export function nonResourceURLMatches(rule: PolicyRule, url: string): boolean {
  return rule.nonResourceURLs.some((pattern) => urlCovers(pattern, url));
}

/** Only a trailing `*` has a meaning: any ending. */
export function urlCovers(pattern: string, url: string): boolean {
  if (pattern === all || pattern === url) return true;
  return pattern.endsWith(all) && url.startsWith(pattern.replace(/\*+$/, ''));
}
