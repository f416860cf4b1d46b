import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import { isObject } from '../../domain/json.ts';
import { parseExactJson } from '../../util/exact-json.ts';
import { HiddenReads } from './evaluate/hidden-reads.ts';
import { RecordedCalls } from './evaluate/recorded-calls.ts';
import { withHidden } from './value/hidden.ts';
import { valueOfJson } from './value/json.ts';
import { identityOf, type Value } from './value/value.ts';

/** The input document, and which of its parts that nobody knows are read. */
export interface Input {
  readonly value: Value | undefined;
  /** Null where all of it is known. */
  readonly hidden: HiddenReads | null;
}

/** The input of a request. */
export function inputOf({ context }: EvaluationRequest, { hidden: paths = [] }: RequestKnowledge): Input {
  if (context === undefined) return { value: undefined, hidden: null };
  const value = valueOfJson(context);
  if (paths.length === 0) return { value, hidden: null };
  const hidden = new HiddenReads();
  // Looking for where the parts lie may already touch another one.
  const { value: watched } = hidden.apart(() => withHidden(value, paths, (path) => hidden.note(path)));
  return { value: watched, hidden };
}

/**
 * What builtins whose answers differ from time to time gave when the decision was taken:
 * `action.properties.nd_builtin_cache` as OPA logs it, by name and by the arguments as JSON text.
 * Source: https://www.openpolicyagent.org/docs/management-decision-logs (nd_builtin_cache)
 */
export function recordedCallsOf({ action }: EvaluationRequest): RecordedCalls | null {
  const cache = action.properties?.['nd_builtin_cache'];
  if (!isObject(cache)) return null;
  const calls = new Map<string, Map<string, Value>>();
  for (const [name, results] of Object.entries(cache)) {
    if (!isObject(results)) continue;
    const known = new Map<string, Value>();
    for (const [args, result] of Object.entries(results)) {
      const key = identityOfArguments(args);
      if (key !== undefined && result !== undefined) known.set(key, valueOfJson(result));
    }
    calls.set(name, known);
  }
  return new RecordedCalls(calls);
}

function identityOfArguments(text: string): string | undefined {
  try {
    return identityOf(valueOfJson(parseExactJson(text)));
  } catch {
    return undefined;
  }
}
