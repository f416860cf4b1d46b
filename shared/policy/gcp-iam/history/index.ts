import type { PolicyHistory } from '../../../domain/policy-change.ts';
import { elementsOf } from './elements.ts';
import { rebuild } from './rebuild.ts';

/**
 * How policies follow the calls that the audit log tells. What a bundle does not have of a resource stays unknown in what
 * is rebuilt, so that every bundle counts as one that tells everything.
 */
export const history: PolicyHistory = {
  elementsOf,
  scopeOf: () => '',
  canonical: (_, value) => value,
  rebuild,
};
