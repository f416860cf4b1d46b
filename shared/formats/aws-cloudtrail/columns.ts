import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { parseNested } from './struct-text.ts';

/** Fields of a record, as CloudTrail writes them. */
const fields =
  'eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage requestParameters responseElements additionalEventData requestID eventID resources eventType apiVersion readOnly recipientAccountId serviceEventDetails sharedEventID vpcEndpointId vpcEndpointAccountId managementEvent eventCategory addendum sessionCredentialFromConsole tlsDetails edgeDeviceDetails insightDetails eventContext'.split(
    ' ',
  );

/** Fields of `userIdentity` and what lies in it. */
const identityFields =
  'type principalId arn accountId accessKeyId userName invokedBy identityProvider credentialId sessionContext.attributes.mfaAuthenticated sessionContext.attributes.creationDate sessionContext.sourceIdentity sessionContext.ec2RoleDelivery sessionContext.sessionIssuer.type sessionContext.sessionIssuer.principalId sessionContext.sessionIssuer.arn sessionContext.sessionIssuer.accountId sessionContext.sessionIssuer.userName onBehalfOf.userId onBehalfOf.identityStoreArn'.split(
    ' ',
  );

/** Names that other products give to fields. */
const otherNames: Readonly<Record<string, string>> = {
  // Microsoft Sentinel, table AWSCloudTrail.
  AwsEventId: 'eventID',
  AwsRequestId: 'requestID',
  EventTypeName: 'eventType',
  'TimeGenerated [UTC]': 'time',
  TimeGenerated: 'time',
  SessionMfaAuthenticated: 'userIdentity.sessionContext.attributes.mfaAuthenticated',
  SessionCreationDate: 'userIdentity.sessionContext.attributes.creationDate',
  'SessionCreationDate [UTC]': 'userIdentity.sessionContext.attributes.creationDate',
  UserIdentityUserId: 'userIdentity.onBehalfOf.userId',
  UserIdentityStoreArn: 'userIdentity.onBehalfOf.identityStoreArn',
  SessionIssuerType: 'userIdentity.sessionContext.sessionIssuer.type',
  SessionIssuerPrincipalId: 'userIdentity.sessionContext.sessionIssuer.principalId',
  SessionIssuerArn: 'userIdentity.sessionContext.sessionIssuer.arn',
  SessionIssuerAccountId: 'userIdentity.sessionContext.sessionIssuer.accountId',
  SessionIssuerUserName: 'userIdentity.sessionContext.sessionIssuer.userName',
  EC2RoleDelivery: 'userIdentity.sessionContext.ec2RoleDelivery',
  // "Event history" of the console, and the wrapper of lookup-events.
  'User name': 'userIdentity.userName',
  'AWS access key': 'userIdentity.accessKeyId',
  'Access key ID': 'userIdentity.accessKeyId',
  'Resource type': 'resourceType',
  'Resource name': 'resourceName',
  // Elastic Common Schema.
  'event.action': 'eventName',
  'event.provider': 'eventSource',
  'event.id': 'eventID',
  'cloud.region': 'awsRegion',
  'cloud.account.id': 'recipientAccountId',
  'source.address': 'sourceIPAddress',
  'source.ip': 'address',
  'user_agent.original': 'userAgent',
  '@timestamp': 'time',
  timestamp: 'time',
  _time: 'time',
  p_event_time: 'time',
  'aws.cloudtrail.user_identity.session_context.mfa_authenticated':
    'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'aws.cloudtrail.user_identity.session_context.creation_date':
    'userIdentity.sessionContext.attributes.creationDate',
  'aws.cloudtrail.user_identity.session_context.session_issuer.arn':
    'userIdentity.sessionContext.sessionIssuer.arn',
  'aws.cloudtrail.flattened.request_parameters': 'requestParameters',
  'aws.cloudtrail.flattened.response_elements': 'responseElements',
  'aws.cloudtrail.flattened.additional_eventdata': 'additionalEventData',
  'aws.cloudtrail.flattened.service_event_details': 'serviceEventDetails',
  'aws.cloudtrail.console_login.additional_eventdata.mfa_used': 'additionalEventData.MFAUsed',
  'user.name': 'userName',
  'user.id': 'userId',
};

/** Letters and digits alone, in lower case: `userIdentity.arn`, `UserIdentityArn` and `user_identity_arn` are one. */
function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const names: ReadonlyMap<string, string> = new Map([
  ...fields.map((field): [string, string] => [bare(field), field]),
  ...identityFields.map((field): [string, string] => [
    bare(`userIdentity.${field}`),
    `userIdentity.${field}`,
  ]),
  ...Object.entries(otherNames).map(([name, field]): [string, string] => [bare(name), field]),
]);

/** Names within `userIdentity`, `resources` and `tlsDetails` of tables, which are in lower case there. */
const innerNames: ReadonlyMap<string, string> = new Map(
  ['ARN', 'ARNPrefix', ...identityFields.flatMap((field) => field.split('.'))].map((name) => [
    bare(name),
    name,
  ]),
);

