import { isObject, type Json, type JsonObject } from '../domain/json.ts';

/** What a rule's name says of a document that holds: it allows, it speaks against, it tells a fact, or nothing. */
export type RuleMeaning = 'grant' | 'denial' | 'fact' | 'neutral';

const grantWords = /^(?:allow(?:ed|s)?|permit(?:ted|s)?|authori[sz](?:ed?|es)|grant(?:ed|s)?)$/;
const denialWords = /^(?:den(?:y|ied|ies)|violations?|block(?:ed|s)?|reject(?:ed|s)?|forbid(?:den|s)?)$/;
/** Words of rules from whose truth nobody but the policy knows what follows. */
const factWords =
  /^(?:is|has|no|not|un\w+|invalid|valid|require[ds]?|needs?|should|must|exceed(?:ed|s)?|warn)$/;

/** By the words of the name: `allow`, `deny_ssh`, `isAdmin`. A name that says both is a fact. */
export function ruleMeaning(name: string): RuleMeaning {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/);
  const [grants, denies] = [grantWords, denialWords].map((each) => words.some((word) => each.test(word)));
  if (words.some((word) => /^(?:no|not)$/.test(word)) || (grants === true && denies === true)) return 'fact';
  if (grants === true) return 'grant';
  if (denies === true) return 'denial';
  return words.some((word) => factWords.test(word)) ? 'fact' : 'neutral';
}

/** How a document is read as a decision, for OPA leaves its meaning to whoever asks. */
export interface ResultReading {
  readonly decision: 'allow' | 'deny';
  readonly kind: 'explicit' | 'implicit';
  /** The member that decides; null where the document itself does. */
  readonly member: string | null;
  readonly why: string;
}

/** The value as a plain yes or no: a boolean, or a text that stands for one. */
export function plainDecision(value: Json | undefined): 'allow' | 'deny' | undefined {
  if (typeof value === 'boolean') return value ? 'allow' : 'deny';
  if (typeof value !== 'string') return undefined;
  const text = value.toLowerCase();
  if (text === 'true' || text === 'allow') return 'allow';
  return text === 'false' || text === 'deny' ? 'deny' : undefined;
}

/** Whether something stands in a document of reasons against: true, or a collection that is not empty. */
export function speaksAgainst(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : undefined;
}

const grantMembers = ['allow', 'allowed', 'decision'] as const;
const denialMembers = ['deny', 'denied', 'denies', 'violation', 'violations'] as const;

/**
 * An object as a decision; null where it is none by itself. An answer to an AdmissionReview decides by
 * `response.allowed`; else the first of `allow`, `allowed` and `decision` that is a yes or no does (the last as in the
 * OpenID AuthZEN Authorization API 1.0), unless members that speak against say otherwise; else these alone.
 * Sources: https://www.openpolicyagent.org/docs/envoy/primer, https://www.openpolicyagent.org/docs/kubernetes/primer
 */
export function readResultObject(result: JsonObject): ResultReading | null {
  const { response } = result;
  if (isObject(response) && typeof response['allowed'] === 'boolean') {
    return given(response['allowed'] ? 'allow' : 'deny', 'response.allowed', response['allowed']);
  }
  const against = denialMembers.flatMap((key) => {
    const holds = Object.hasOwn(result, key) ? speaksAgainst(result[key]) : undefined;
    return holds === undefined ? [] : [{ key, holds }];
  });
  const denying = against.find(({ holds }) => holds);
  for (const key of grantMembers) {
    const decision = Object.hasOwn(result, key) ? plainDecision(result[key]) : undefined;
    if (decision === undefined) continue;
    // What an enforcement point makes of both is not in the document.
    if (decision === 'allow' && denying !== undefined) return null;
    return given(decision, key, result[key]);
  }
  if (denying !== undefined) {
    return { decision: 'deny', kind: 'explicit', member: denying.key, why: `${denying.key} is not empty` };
  }
  const [first] = against;
  if (first === undefined) return null;
  return { decision: 'allow', kind: 'implicit', member: first.key, why: `${first.key} is empty` };
}

function given(decision: 'allow' | 'deny', member: string, value: Json | undefined): ResultReading {
  return { decision, kind: 'explicit', member, why: `${member} in the document is ${JSON.stringify(value)}` };
}
