import { isObject, type Json } from '../../../domain/json.ts';
import type { PolicyHistory } from '../../../domain/policy-change.ts';
import { stableJson } from '../../../util/stable-json.ts';
import { scopeOf } from './changes.ts';
import { elementsOf } from './pages.ts';
import { rebuild } from './rebuild.ts';

/** How account authorization details follow the calls that CloudTrail logged. */
export const history: PolicyHistory = { elementsOf, scopeOf, canonical, rebuild };

/** Without tags there are none; a policy of a resource says the same whatever the order of its statements. */
function canonical(element: string, value: Json): Json {
  if (element.startsWith('resource ')) return comparable(value);
  const isEmpty = element.startsWith('tags ') && isObject(value) && Object.keys(value).length === 0;
  return isEmpty ? null : value;
}

function comparable(document: Json): Json {
  const statements = isObject(document) ? document['Statement'] : undefined;
  if (!isObject(document) || !Array.isArray(statements)) return document;
  if (statements.length === 0) return null;
  const { Id: _, ...rest } = document;
  const ordered = (statements as readonly Json[]).toSorted((one, other) =>
    stableJson(one) < stableJson(other) ? -1 : 1,
  );
  return { ...rest, Statement: ordered };
}