/** Fields whose value is structured: text there is JSON or a struct. */
const structured = new Set([
  'userIdentity',
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'serviceEventDetails',
  'resources',
]);

const lowerCased = new Set(['userIdentity', 'resources']);
const elasticPrefix = 'awscloudtrail';
const deepest = 6;
/** No record has more members; what comes after is not looked at. */
const mostMembers = 4096;

interface Seen {
  errors: boolean;
  members: number;
}

/** A record as CloudTrail writes it, out of a table's row or of an object with other names. */
export interface FromColumns {
  readonly record: JsonObject;
  /** Whether a row has a place for an error: where it has none, no error does not mean that none occurred. */
  readonly hasErrors: boolean;
}

/** Reads rows; remembers what the columns of a file stand for. */
export class ColumnReader {
  readonly #known = new Map<string, string | null>();

  /** The record that a row or object holds; null where its columns are not CloudTrail's. */
  read(row: JsonObject): FromColumns | null {
    const record: Record<string, Json> = {};
    const seen: Seen = { errors: false, members: 0 };
    this.#collect(row, '', record, seen, 0);
    if (typeof record['eventName'] !== 'string' || !isOfAws(record)) return null;
    const others = ['eventSource', 'eventID', 'eventTime', 'userIdentity', 'awsRegion', 'sourceIPAddress'];
    if (others.filter((name) => name in record).length < 2) return null;
    return { record: complete(record), hasErrors: seen.errors };
  }

  #collect(object: JsonObject, path: string, record: Record<string, Json>, seen: Seen, depth: number): void {
    for (const [key, value] of Object.entries(object)) {
      if (value === undefined || ++seen.members > mostMembers) continue;
      const name = path === '' ? key : `${path}.${key}`;
      const field = this.#fieldOf(name);
      if (field === 'errorCode' || field === 'errorMessage') seen.errors = true;
      if (field === null || (isObject(value) && !structured.has(field))) {
        if (isObject(value) && depth < deepest) this.#collect(value, name, record, seen, depth + 1);
      } else if (value !== null && value !== '') put(record, field, structuredValue(field, value));
    }
  }

  #fieldOf(name: string): string | null {
    let field = this.#known.get(name);
    if (field === undefined) {
      const key = bare(name.slice(0, 200));
      field =
        names.get(key) ??
        (key.startsWith(elasticPrefix) ? names.get(key.slice(elasticPrefix.length)) : null) ??
        null;
      // The names of a file are few; those of a hostile one are not kept.
      if (this.#known.size < 2048) this.#known.set(name, field);
    }
    return field;
  }
}

/** Other products have an action and a provider too: the service or the caller must be one of AWS. */
function isOfAws(record: JsonObject): boolean {
  const source = record['eventSource'];
  if (typeof source === 'string' && source.includes('.amazonaws.com')) return true;
  const user = record['userIdentity'];
  return isObject(user) && typeof user['arn'] === 'string' && user['arn'].startsWith('arn:aws');
}

function structuredValue(field: string, value: Json): Json {
  if (!structured.has(field)) return value;
  const parsed = typeof value === 'string' ? (parseNested(value) ?? value) : value;
  return lowerCased.has(field) ? withNames(parsed, 0) : parsed;
}

/** The names of a structure in CloudTrail's own letter case. */
function withNames(value: Json, depth: number): Json {
  if (depth > deepest) return value;
  if (Array.isArray(value)) return value.map((item: Json) => withNames(item, depth + 1));
  if (!isObject(value)) return value;
  const renamed: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined && inner !== null)
      renamed[innerNames.get(bare(key)) ?? key] = withNames(inner, depth + 1);
  }
  return renamed;
}

/** Sets a field at a dotted path; a value that is there already stays. */
function put(record: Record<string, Json>, path: string, value: Json): void {
  const parts = path.split('.');
  let target = record;
  for (const part of parts.slice(0, -1)) {
    const inner = target[part];
    if (inner !== undefined && !isObject(inner)) return;
    const next = (inner === undefined ? {} : { ...inner }) as Record<string, Json>;
    target[part] = next;
    target = next;
  }
  const last = parts.at(-1) ?? path;
  target[last] ??= value;
}

/** Fields that only stand in for another one, where that one is missing. */
function complete(record: Record<string, Json>): JsonObject {
  const { address, userName, userId, resourceType, resourceName, ...rest } = record;
  if (address !== undefined) rest['sourceIPAddress'] ??= address;
  if (userName !== undefined && rest['userIdentity'] === undefined) rest['userIdentity'] = { userName };
  const user = rest['userIdentity'];
  if (userId !== undefined && isObject(user) && user['principalId'] === undefined) {
    rest['userIdentity'] = { ...user, principalId: userId };
  }
  if (resourceName !== undefined && rest['resources'] === undefined) {
    rest['resources'] = [{ resourceType: resourceType ?? null, resourceName }];
  }
  return rest;
}
