import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { Attributes } from './attributes.ts';

/** Who asks for a role with the word of an identity provider: to a trust policy that is the provider. */
export interface Federation {
  /** As the `Federated` element of a trust policy names it: an ARN, or the name of a provider that AWS knows itself. */
  readonly provider: string;
  /** The condition keys that the provider's word fills, as far as the log tells them. */
  readonly keys: readonly (readonly [name: string, value: string | null])[];
}

/** `unnamed` where the record does not name the provider; null where the caller is not federated this way. */
export function federationOf(record: JsonObject): Federation | 'unnamed' | null {
  const user = objectAt(record, 'userIdentity');
  const type = textAt(user, 'type');
  if (type === 'SAMLUser') return samlOf(record) ?? 'unnamed';
  return type === 'WebIdentityUser' ? (webIdentityOf(record, user) ?? 'unnamed') : null;
}

/** Puts the keys into the context of a request. */
export function addFederation(federation: Federation, context: Attributes): void {
  for (const [name, value] of federation.keys) context.add(name, value, 'log');
}

/**
 * `userIdentity.identityProvider` is the assertion's issuer and no principal; the provider's ARN is a parameter.
 * Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (SAML keys)
 */
function samlOf(record: JsonObject): Federation | null {
  const provider = textAt(objectAt(record, 'requestParameters'), 'principalArn');
  if (provider === null) return null;
  const answer = objectAt(record, 'responseElements');
  return {
    provider,
    keys: [
      ['saml:aud', textAt(answer, 'audience')],
      ['saml:iss', textAt(answer, 'issuer')],
      ['saml:namequalifier', textAt(answer, 'nameQualifier')],
      ['saml:sub', textAt(answer, 'subject')],
      ['saml:sub_type', textAt(answer, 'subjectType')],
    ],
  };
}

/**
 * The keys begin with the provider's URL. The subject is `userName`; `principalId` is `issuer:audience:subject`.
 * Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (web identity keys)
 */
function webIdentityOf(record: JsonObject, user: JsonObject | undefined): Federation | null {
  const provider = textAt(user, 'identityProvider');
  if (provider === null) return null;
  const answer = objectAt(record, 'responseElements');
  const subject = textAt(answer, 'subjectFromWebIdentityToken') ?? textAt(user, 'userName');
  const audience =
    textAt(answer, 'audience') ?? between(textAt(user, 'principalId'), `${provider}:`, `:${subject}`);
  const url = provider.replace(/^arn:[^:]*:iam::\d{12}:oidc-provider\//, '');
  return {
    provider,
    keys: [
      [`${url}:aud`, audience],
      [`${url}:sub`, subject],
    ],
  };
}

/** What stands between a text's known beginning and its known end; null where it is not built so. */
function between(text: string | null, start: string, end: string): string | null {
  if (text === null || text.length <= start.length + end.length) return null;
  return text.startsWith(start) && text.endsWith(end) ? text.slice(start.length, -end.length) : null;
}
