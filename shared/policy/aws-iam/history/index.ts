import { isObject, type Json } from '../../../domain/json.ts';
import type { PolicyHistory } from '../../../domain/policy-change.ts';
import { scopeOf } from './changes.ts';
import { elementsOf } from './pages.ts';
import { rebuild } from './rebuild.ts';

/** How account authorization details follow the calls that CloudTrail logged. */
export const history: PolicyHistory = { elementsOf, scopeOf, canonical, rebuild };

/** Without tags there are none. */
function canonical(element: string, value: Json): Json {
  const isEmpty = element.startsWith('tags ') && isObject(value) && Object.keys(value).length === 0;
  return isEmpty ? null : value;
}
