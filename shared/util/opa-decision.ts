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

/** Among the keys that a policy reads: that a builtin of it answers differently from time to time. */
export const volatileReads = '@volatile';

/** What of a decision a policy can have read. `reads` as a bundle's `contextKeys`, of all bundles that are asked. */
export class DecisionReads {
  /** Null where the input may be read as a whole. */
  readonly #paths: readonly (readonly string[])[] | null;
  readonly isVolatile: boolean;

  constructor(reads: Iterable<string>) {
    const keys = [...reads];
    this.isVolatile = keys.includes(volatileReads);
    const pointers = keys.filter((key) => key !== volatileReads);
    this.#paths = pointers.includes('*')
      ? null
      : pointers
          .map((pointer) => pointerTokens(`/${pointer}`) ?? [])
          .toSorted((one, other) => one.length - other.length);
  }

  /** The input without what is not read. */
  input(input: Json | undefined): Json | undefined {
    if (this.#paths === null || !isObject(input)) return input;
    const kept: Record<string, Json> = {};
    for (const path of this.#paths) keep(input, kept, path);
    return kept;
  }

  /** Whether something at a path of the input, above or below it is read. */
  touches(path: readonly string[]): boolean {
    return (
      this.#paths === null ||
      this.#paths.some((read) => read.every((key, index) => index >= path.length || key === path[index]))
    );
  }
}

/** Puts what lies at a path into `kept`, with the objects above it. Shorter paths come first. */
function keep(from: JsonObject, kept: Record<string, Json>, [key, ...rest]: readonly string[]): void {
  const value = key === undefined || !Object.hasOwn(from, key) ? undefined : from[key];
  if (key === undefined || value === undefined) return;
  const known = Object.hasOwn(kept, key) ? kept[key] : undefined;
  if (rest.length === 0 || !isObject(value)) kept[key] = value;
  else if (known !== value) {
    const inner: Record<string, Json> = isObject(known) ? (known as Record<string, Json>) : {};
    keep(value, inner, rest);
    kept[key] = inner;
  }
}

/** All of a decision that a policy can have read, as text: what tells its question from others. */
export function questionKey(decision: JsonObject, reads: DecisionReads): string {
  const { path, query, input, nd_builtin_cache: cache } = decision;
  const { erased, masked } = hiddenParts(decision);
  const isDocument = decisionPath(decision) !== null;
  const hidden = [...erased, ...masked].filter(
    ([first, ...rest]) => first === 'input' && (!isDocument || reads.touches(rest)),
  );
  // A query of somebody's own reads what it likes.
  if (!isDocument) return JSON.stringify([path, query, input, hidden, cache]);
  return JSON.stringify([path, query, reads.input(input), hidden, reads.isVolatile ? cache : null]);
}
