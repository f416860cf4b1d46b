import { isObject } from '../../../domain/json.ts';
import type { PolicyHistory } from '../../../domain/policy-change.ts';
import { elementsOf, essence } from './objects.ts';
import { rebuild } from './rebuild.ts';

/** How roles and bindings follow the requests that the audit log tells. A bundle is of one cluster, as a whole. */
export const history: PolicyHistory = {
  elementsOf,
  scopeOf: () => '',
  canonical: (_, value) => (isObject(value) ? essence(value) : value),
  rebuild,
};
