import type { ReasonClass } from '../../domain/event.ts';

/** What the text of a refusal tells. */
export interface Refusal {
  readonly class: ReasonClass;
  /** The kind of policy that it names, with the policy's ARN where given. */
  readonly policy: string | null;
  /** The permission that was asked for, which may be another one than the operation's own (`iam:PassRole`). */
  readonly action: string | null;
  /** ARN of the resource, where it names one. */
  readonly resource: string | null;
}

const perform =
  /\bis not (?:authorized|allowed) to perform:? ?\[?([a-z0-9-]{1,64}:[A-Za-z0-9_*]{1,128})\]?(?=[\s.,;]|$)/;
const onResource = /\bon (?:the )?resources?:? [["']?(arn:[^\s"'\]]{1,2000}[^\s"',.;\]])/;
const principalExecute = /\bis not allowed to execute \[?([a-z0-9-]{1,64}:[A-Za-z0-9_*]{1,128})\]? on/;
const accessTo =
  /\b(?:Access to (?:the )?resource|Not authorized to access resource:?) (arn:[^\s"]{1,2000}[^\s",.;])/;
const explicit =
  /\bwith an explicit deny in (?:an? |the |one or more )?((?:[A-Za-z-]+ ){1,4}?)(policy|policies|boundary)\b(?:[:,]? ?\(?(arn:[^\s)]{1,2000}[^\s).,;]))?/i;
const implicit =
  /\bbecause no ((?:[A-Za-z-]+ ){1,4}?)(policy|policies|boundary) (?:allows|grants|permits)\b/i;
/** Settings of S3 that stand above all policies. */
const blockPublicAccess = /\bin (S3 Block Public Access)\b/;
const policyArn = /\b(arn:aws[\w-]*:(?:iam|organizations)::[^\s"]{0,64}:policy\/[^\s".,;)]{1,512})/;
const anyExplicit = /\bexplicit(?:ly)? den(?:y|ied)\b/i;
const encoded = /Encoded authorization failure message: ?(\S{20,})/;

/** Refusals of the person and not of the permission: one-time codes and passwords that were wrong. */
const wrongSecret =
  /MultiFactorAuthentication failed|invalid MFA|old password was incorrect|Incorrect username or password|Invalid (?:refresh|session|access) token|Password attempts exceeded|User is disabled|validate the provided access credentials|token (?:included in the request )?(?:is|has) (?:invalid|expired)|Failed authentication|No username found|session (?:token )?(?:not found|expired|has expired)/i;

/**
 * Reads the text of a refusal. Sources: "Troubleshoot access denied error messages" of the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html) for the kinds of policies, and
 * `sts:DecodeAuthorizationMessage` for texts that only AWS can open. A named kind is a cause, never proof that the
 * other kinds allow.
 */
export function parseRefusal(message: string): Refusal {
  const action = perform.exec(message)?.[1] ?? principalExecute.exec(message)?.[1] ?? null;
  const resource = onResource.exec(message)?.[1] ?? accessTo.exec(message)?.[1] ?? null;
  const about = { action, resource };
  const byDeny = explicit.exec(message);
  if (byDeny !== null) {
    return {
      class: 'explicit-deny',
      policy: policyName(byDeny[1], byDeny[2], byDeny[3] ?? arnIn(message)),
      ...about,
    };
  }
  const byNone = implicit.exec(message);
  if (byNone !== null) {
    return { class: 'implicit-deny', policy: policyName(byNone[1], byNone[2], null), ...about };
  }
  if (anyExplicit.test(message)) return { class: 'explicit-deny', policy: arnIn(message), ...about };
  const setting = blockPublicAccess.exec(message)?.[1];
  if (setting !== undefined) return { class: 'policy', policy: setting, ...about };
  if (wrongSecret.test(message)) return { class: 'authentication', policy: null, ...about };
  if (encoded.test(message)) return { class: 'undecodable', policy: null, ...about };
  return { class: 'unspecified', policy: null, ...about };
}

/** `service control policy`, `permissions boundary`; the ARN behind it where the text gives one. */
function policyName(kind = '', noun = '', arn: string | null): string {
  const name = `${kind}${noun.toLowerCase() === 'policies' ? 'policy' : noun.toLowerCase()}`.trim();
  const plain = name.startsWith('VPC') ? name : name.charAt(0).toLowerCase() + name.slice(1);
  return arn === null ? plain : `${plain} ${arn}`;
}

function arnIn(message: string): string | null {
  return policyArn.exec(message)?.[1] ?? null;
}

/** Whether a text is IAM's sentence about a permission, whatever code it came with. */
export function isIamSentence(message: string): boolean {
  return message.startsWith('User: ') || message.includes(' User: ') ? perform.test(message) : false;
}

const permissionWords = /\b(?:not authori[sz]ed|permissions?|access denied|not allowed to perform)\b/i;

/** Whether a text speaks of permission, for codes that are also used for other failures. */
export function speaksOfPermission(message: string): boolean {
  return permissionWords.test(message);
}

/** The text without an encoded part, which is different every time and cannot be opened offline. */
export function withoutEncoded(message: string): string {
  const match = encoded.exec(message);
  if (match === null) return message;
  const [, blob = ''] = match;
  return message.replace(blob, `(encoded, ${blob.length} characters)`);
}
