import { type JsonObject, arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import type { Target } from '#shared/domain/response.ts';

/** Whom a binding names: a user by the name that authentication gives, or a service account by its place. */
export type Suspect =
  | { readonly kind: 'User'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly name: string; readonly namespace: string };

/** A service account is the user `system:serviceaccount:NAMESPACE:NAME` (Kubernetes documentation, "Authenticating"). */
export function suspectOf(userName: string): Suspect {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(userName) ?? [];
  return namespace === undefined || name === undefined
    ? { kind: 'User', name: userName }
    : { kind: 'ServiceAccount', namespace, name };
}

export function userNameOf(suspect: Suspect): string {
  return suspect.kind === 'User'
    ? suspect.name
    : `system:serviceaccount:${suspect.namespace}:${suspect.name}`;
}

/** The groups that every account of its kind is in; a user’s further groups are known to the authenticator alone. */
export function groupsOf(suspect: Suspect): string[] {
  return suspect.kind === 'User'
    ? ['system:authenticated']
    : ['system:serviceaccounts', `system:serviceaccounts:${suspect.namespace}`, 'system:authenticated'];
}

/** Whether a subject of a binding is the suspect. A service account may also stand there as the user that it is. */
export function isSuspect(subject: JsonObject, suspect: Suspect): boolean {
  const name = textAt(subject, 'name');
  if (textAt(subject, 'kind') === 'User') return name === userNameOf(suspect);
  return (
    suspect.kind === 'ServiceAccount' &&
    textAt(subject, 'kind') === 'ServiceAccount' &&
    name === suspect.name &&
    textAt(subject, 'namespace') === suspect.namespace
  );
}

export function subjectsOf(binding: JsonObject): JsonObject[] {
  return arrayAt(binding, 'subjects').filter(isObject);
}

/** The suspect that a binding was found for. */
export function suspectOfTarget({ attributes }: Target): Suspect {
  return suspectOf(String(attributes['user']));
}
