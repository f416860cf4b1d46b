import type { Outcome, Reason, ReasonClass } from '../../domain/event.ts';
import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { recordedBundlesText } from '../../domain/recorded-bundle.ts';
import { type HiddenParts, isHidden, knownPart, readBundles } from '../../util/opa-decision.ts';
import {
  plainDecision,
  readResultObject,
  type ResultReading,
  ruleMeaning,
  speaksAgainst,
} from '../../util/opa-result.ts';
import { bounded, boundedText } from '../../util/record-fields.ts';

import { reasonTexts } from './reasons.ts';

export interface Decision {
  readonly outcome: Outcome;
  readonly reason: Reason | null;
}

/**
 * What was decided, where the result can be read as a decision: OPA gives it no meaning of its own. An evaluation that
 * failed is an error, whatever its caller made of it.
 */
export function readDecision(
  decision: JsonObject,
  path: readonly string[] | null,
  hidden: HiddenParts,
): Decision {
  const policy = bounded(recordedBundlesText(readBundles(decision)));
  const answer = (outcome: Outcome, cls: ReasonClass | null, text: string | null): Decision => ({
    outcome,
    reason: cls === null && text === null && policy === null ? null : { class: cls, text, policy },
  });
  const failure = errorText(decision['error']);
  if (failure !== null) return answer('error', 'service', failure);
  if (isHidden(hidden, ['result'])) return answer('unknown', null, 'The result was taken out of the log');
  const name = path?.at(-1) ?? null;
  const result = knownPart(decision, hidden, 'result');
  if (result === undefined) {
    return name !== null && ruleMeaning(name) === 'grant'
      ? answer('deny', 'implicit-deny', 'The result is undefined')
      : answer('unknown', null, 'The result is undefined');
  }
  const reading = path === null ? null : readResult(name ?? '', result, hidden);
  if (reading === null) return answer('unknown', null, 'The result is no decision by itself');
  const texts = reasonTexts(result, reading.decision === 'deny');
  const text = texts.length === 0 ? null : bounded(texts.join('; '));
  return answer(reading.decision, reading.decision === 'deny' ? denialClass(reading) : null, text);
}

function denialClass({ kind, member }: ResultReading): ReasonClass {
  if (member === 'response.allowed') return 'admission';
  return kind === 'explicit' && (member === null || /^(?:den|violation)/.test(member))
    ? 'explicit-deny'
    : 'policy';
}

/** A document at a path that ends in this name; null where nobody but its caller knows what it means. */
function readResult(name: string, result: Json, hidden: HiddenParts): ResultReading | null {
  const meaning = ruleMeaning(name);
  if (isObject(result)) {
    const reading = readResultObject(result);
    // Something that would have decided first, or against it, may be among what was taken out.
    if ([...hidden.erased, ...hidden.masked].some((tokens) => isDecisive(tokens))) return null;
    // A set of denials is an object too, with what denies as its keys.
    if (reading !== null || meaning !== 'denial') return reading;
  }
  if (meaning === 'denial') {
    const against = typeof result === 'string' ? textAgainst(result) : speaksAgainst(result);
    if (against === undefined) return null;
    const why = against ? 'it speaks against' : 'nothing speaks against it';
    return { decision: against ? 'deny' : 'allow', kind: 'explicit', member: null, why };
  }
  const plain = meaning === 'fact' ? undefined : plainDecision(result);
  return plain === undefined
    ? null
    : { decision: plain, kind: 'implicit', member: null, why: 'the document says so' };
}

function textAgainst(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** Members of a result on which a decision can rest. */
function isDecisive([first, member, ...rest]: readonly string[]): boolean {
  if (first !== 'result' || member === undefined) return false;
  if (member === 'response') return rest.length === 0 || rest[0] === 'allowed';
  return /^(?:allow|allowed|decision|deny|denied|denies|violations?)$/.test(member);
}

function errorText(error: Json | undefined): string | null {
  if (error === undefined || error === null || error === '') return null;
  if (!isObject(error)) return bounded(error) ?? 'The evaluation failed';
  if (Object.keys(error).length === 0) return 'The evaluation failed';
  const [code, message] = [boundedText(error, 'code'), boundedText(error, 'message')];
  const text = [code, message].filter((part) => part !== null).join(': ');
  return text === '' ? 'The evaluation failed' : bounded(text);
}
