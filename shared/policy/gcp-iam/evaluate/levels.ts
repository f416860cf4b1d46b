import type { AllowPolicy, DenyPolicy, Estate } from '../model.ts';
import { containersOf } from '../names.ts';
import type { GcpRequest } from '../request.ts';

/** A resource whose policies bear on a request. */
export interface Level {
  readonly node: string;
  readonly policies: readonly AllowPolicy[];
  readonly denies: readonly DenyPolicy[];
  /** Why it is not known what is granted here; null where it is. */
  readonly gap: string | null;
}

export interface Levels {
  readonly levels: readonly Level[];
  readonly assumptions: readonly string[];
}

/**
 * The resource and all that contains it: policies of every level add up. A level without a policy in the bundle has none
 * where the bundle holds an export of all policies; otherwise it is not known what it grants.
 * Source: https://cloud.google.com/iam/docs/resource-hierarchy-access-control
 */
export function levelsOf(request: GcpRequest, estate: Estate): Levels {
  const { own, top } = containersOf(request.node);
  const found: Level[] = [];
  const assumptions: string[] = [];
  const add: Add = (node, gap) => {
    const policies = estate.policies.filter((policy) => policy.node === node);
    const denies = estate.denies.filter((policy) => policy.node === node);
    if (policies.length === 0 && denies.length === 0 && gap === null) return;
    const doubt = policies.find(({ unknown }) => unknown !== undefined)?.unknown ?? null;
    found.push({ node, policies, denies, gap: policies.length > 0 ? doubt : gap });
  };
  const nowhere = estate.policies.filter(({ node }) => node === '');
  if (nowhere.length > 0) {
    const files = nowhere.map(({ ref }) => ref.path).join(', ');
    assumptions.push(
      `${files} does not say whose policy it is: it is taken for that of the resource or of what contains it.`,
    );
    add('', null);
  }
  if (estate.isExport)
    assumptions.push('The export is taken to hold the policy of every resource that has one.');
  for (const [index, node] of own.entries()) {
    // An object has no policy of its own where its bucket decides.
    const isObject = index === 0 && node.includes('/objects/');
    add(node, estate.isExport || isObject ? null : missing(node));
  }
  addAncestors(request.project ?? top, estate, add);
  return { levels: found, assumptions };
}

type Add = (node: string, gap: string | null) => void;

function missing(node: string): string {
  return `The policy of ${node} is not in the bundle.`;
}

function addAncestors(start: string | null, estate: Estate, add: Add): void {
  if (start === null) {
    add('the project', 'The request does not tell in which project the resource lies.');
    return;
  }
  const seen = new Set<string>();
  for (let node: string | null = start; node !== null && !seen.has(node); ) {
    seen.add(node);
    add(node, estate.isExport ? null : missing(node));
    const parent: string | null | undefined = estate.parents.get(node);
    if (parent === undefined && !node.startsWith('organizations/')) {
      const gap = `The bundle does not tell in which folder or organization ${node} lies: what is granted there is inherited.`;
      add(`what contains ${node}`, gap);
    }
    node = parent ?? null;
  }
}
