import { clusterUserType, nodePrefix, serviceAccountPrefix } from '../../domain/cluster-user.ts';
import type { Credential, Principal, Session } from '../../domain/event.ts';
import type { JsonObject } from '../../domain/json.ts';
import { boundedText, dottedValue, firstText, objectOf } from './text.ts';

/** Who asked, who is behind it, and with what. */
export interface Identity {
  readonly subject: Principal;
  readonly actor: Principal | null;
  readonly session: Session | null;
  readonly credential: Credential | null;
}

/**
 * Identity of an audit event. The subject is who was authorized: the impersonated user where there is one, with the
 * impersonator as actor. On EKS the AWS identity behind a Kubernetes user is the actor; its source identity, where
 * set, is the human behind that. `cluster` is the account of identities that live in the cluster alone.
 */
export function readIdentity(event: JsonObject, cluster: string | null): Identity {
  const user = objectOf(event['user']);
  const impersonated = objectOf(event['impersonatedUser']);
  const extra = objectOf(user?.['extra']);
  const behind = awsActor(extra);
  const asked = namedPrincipal(boundedText(user, 'username'), cluster);
  const subject =
    impersonated === undefined ? asked : namedPrincipal(boundedText(impersonated, 'username'), cluster);
  const impersonator = impersonated === undefined || asked.id === null ? null : asked;
  const other = behind === null || behind.id === subject.id ? roleBehind(subject) : behind;
  return {
    subject,
    actor: impersonator ?? other,
    session: readSession(extra),
    credential: readCredential(extra),
  };
}

/** The principal that a Kubernetes user name stands for. The name itself is the id: bindings refer to it. */
function namedPrincipal(username: string | null, cluster: string | null): Principal {
  if (username === null) return { type: 'unknown', id: null, name: null, account: null };
  const arn = awsPrincipal(username);
  // The user name is what RBAC judged, so it stays the id even where it is the ARN of a session.
  if (arn !== null) return { ...arn, id: username };
  const type = clusterUserType(username);
  const account = type === 'user' ? googleProject(username) : cluster;
  return { type, id: username, name: shortName(username), account };
}

function shortName(username: string): string {
  if (username.startsWith(serviceAccountPrefix)) {
    return username.slice(serviceAccountPrefix.length).replace(':', '/');
  }
  return username.startsWith(nodePrefix) ? username.slice(nodePrefix.length) : username;
}

function googleProject(username: string): string | null {
  return /@([^@]+)\.iam\.gserviceaccount\.com$/.exec(username)?.[1] ?? null;
}

const awsArn =
  /^arn:(aws[\w-]*):(iam|sts)::(\d{12}):(user|role|assumed-role|federated-user|root)(?:\/(.+))?$/;

/** The durable AWS identity of an ARN: of a role session its role (whose path the session's ARN does not carry). */
function awsPrincipal(arn: string): Principal | null {
  const match = awsArn.exec(arn);
  if (match === null) return null;
  const [, partition = 'aws', , account = '', kind, path = ''] = match;
  if (kind === 'assumed-role') {
    const role = path.split('/')[0] ?? '';
    return { type: 'role', id: `arn:${partition}:iam::${account}:role/${role}`, name: role, account };
  }
  const name = path === '' ? 'root' : path.slice(path.lastIndexOf('/') + 1);
  return { type: kind === 'role' ? 'role' : 'user', id: arn, name, account };
}

function roleBehind(subject: Principal): Principal | null {
  const durable = subject.id === null ? null : awsPrincipal(subject.id);
  return durable === null || durable.id === subject.id ? null : durable;
}

const awsAuthenticator = 'sigs.k8s.io/aws-iam-authenticator/';

/** Facts that EKS' authenticator adds, under their plain name or the authenticator's prefix. */
function awsExtra(extra: JsonObject | undefined, name: string): string | null {
  return firstText(extra?.[name] ?? extra?.[`${awsAuthenticator}${name}`]);
}

function awsActor(extra: JsonObject | undefined): Principal | null {
  const arn = awsExtra(extra, 'canonicalArn') ?? awsExtra(extra, 'arn');
  const durable = arn === null ? null : awsPrincipal(arn);
  const person = awsExtra(extra, 'sourceIdentity');
  if (person !== null) return { type: 'user', id: person, name: person, account: durable?.account ?? null };
  return durable;
}

/** An AWS role session, or the pod to which a service account's token is bound. */
function readSession(extra: JsonObject | undefined): Session | null {
  const name = awsExtra(extra, 'sessionName');
  const arn = awsExtra(extra, 'arn');
  if (name !== null || (arn !== null && arn.includes(':assumed-role/'))) {
    return {
      id: arn,
      name: name ?? arn?.slice(arn.lastIndexOf('/') + 1) ?? null,
      startedAt: null,
      mfa: null,
    };
  }
  const pod = firstText(dottedValue(extra, 'authentication.kubernetes.io/pod-uid'));
  const podName = firstText(dottedValue(extra, 'authentication.kubernetes.io/pod-name'));
  return pod === null && podName === null ? null : { id: pod, name: podName, startedAt: null, mfa: null };
}

/**
 * `JTI=…` of a service account's token or `X509SHA256=…` of a client certificate, as the API server logs it, so that
 * it meets the `issued-credential-id` of the request that made it; on EKS the AWS access key.
 */
function readCredential(extra: JsonObject | undefined): Credential | null {
  const id = firstText(dottedValue(extra, 'authentication.kubernetes.io/credential-id'));
  if (id !== null) return { id, type: credentialType(id) };
  const accessKey = awsExtra(extra, 'accessKeyId');
  return accessKey === null ? null : { id: accessKey, type: 'access-key' };
}

function credentialType(id: string): string {
  if (id.startsWith('JTI=')) return 'token';
  return id.startsWith('X509SHA256=') ? 'certificate' : 'credential';
}

/** Identity of a GKE entry. */
export function readGkeIdentity(payload: JsonObject, cluster: string | null): Identity {
  const info = objectOf(payload['authenticationInfo']);
  const username =
    boundedText(info, 'principalEmail') ??
    boundedText(info, 'principalSubject') ??
    boundedText(info, 'authoritySelector');
  const key = boundedText(info, 'serviceAccountKeyName');
  return {
    subject: namedPrincipal(username, cluster),
    actor: delegation(info),
    session: null,
    credential: key === null ? null : { id: key, type: 'service-account-key' },
  };
}

/** The first of the chain is the identity that started it. */
function delegation(info: JsonObject | undefined): Principal | null {
  const chain = info?.['serviceAccountDelegationInfo'];
  const first = Array.isArray(chain) ? objectOf(chain[0]) : undefined;
  const email =
    boundedText(objectOf(first?.['firstPartyPrincipal']), 'principalEmail') ??
    boundedText(first, 'principalSubject');
  return email === null ? null : namedPrincipal(email, null);
}
