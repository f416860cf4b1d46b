import type { Outcome, Reason } from '../../domain/event.ts';
import { arrayAt, isObject, type Json, type JsonObject, objectAt } from '../../domain/json.ts';
import { bounded, boundedText } from '../../util/record-fields.ts';

/** One decision of an entry: one action on one resource. */
export interface Decision {
  /** Number of the resource within the call. */
  readonly at: number;
  readonly input: JsonObject;
  /** Undefined where the entry has no answer for this resource. */
  readonly output: JsonObject | undefined;
  readonly action: string;
}

/** What a check was about; before Cerbos 0.19 it stood on top of the entry. */
export function checkOf(entry: JsonObject): JsonObject | undefined {
  return objectAt(entry, 'checkResources') ?? ('inputs' in entry ? entry : undefined);
}

/**
 * The decisions of an entry: for each resource each of its actions once. Answers stand in the order of the questions;
 * one that names another resource is not taken for the answer.
 */
export function decisionsOf(entry: JsonObject): Decision[] {
  const check = checkOf(entry);
  const outputs = arrayAt(check, 'outputs');
  return arrayAt(check, 'inputs').flatMap((input, at) => {
    if (!isObject(input)) return [];
    const output = answerTo(input, outputs[at]);
    const asked = arrayAt(input, 'actions').filter((action) => typeof action === 'string');
    const answered = Object.keys(objectAt(output, 'actions') ?? {});
    return [...new Set([...asked, ...answered])].map((action) => ({ at, input, output, action }));
  });
}

function answerTo(input: JsonObject, answer: Json | undefined): JsonObject | undefined {
  if (!isObject(answer)) return undefined;
  const named = answer['resourceId'];
  const asked = objectAt(input, 'resource')?.['id'];
  return typeof named === 'string' && typeof asked === 'string' && named !== asked ? undefined : answer;
}

interface Recorded {
  readonly outcome: Outcome;
  readonly reason: Reason | null;
}

/**
 * What became of one action. The policy that an entry names beside a denial may have denied or only not allowed, so the
 * class is known of `NO_MATCH` alone: there no policy was found. `error` is that of the whole call.
 */
export function recordedOf({ output, action }: Decision, error: string | null): Recorded {
  const actions = objectAt(output, 'actions');
  const found = actions !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined;
  const effect = isObject(found) ? boundedText(found, 'effect') : bounded(found);
  const named = isObject(found) ? boundedText(found, 'policy') : null;
  const hasNoMatch = named === 'NO_MATCH' || effect === 'EFFECT_NO_MATCH';
  const invalid = validationText(output);
  if (effect === 'EFFECT_ALLOW') {
    return { outcome: 'allow', reason: reasonOf(null, invalid, named) };
  }
  if (effect === 'EFFECT_DENY' || effect === 'EFFECT_NO_MATCH') {
    if (hasNoMatch)
      return { outcome: 'deny', reason: reasonOf('implicit-deny', invalid ?? 'NO_MATCH', null) };
    return { outcome: 'deny', reason: reasonOf('unspecified', invalid, named) };
  }
  if (error !== null) return { outcome: 'error', reason: reasonOf(null, error, null) };
  return { outcome: 'unknown', reason: null };
}

function reasonOf(kind: Reason['class'], text: string | null, policy: string | null): Reason | null {
  return kind === null && text === null && policy === null ? null : { class: kind, text, policy };
}

/** Attributes that the policy's schema refuses; whether they deny is a setting of the server. */
function validationText(output: JsonObject | undefined): string | null {
  const errors = arrayAt(output, 'validationErrors').filter(isObject);
  const texts = errors.map((each) =>
    ['source', 'path', 'message'].flatMap((key) => boundedText(each, key) ?? []).join(' '),
  );
  return bounded(texts.join('; '));
}
