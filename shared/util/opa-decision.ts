import { arrayAt, isObject, type Json, type JsonObject, objectAt } from '../domain/json.ts';
import type { RecordedBundle } from '../domain/recorded-bundle.ts';
import { pointerTokens, withoutPath } from './json-pointer.ts';
import { bounded, boundedText } from './record-fields.ts';

/**
 * The bundles that decided, with their revisions; of OPA before 0.11 the one revision, whose bundle has no name.
 * Source: https://www.openpolicyagent.org/docs/management-decision-logs
 */
export function readBundles(decision: JsonObject): readonly RecordedBundle[] {
  const bundles = objectAt(decision, 'bundles');
  const named = Object.entries(bundles ?? {}).map(([name, bundle]) => ({
    name: bounded(name) ?? '',
    revision: isObject(bundle) ? boundedText(bundle, 'revision') : null,
  }));
  if (named.length > 0) return named.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const revision = boundedText(decision, 'revision');
  return revision === null ? [] : [{ name: 'bundle', revision }];
}

/**
 * The path of the document that was asked for, which may be written with a slash before it; also where the query is a
 * plain reference to a document and its answer no list of bindings, as OPA's plugin for Envoy once logged. Null for
 * another query.
 * Source: https://www.openpolicyagent.org/docs/management-decision-logs
 */
export function decisionPath(decision: JsonObject): readonly string[] | null {
  const path = boundedText(decision, 'path');
  if (path !== null) return path.split('/').filter((part) => part !== '');
  const query = boundedText(decision, 'query');
  if (query === null || Array.isArray(decision['result'])) return null;
  return /^data(?:\.[A-Za-z_]\w*)+$/.test(query) ? query.split('.').slice(1) : null;
}

/** Parts of a decision that its log does not tell. */
export interface HiddenParts {
  /** Paths that were taken out. */
  readonly erased: readonly (readonly string[])[];
  /** Paths whose values were replaced: what stands there is not what the policy saw. */
  readonly masked: readonly (readonly string[])[];
}

/** Source: https://www.openpolicyagent.org/docs/management-decision-logs#masking-sensitive-data */
export function hiddenParts(decision: JsonObject): HiddenParts {
  const pathsAt = (key: string): (readonly string[])[] =>
    arrayAt(decision, key).flatMap((pointer) => {
      const tokens = typeof pointer === 'string' ? pointerTokens(pointer) : null;
      return tokens === null ? [] : [tokens];
    });
  return { erased: pathsAt('erased'), masked: pathsAt('masked') };
}

/** A member of the decision without the values that were replaced; undefined where there is nothing of it. */
export function knownPart(
  decision: JsonObject,
  { masked }: HiddenParts,
  member: 'input' | 'result' | 'mapped_result',
): Json | undefined {
  let value = decision[member];
  for (const [first, ...rest] of masked) if (first === member) value = withoutPath(value, rest);
  return value;
}

/** Whether a path of the decision, or something above it, was taken out or replaced. */
export function isHidden({ erased, masked }: HiddenParts, path: readonly string[]): boolean {
  return [...erased, ...masked].some(
    (hidden) => hidden.length <= path.length && hidden.every((token, index) => token === path[index]),
  );
}
