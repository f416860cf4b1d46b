import type { FieldName } from './dimensions.ts';
import type { NormalizedEvent, Outcome, Principal, Reason, ReasonClass } from './event.ts';

/** Words, or a thing with the field that holds it. */
export type SentencePart =
  | string
  | { readonly field: FieldName; readonly value: string; readonly label: string };

const verbs: Readonly<Record<Outcome, string>> = {
  allow: ' was allowed ',
  deny: ' was denied ',
  error: ' failed at ',
  challenge: ' was challenged for ',
  unknown: ' requested ',
};

/**
 * An event in one sentence, e.g. `ci-deploy was denied s3:GetObject on … by a service control policy from 203.0.113.7.`
 * It says nothing that the event does not.
 */
export function eventSentence(event: NormalizedEvent): SentencePart[] {
  const { actor, action, operation, resource, resources, outcome, reason, ip } = event;
  const parts: SentencePart[] = [subjectPart(event.subject)];
  if (actor !== null && actor.id !== event.subject.id) parts.push(', with ', actorPart(actor), ' behind it,');
  parts.push(verbs[outcome]);
  if (action !== null) parts.push({ field: 'action', value: action, label: action });
  else if (operation !== null) parts.push({ field: 'operation', value: operation, label: operation });
  else parts.push('something that the log does not name');
  if (resource !== null) {
    parts.push(' on ', { field: 'resource.id', value: resource.id, label: shortResource(resource.id) });
    if (resources.length > 1) parts.push(` and ${resources.length - 1} more`);
  }
  parts.push(...because(reason));
  if (ip !== null) parts.push(' from ', { field: 'ip', value: ip, label: ip });
  parts.push(outcome === 'unknown' ? '; the log does not say what became of it.' : '.');
  return parts;
}

function subjectPart({ id, name, type }: Principal): SentencePart {
  if (id !== null) return { field: 'subject.id', value: id, label: name ?? shortResource(id) };
  if (name !== null) return { field: 'subject.name', value: name, label: name };
  return type === 'anonymous' ? 'Someone anonymous' : 'Someone whom the log does not name';
}

function actorPart({ id, name, type }: Principal): SentencePart {
  if (id !== null) return { field: 'actor.id', value: id, label: name ?? shortResource(id) };
  return name === null ? `some ${type}` : { field: 'actor.name', value: name, label: name };
}

/** Kubernetes' name of a service account, before `NAMESPACE:NAME`. */
const serviceAccount = 'system:serviceaccount:';

/** The end of a long id, such as an ARN, is what people know a thing by; the whole stays within reach. */
export function shortResource(id: string): string {
  if (id.startsWith(serviceAccount)) return id.slice(serviceAccount.length);
  const [arn, , , , , ...rest] = id.split(':');
  const end = arn === 'arn' ? rest.join(':') : id;
  return end === '' ? id : end;
}

/** Reasons in words: without a policy, and before one. */
const reasons: Readonly<Record<ReasonClass, readonly [alone: string, before: string]>> = {
  'explicit-deny': [' by an explicit deny', ' by an explicit deny in '],
  'implicit-deny': [' because nothing allows it', ' because it is not allowed by '],
  authentication: [' because authentication failed', ' because authentication failed, by '],
  condition: [' because a condition was not met', ' by a condition of '],
  policy: [' by a policy', ' by '],
  throttled: [' because of throttling', ' because of throttling by '],
  'not-found': [' because it does not exist', ' because it does not exist, by '],
  'invalid-request': [' because the request was invalid', ' because the request was invalid, by '],
  conflict: [' because of a conflict', ' because of a conflict, by '],
  quota: [' because of a quota', ' because of the quota of '],
  admission: [' by admission control', ' by admission control, '],
  service: [' because the service failed', ' because the service failed, by '],
  'dry-run': [' in a dry run', ' in a dry run, by '],
  undecodable: ['', ' by '],
  unspecified: ['', ' by '],
};

function because(reason: Reason | null): SentencePart[] {
  if (reason === null) return [];
  const [alone, before] = reasons[reason.class ?? 'unspecified'];
  if (reason.policy !== null) return [before, ...policyPart(reason.policy)];
  return alone === '' ? [] : [alone];
}

/** A kind of policy takes an article (`a service control policy`), a name stands for itself. */
function policyPart(policy: string): SentencePart[] {
  const kind = /^[a-z][a-z -]* (?:policy|boundary)\b/.exec(policy)?.[0];
  const label = kind ?? shortResource(policy);
  const article = kind === undefined ? '' : /^[aeiou]/.test(kind) ? 'an ' : 'a ';
  return [...(article === '' ? [] : [article]), { field: 'reason.policy', value: policy, label }];
}

/** An identity as a table names it, and is sorted by. */
export function displayName({ id, name }: { readonly id: string; readonly name: string | null }): string {
  return name ?? shortResource(id);
}
