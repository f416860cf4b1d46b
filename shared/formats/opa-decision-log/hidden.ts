import { arrayAt, type Json, type JsonObject } from '../../domain/json.ts';
import { pointerTokens, withoutPath } from '../../util/json-pointer.ts';

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
