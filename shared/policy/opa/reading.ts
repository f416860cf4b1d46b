import type { Decision } from '../../domain/trace.ts';
import { isObject, type Json } from '../../domain/json.ts';
import { readResultObject, ruleMeaning } from '../../util/opa-result.ts';
import { jsonOfValue } from './value/json.ts';
import { plainText } from './value/print.ts';
import { isArray, RegoObject, RegoSet, type Value } from './value/value.ts';

/** How a document is read as a decision, for OPA leaves its meaning to whoever asks. */
export interface Reading {
  readonly decision: Decision;
  readonly kind: 'explicit' | 'implicit';
  /** Said in the verdict. */
  readonly why: string;
}

/** True where the rule's name says that what it holds speaks against the request. */
export function isDenial(path: readonly string[]): boolean {
  return ruleMeaning(path.at(-1) ?? '') === 'denial';
}

/**
 * - Paths whose last name denies (`deny`, `violation`, `deny_ssh`): true or a non-empty collection denies; false, undefined or an
 *   empty one does not.
 * - Everything else: true allows, false and undefined deny; the texts `"true"` and `"false"` count alike; of an
 *   object, what `readResultObject` says of it.
 * - Any other document is given as the result, and is no decision.
 */
export function readDecision(path: readonly string[], value: Value | undefined): Reading {
  if (isDenial(path)) return readObject(value) ?? readDenial(value);
  if (value === undefined) return { decision: 'deny', kind: 'implicit', why: 'the document is undefined' };
  const plain = readPlain(value);
  if (plain !== undefined)
    return { decision: plain, kind: 'explicit', why: `the document is ${plainText(value)}` };
  return (
    readObject(value) ?? {
      decision: 'indeterminate',
      kind: 'implicit',
      why: 'the document is no decision by itself',
    }
  );
}

function readObject(value: Value | undefined): Reading | null {
  const json = value instanceof RegoObject ? (jsonOfValue(value).json as Json) : null;
  return isObject(json) ? readResultObject(json) : null;
}

function readPlain(value: Value): 'allow' | 'deny' | undefined {
  if (value === true || value === 'true' || value === 'allow') return 'allow';
  return value === false || value === 'false' || value === 'deny' ? 'deny' : undefined;
}

function readDenial(value: Value | undefined): Reading {
  const size =
    value instanceof RegoSet || value instanceof RegoObject
      ? value.size
      : isArray(value)
        ? value.length
        : null;
  if (value === true || (size !== null && size > 0)) {
    return { decision: 'deny', kind: 'explicit', why: size === null ? 'it holds' : `it has ${size} entries` };
  }
  if (value === undefined || value === false || size === 0) {
    return { decision: 'allow', kind: 'implicit', why: 'nothing speaks against it' };
  }
  return { decision: 'indeterminate', kind: 'implicit', why: 'the document is no decision by itself' };
}
