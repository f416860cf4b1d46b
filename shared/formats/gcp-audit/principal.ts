import type { Credential, Principal, PrincipalType } from '../../domain/event.ts';
import { arrayAt, isObject, type JsonObject, objectAt } from '../../domain/json.ts';
import { boundedText } from '../../util/record-fields.ts';

/** Who asked, who is behind it, and with what. */
export interface Identity {
  readonly subject: Principal;
  readonly actor: Principal | null;
  readonly credential: Credential | null;
}

/**
 * Identity of an audit log. The mail is what bindings name; identities of other providers have `principal://…` alone.
 * Both are left out for anonymous callers and where Google redacts them, and nobody can tell which.
 * Source: https://cloud.google.com/logging/docs/audit#user-id
 */
export function readIdentity(payload: JsonObject): Identity {
  const info = objectAt(payload, 'authenticationInfo');
  const key = boundedText(info, 'serviceAccountKeyName');
  return {
    subject: readPrincipal(info),
    actor: delegator(info),
    credential: key === null ? null : { id: keyId(key), type: 'service-account-key' },
  };
}

/** A key as the IAM API names it, which is how the event that made it does. */
export function keyId(name: string): string {
  return name.replace(/^\/\/iam\.googleapis\.com\//, '');
}

function readPrincipal(info: JsonObject | undefined): Principal {
  const subject = boundedText(info, 'principalSubject');
  const mail = boundedText(info, 'principalEmail') ?? mailOf(subject);
  if (mail !== null) return namedPrincipal(mail);
  if (subject !== null) return federated(subject);
  // GKE's entries name whom the API server took for nobody.
  const selector = boundedText(info, 'authoritySelector');
  if (selector?.startsWith('system:') === true)
    return { type: 'anonymous', id: selector, name: selector, account: null };
  return { type: 'unknown', id: null, name: null, account: null };
}

/** `user:` and `serviceAccount:` carry the mail, also that of a service account in a cluster (`pool[ns/name]`). */
function mailOf(subject: string | null): string | null {
  return /^(?:user|serviceAccount):(.+)$/.exec(subject ?? '')?.[1] ?? null;
}

/** Service agents: Google's own services at work in a project. */
const serviceAgent =
  /^(?:service-\d+@|\d+@cloudservices\.gserviceaccount\.com$|[^@]+@system\.gserviceaccount\.com$|system@google\.com$)/;

function namedPrincipal(id: string): Principal {
  return { type: typeOf(id), id, name: id, account: projectOf(id) };
}

function typeOf(id: string): PrincipalType {
  if (serviceAgent.test(id) || id.startsWith('system:')) return 'service';
  return id.endsWith('.gserviceaccount.com') || /\.svc\.id\.goog\[/.test(id) ? 'workload' : 'user';
}

function projectOf(id: string): string | null {
  return (
    /@([^@]+)\.iam\.gserviceaccount\.com$/.exec(id)?.[1] ??
    /^([^@]+)@appspot\.gserviceaccount\.com$/.exec(id)?.[1] ??
    /^(.+)\.svc\.id\.goog\[/.exec(id)?.[1] ??
    null
  );
}

/**
 * `principal://iam.googleapis.com/locations/global/workforcePools/POOL/subject/…` is a person,
 * `…/projects/N/locations/global/workloadIdentityPools/POOL/subject/…` a program.
 */
function federated(subject: string): Principal {
  const [, project, kind, name] =
    /^principal:\/\/iam\.googleapis\.com\/(?:projects\/([^/]+)\/)?locations\/global\/(workforcePools|workloadIdentityPools)\/[^/]+\/subject\/(.+)$/.exec(
      subject,
    ) ?? [];
  const type = kind === undefined ? 'unknown' : kind === 'workforcePools' ? 'user' : 'workload';
  return { type, id: subject, name: name ?? subject, account: project ?? null };
}

/**
 * Who used the service account: the first of the chain began it. Service agents at its head (of Compute Engine, Cloud
 * Functions, …) only handed the workload the token that it runs with.
 * Source: https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog#ServiceAccountDelegationInfo
 */
function delegator(info: JsonObject | undefined): Principal | null {
  for (const each of arrayAt(info, 'serviceAccountDelegationInfo')) {
    if (!isObject(each)) continue;
    const mail = boundedText(objectAt(each, 'firstPartyPrincipal'), 'principalEmail');
    const subject = boundedText(each, 'principalSubject');
    const principal = mail === null ? readPrincipal({ principalSubject: subject }) : namedPrincipal(mail);
    if (principal.id !== null && principal.type !== 'service') return principal;
  }
  return null;
}
