import { clusterUserType } from '../../domain/cluster-user.ts';
import type { Principal, PrincipalType } from '../../domain/event.ts';
import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { firstTextOf, objectIn, scalarText, textIn } from './field.ts';

export interface Identity {
  readonly subject: Principal;
  readonly actor: Principal | null;
}

const unknown: Principal = { type: 'unknown', id: null, name: null, account: null };

/**
 * Who asks, by the conventions of what calls OPA: its input has no fixed form. Envoy's requests carry the calling
 * workload's certificate and the payload of a token that Envoy has verified; admission reviews the user; AuthZEN's
 * requests, Kafka and Trino a subject of their own form. Tokens that nobody has verified name nobody.
 * Sources: https://www.openpolicyagent.org/docs/envoy/primer,
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export function readIdentity(input: Json | undefined): Identity {
  if (!isObject(input)) return { subject: unknown, actor: null };
  const attributes = objectIn(input, 'attributes');
  if (objectIn(attributes, 'request', 'http') !== undefined) return ofEnvoy(attributes);
  const username = textIn(input, 'request', 'userInfo', 'username');
  if (username !== null) return { subject: ofCluster(username), actor: null };
  return { subject: byConvention(input), actor: null };
}

function ofEnvoy(attributes: JsonObject | undefined): Identity {
  const spiffe = textIn(attributes, 'source', 'principal');
  const workload: Principal | null =
    spiffe === null
      ? null
      : {
          type: 'workload',
          id: spiffe,
          name: spiffe.replace(/^spiffe:\/\//, ''),
          account: trustDomain(spiffe),
        };
  const claims = verifiedClaims(attributes);
  const user = claims === undefined ? null : ofClaims(claims);
  if (user === null) return { subject: workload ?? unknown, actor: null };
  return { subject: user, actor: workload };
}

function trustDomain(spiffe: string): string | null {
  return /^spiffe:\/\/([^/]+)/.exec(spiffe)?.[1] ?? null;
}

/** What Envoy's filter for tokens has verified: `{payload name: claims}`. Source: Envoy, “JWT Authentication”. */
function verifiedClaims(attributes: JsonObject | undefined): JsonObject | undefined {
  const verified = objectIn(attributes, 'metadataContext', 'filterMetadata', 'envoy.filters.http.jwt_authn');
  for (const payload of Object.values(verified ?? {})) {
    if (textIn(payload, 'sub') !== null) return objectIn(payload);
  }
  return undefined;
}

/** RFC 7519, section 4.1.2, and the claims of OpenID Connect Core 1.0, section 5.1. */
function ofClaims(claims: JsonObject): Principal | null {
  const id = firstTextOf(claims, ['sub', 'preferred_username', 'email', 'client_id']);
  if (id === null) return null;
  const name = firstTextOf(claims, ['preferred_username', 'email', 'name']) ?? id;
  return { type: 'user', id, name, account: textIn(claims, 'iss') };
}

function ofCluster(username: string): Principal {
  const name = username
    .replace(/^system:(?:serviceaccount|node):/, '')
    .replace(/^([^:/]+):([^:]+)$/, '$1/$2');
  const type = clusterUserType(username);
  return { type, id: username, name: type === 'workload' ? name : username, account: null };
}

const subjectMembers = [
  'subject',
  'principal',
  'user',
  'username',
  'user_name',
  'user_id',
  'userId',
  'identity',
  'actor',
  'caller',
  'email',
  'client_id',
  'sub',
] as const;
const claimMembers = ['claims', 'jwt', 'token', 'token_payload', 'jwt_claims'] as const;

function byConvention(input: JsonObject): Principal {
  const kafka = objectIn(input, 'requestContext', 'principal');
  if (kafka !== undefined) return ofMember(kafka) ?? unknown;
  const trino = objectIn(input, 'context', 'identity');
  if (trino !== undefined) return ofMember(trino) ?? unknown;
  for (const key of subjectMembers) {
    const found = Object.hasOwn(input, key) ? ofMember(input[key]) : null;
    if (found !== null) return found;
  }
  for (const key of claimMembers) {
    const claims = objectIn(input, key, 'payload') ?? objectIn(input, key);
    const found = claims === undefined ? null : ofClaims(claims);
    if (found !== null) return found;
  }
  return unknown;
}

const types: Readonly<Record<string, PrincipalType>> = {
  user: 'user',
  person: 'user',
  employee: 'user',
  role: 'role',
  service: 'service',
  service_account: 'workload',
  serviceaccount: 'workload',
  workload: 'workload',
  application: 'workload',
  device: 'device',
  anonymous: 'anonymous',
};

/** A subject as a text, or as an object with an id. */
function ofMember(member: Json | undefined): Principal | null {
  const text = scalarText(member);
  if (text !== null) {
    const type = text.startsWith('spiffe://') ? 'workload' : 'user';
    return { type, id: text, name: text, account: null };
  }
  const object = objectIn(member);
  const id = firstTextOf(object, [
    'id',
    'sub',
    'username',
    'user',
    'user_id',
    'email',
    'login',
    'uid',
    'name',
  ]);
  if (object === undefined || id === null) return null;
  const type = firstTextOf(object, ['type', 'kind', 'principalType'])?.toLowerCase() ?? 'user';
  const name = firstTextOf(object, ['name', 'username', 'display_name', 'email', 'login']) ?? id;
  const account = firstTextOf(object, [
    'tenant',
    'tenant_id',
    'account',
    'account_id',
    'org',
    'organization',
  ]);
  return { type: Object.hasOwn(types, type) ? (types[type] ?? 'unknown') : 'unknown', id, name, account };
}
