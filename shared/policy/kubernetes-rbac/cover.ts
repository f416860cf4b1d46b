import { all, urlCovers } from './match.ts';
import type { PolicyRule } from './model.ts';

/**
 * The parts of `rules` that none of the `owned` rules covers alone, each with one verb, resource and name: `Covers` of
 * Kubernetes' `component-helpers/auth/rbac/validation/policy_comparator.go`. Broken down that far a part is covered
 * by one rule or not at all.
 */
export function uncovered(owned: readonly PolicyRule[], rules: readonly PolicyRule[]): PolicyRule[] {
  return rules.flatMap(breakDown).filter((part) => !owned.some((rule) => ruleCovers(rule, part)));
}

function breakDown({
  verbs,
  apiGroups,
  resources,
  resourceNames,
  nonResourceURLs,
}: PolicyRule): PolicyRule[] {
  const parts: PolicyRule[] = [];
  const nothing = { apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
  for (const apiGroup of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const part = { ...nothing, verbs: [verb], apiGroups: [apiGroup], resources: [resource] };
        if (resourceNames.length === 0) parts.push(part);
        else parts.push(...resourceNames.map((name) => ({ ...part, resourceNames: [name] })));
      }
    }
  }
  for (const url of nonResourceURLs) {
    for (const verb of verbs) parts.push({ ...nothing, verbs: [verb], nonResourceURLs: [url] });
  }
  return parts;
}

function ruleCovers(owner: PolicyRule, part: PolicyRule): boolean {
  return (
    hasAllOrStar(owner.verbs, part.verbs) &&
    hasAllOrStar(owner.apiGroups, part.apiGroups) &&
    part.resources.every((resource) => coversResource(owner.resources, resource)) &&
    coversNames(owner.resourceNames, part.resourceNames) &&
    part.nonResourceURLs.every((url) => owner.nonResourceURLs.some((pattern) => urlCovers(pattern, url)))
  );
}

function hasAllOrStar(owned: readonly string[], wanted: readonly string[]): boolean {
  return owned.includes(all) || wanted.every((item) => owned.includes(item));
}

function coversResource(owned: readonly string[], resource: string): boolean {
  if (owned.includes(all) || owned.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && owned.includes(`*/${resource.slice(slash + 1)}`);
}

/** A rule without names covers all; one with names never covers a part without. */
function coversNames(owned: readonly string[], wanted: readonly string[]): boolean {
  if (owned.length === 0) return true;
  return wanted.length > 0 && wanted.every((name) => owned.includes(name));
}
