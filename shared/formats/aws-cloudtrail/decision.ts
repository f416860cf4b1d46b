import type { Outcome, Reason, ReasonClass } from '../../domain/event.ts';
import type { RecordView } from '../../domain/event-part.ts';
import type { JsonObject } from '../../domain/json.ts';
import { bounded } from '../../util/record-fields.ts';
import { meaningOfCode } from './error-code.ts';
import { isIamSentence, parseRefusal, speaksOfPermission, withoutEncoded } from './error-message.ts';

export interface Decision {
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  /** Permission and resource that a refusal names. */
  readonly action: string | null;
  readonly refused: string | null;
}

const allowed: Decision = { outcome: 'allow', reason: null, action: null, refused: null };

/** Neither an error nor a place where one could stand; or a sign-in without its result. */
const unknown: Decision = { outcome: 'unknown', reason: null, action: null, refused: null };

/** Texts that stand for an absent error in tables. */
const absent = new Set(['', '-', 'NoError', 'null', 'NULL', 'None', 'nan', 'NaN', 'undefined']);

/** What AWS says is shorter; a longer text is not looked at in full. */
const longestError = 8192;

/** Distinct errors of a file that are remembered; they repeat, but a hostile file could make them endless. */
const remembered = 4096;

/** Reads decisions; remembers the distinct errors of a file. */
export class DecisionReader {
  readonly #errors = new Map<string, Decision>();

  /**
   * The decision of a record: by its error code, else by what a sign-in's response says, else it was allowed.
   * `hasErrors`: whether the record has a place for an error at all; `signIn`: what `signInResult` finds in it.
   * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
   */
  read(record: JsonObject, hasErrors: boolean, signIn: string | null): Decision {
    const code = errorText(record['errorCode']);
    const message = errorText(record['errorMessage']);
    if (code === null) {
      if (signIn !== null) return ofSignIn(record, signIn, message);
      if (message === null) return hasErrors && record['eventName'] !== 'ConsoleLogin' ? allowed : unknown;
    }
    // Both may hold any character: the length tells where the code ends.
    const key = `${code?.length ?? 0}\n${code ?? ''}${message ?? ''}`;
    let decision = this.#errors.get(key);
    if (decision === undefined) {
      if (this.#errors.size >= remembered) this.#errors.clear();
      decision = code === null ? ofMessage(message ?? '') : ofError(code, message);
      this.#errors.set(key, decision);
    }
    return decision;
  }
}

function errorText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || absent.has(value)) return null;
  return value.length > longestError ? value.slice(0, longestError) : value;
}

function ofError(code: string, message: string | null): Decision {
  const text = bounded(message === null ? code : withoutEncoded(message));
  const meaning = meaningOfCode(code);
  if (meaning === 'denied') return refused(message, text);
  if (meaning === 'by-message') {
    if (
      message !== null &&
      (speaksOfPermission(message) || parseRefusal(message).class === 'authentication')
    ) {
      return refused(message, text);
    }
    return /NotAuthorized|AuthFailure/.test(code)
      ? refused(message, text)
      : failed('error', 'conflict', text);
  }
  // A permission that was missing on the way (`iam:PassRole`) is often reported with a code of another family.
  const isRefusal = meaning.outcome === 'error' && meaning.class !== 'throttled' && message !== null;
  if (isRefusal && isIamSentence(message)) return refused(message, text);
  return failed(meaning.outcome, meaning.class, text);
}

function refused(message: string | null, text: string | null): Decision {
  if (message === null) return failed('deny', 'unspecified', text);
  const { class: reasonClass, policy, action, resource } = parseRefusal(message);
  return {
    outcome: 'deny',
    reason: { class: reasonClass, text, policy: bounded(policy ?? undefined) },
    action,
    refused: resource,
  };
}

function failed(outcome: Outcome, reasonClass: ReasonClass | null, text: string | null): Decision {
  return { outcome, reason: { class: reasonClass, text, policy: null }, action: null, refused: null };
}

/** A message without a code: a refusal in IAM's own words, else a failure of which no more is known. */
function ofMessage(message: string): Decision {
  const text = bounded(withoutEncoded(message));
  if (isIamSentence(message)) return refused(message, text);
  return parseRefusal(message).class === 'authentication'
    ? failed('deny', 'authentication', text)
    : failed('error', 'unspecified', text);
}

/**
 * Sign-ins, role switches and steps of Identity Center say how they ended under their own name:
 * `responseElements.ConsoleLogin` or `serviceEventDetails.UserAuthentication` is `Success` or `Failure`.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 */
export function signInResult({ members, within }: RecordView): string | null {
  const name = members['eventName'];
  if (typeof name !== 'string') return null;
  for (const holder of ['responseElements', 'serviceEventDetails']) {
    const result = within(holder, name);
    if (typeof result === 'string') return result;
  }
  return null;
}

function ofSignIn(record: JsonObject, result: string, message: string | null): Decision {
  if (/^fail/i.test(result)) return failed('deny', 'authentication', bounded(message ?? result));
  if (/^success$/i.test(result)) {
    // Identity Center asks the user for a further credential; the answer is an event of its own.
    return record['eventName'] === 'CredentialChallenge'
      ? failed('challenge', 'authentication', null)
      : allowed;
  }
  return message === null ? allowed : ofMessage(message);
}
