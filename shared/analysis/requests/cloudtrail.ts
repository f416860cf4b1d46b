import type { AccessEvent } from '#shared/domain/event.ts';
import { type JsonObject, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { AttributeSource } from '#shared/domain/trace.ts';
import { Attributes } from './attributes.ts';
import { addFederation, federationOf } from './cloudtrail-federation.ts';
import type { Mapping } from './mapping.ts';

const system = 'aws-iam';
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const uniqueId = /^A(?:IDA|ROA)[A-Z0-9]{8,}(?::|$)/;
const address = /^[0-9a-f:.]+$/i;

/**
 * The request that IAM judged, as far as CloudTrail tells it. Context keys that the log does not carry are unknown,
 * except where AWS says that they never exist for such a principal: `aws:TokenIssueTime` and
 * `aws:MultiFactorAuthPresent` with long-term credentials.
 * Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function mapCloudTrail(event: AccessEvent, record: JsonObject): Mapping {
  if (event.action === null) return unmapped('The event is no exercise of an IAM permission.');
  const user = objectAt(record, 'userIdentity');
  const type = textAt(user, 'type');
  const federation = federationOf(record);
  if (federation === 'unnamed') {
    return unmapped('The event does not name the identity provider on whose word the role was asked for.');
  }
  const principal = federation?.provider ?? principalOf(event, user);
  if (principal === null) return unmapped('The event names no principal that IAM could judge.');
  if (uniqueId.test(principal)) {
    return unmapped(
      'The event names its caller by a unique id alone; the log of its own account has the name.',
    );
  }
  const sources: Record<string, AttributeSource> = {
    'subject.id': 'log',
    'action.name': 'derived',
    'resource.id': event.resource === null ? 'derived' : 'log',
  };
  const properties = new Attributes('subject.properties', sources);
  const session = objectAt(user, 'sessionContext');
  const issuer = objectAt(session, 'sessionIssuer');
  if (type === 'AssumedRole') properties.add('roleArn', textAt(issuer, 'arn'), 'log');
  if (type === 'FederatedUser') properties.add('issuer', textAt(issuer, 'arn'), 'log');
  const context = contextOf(event, record, sources);
  if (federation !== null) addFederation(federation, context.attributes);
  const resource = new Attributes('resource.properties', sources);
  resource.add('account', resourceAccount(record), 'log');
  return {
    kind: 'mapped',
    system,
    request: {
      subject: { type: type ?? 'principal', id: principal, properties: properties.values },
      action: { name: event.action },
      resource: {
        type: event.resource?.type ?? '',
        id: event.resource?.id ?? '*',
        properties: resource.values,
      },
      context: context.attributes.values,
    },
    knowledge: { complete: false, absent: context.absent },
    attributes: sources,
  };
}

/** The ARN that policies see: of a role session the session's own. */
function principalOf({ subject }: AccessEvent, user: JsonObject | undefined): string | null {
  const arn = textAt(user, 'arn');
  if (arn !== null) return arn;
  return textAt(user, 'type') === 'AWSService' ? textAt(user, 'invokedBy') : subject.id;
}

function contextOf(
  event: AccessEvent,
  record: JsonObject,
  sources: Record<string, AttributeSource>,
): { readonly attributes: Attributes; readonly absent: readonly string[] } {
  const context = new Attributes('context', sources);
  const user = objectAt(record, 'userIdentity');
  const session = objectAt(objectAt(user, 'sessionContext'), 'attributes');
  // A service that calls on someone's behalf is logged by its name: the caller's address is not known then.
  if (event.ip !== null && address.test(event.ip)) context.add('aws:SourceIp', event.ip, 'log');
  context.add('aws:UserAgent', event.userAgent, 'log');
  context.add('aws:RequestedRegion', event.region, 'log');
  context.add('aws:CurrentTime', event.time, 'log');
  context.add('aws:SourceVpce', textAt(record, 'vpcEndpointId'), 'log');
  context.add('aws:MultiFactorAuthPresent', textOrFlag(session, 'mfaAuthenticated'), 'log');
  context.add('aws:TokenIssueTime', textAt(session, 'creationDate'), 'log');
  if (objectAt(record, 'tlsDetails') !== undefined) context.add('aws:SecureTransport', 'true', 'derived');
  const invokedBy = textAt(user, 'invokedBy');
  if (invokedBy !== null) context.add('aws:ViaAWSService', 'true', 'derived');
  const absent: string[] = [];
  if (isLongTerm(user)) {
    for (const key of ['aws:TokenIssueTime', 'aws:MultiFactorAuthPresent', 'aws:MultiFactorAuthAge']) {
      absent.push(key);
      context.absent(key);
    }
  }
  return { attributes: context, absent };
}

/** Long-term keys begin with AKIA: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
function isLongTerm(user: JsonObject | undefined): boolean {
  return (
    textAt(user, 'accessKeyId')?.startsWith('AKIA') === true && objectAt(user, 'sessionContext') === undefined
  );
}

function textOrFlag(object: JsonObject | undefined, key: string): string | null {
  const value = object?.[key];
  return typeof value === 'boolean' ? String(value) : textAt(object, key);
}

/** The owner of the resource, where the record names it: the account that received the event need not be the owner. */
function resourceAccount(record: JsonObject): string | null {
  const resources = record['resources'];
  const [first] = Array.isArray(resources) ? (resources as readonly unknown[]) : [];
  return isObject(first) ? textAt(first, 'accountId') : null;
}

function unmapped(reason: string): Mapping {
  return { kind: 'unmapped', system, reason };
}
