import type { Entity } from '../../domain/evaluation-request.ts';
import { type Json, isObject } from '../../domain/json.ts';

/** Who asks, as the authenticator tells the authorizer. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  /** Groups that the request did not name and that every such user has. */
  readonly implied: readonly string[];
}

export const mastersGroup = 'system:masters';
const authenticated = 'system:authenticated';
const unauthenticated = 'system:unauthenticated';
const serviceAccounts = 'system:serviceaccounts';
export const serviceAccountPrefix = 'system:serviceaccount:';

/**
 * The user of a request: `subject.id` is the user name, `subject.properties.groups` its groups. Subjects of type
 * `serviceaccount` may be written `NAMESPACE/NAME`; one of type `group` is a user who has that group and no name. The
 * groups that the API server gives to everyone are added. A text says why there is no user.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/
 */
export function userOf({ type, id, properties = {} }: Entity): User | string {
  const groups = textsOf(properties['groups']);
  if (groups === null) return '“subject.properties.groups” is a list of texts.';
  const kind = type.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (kind === 'group') return withImplied('', [id, ...groups]);
  const isServiceAccount = kind === 'serviceaccount' && !id.startsWith(serviceAccountPrefix);
  const name = isServiceAccount ? `${serviceAccountPrefix}${id.replace('/', ':')}` : id;
  return withImplied(name, groups);
}

/** The user behind an impersonation, `subject.properties.impersonatedBy`; null where there is none. */
export function impersonatorOf({ properties = {} }: Entity): User | string | null {
  const value = properties['impersonatedBy'];
  if (value === undefined || value === null) return null;
  if (!isObject(value) || typeof value['id'] !== 'string') {
    return '“subject.properties.impersonatedBy” is an object with “id” and “groups”.';
  }
  const inner = isObject(value['properties']) ? value['properties'] : {};
  const groups = value['groups'] ?? inner['groups'];
  const type = typeof value['type'] === 'string' ? value['type'] : '';
  return userOf({ type, id: value['id'], properties: groups === undefined ? {} : { groups } });
}

/** The namespace and name of a service account's user name; null for anybody else. */
export function serviceAccountOf(name: string): { readonly namespace: string; readonly name: string } | null {
  if (!name.startsWith(serviceAccountPrefix)) return null;
  const [namespace = '', account = '', ...rest] = name.slice(serviceAccountPrefix.length).split(':');
  return namespace === '' || account === '' || rest.length > 0 ? null : { namespace, name: account };
}

/** The group of all service accounts of a namespace. */
function namespaceGroup(namespace: string): string {
  return `${serviceAccounts}:${namespace}`;
}

function withImplied(name: string, given: readonly string[]): User {
  const implied: string[] = [];
  if (!given.includes(authenticated) && !given.includes(unauthenticated)) {
    implied.push(name === 'system:anonymous' ? unauthenticated : authenticated);
  }
  const account = serviceAccountOf(name);
  if (account !== null) {
    for (const group of [serviceAccounts, namespaceGroup(account.namespace)]) {
      if (!given.includes(group)) implied.push(group);
    }
  }
  return { name, groups: [...given, ...implied], implied };
}

function textsOf(value: Json | undefined): readonly string[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return null;
  const list = value as readonly Json[];
  return list.every((item) => typeof item === 'string') ? list : null;
}
