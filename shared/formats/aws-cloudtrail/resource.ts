import type { Resource } from '../../domain/event.ts';
import { arrayAt, isObject, objectAt, textAt, type Json, type JsonObject } from '../../domain/json.ts';
import { bounded } from '../../util/record-fields.ts';
import { parseArn } from './arn.ts';
import { typeOfArn } from './arn-type.ts';
import { ec2Resources } from './ec2-resource.ts';
import { applyRule, Found, most, rulesOf, type Surroundings } from './resource-rule.ts';

/**
 * Resources of a record, the main one first: what a refusal names, then `resources[]`, else what follows from the
 * request and the response.
 */
export function readResources(record: JsonObject, around: Surroundings): Resource[] {
  const listed = listedResources(record);
  const known = listed.length > 0 ? listed : requestedResources(record, around);
  const { refused } = around;
  if (refused === null) return known;
  const first: Resource = known.find(({ id }) => id === refused) ?? { type: typeOfArn(refused), id: refused };
  // A refusal may name all of a kind (`instance/*`) where the request names one.
  if (refused.endsWith('*') && known.some(({ type }) => type === first.type)) return known;
  return [first, ...known.filter(({ id }) => id !== refused)].slice(0, most);
}

/** `resources[]`; an entry of all objects under a prefix counts only where nothing else is named. */
function listedResources(record: JsonObject): Resource[] {
  const named: Resource[] = [];
  const prefixes: Resource[] = [];
  for (const entry of arrayAt(record, 'resources')) {
    if (!isObject(entry) || named.length >= most) continue;
    const id = bounded(entry['ARN'] ?? entry['arn'] ?? entry['resourceName'] ?? entry['ResourceName']);
    const type = textAt(entry, 'type') ?? textAt(entry, 'resourceType') ?? textAt(entry, 'ResourceType');
    if (id !== null) named.push({ type: type ?? typeOfArn(id), id });
    const prefix = bounded(entry['ARNPrefix']);
    if (prefix !== null) prefixes.push({ type, id: `${prefix}*` });
  }
  return named.length > 0 ? named : prefixes;
}

function requestedResources(record: JsonObject, around: Surroundings): Resource[] {
  const request = objectAt(record, 'requestParameters');
  const response = objectAt(record, 'responseElements');
  const { prefix } = around;
  if (
    prefix === null ||
    prefix === 'signin' ||
    (request === undefined && response === undefined && prefix !== 'iam')
  ) {
    return [];
  }
  const found = new Found();
  if (prefix === 's3' || prefix === 's3express' || prefix === 's3-outposts')
    addObjects(found, request, around);
  else if (prefix === 'ec2') addOfEc2(found, request, response, around);
  else for (const rule of rulesOf(prefix)) applyRule(found, rule, request, response, around);
  if (found.isEmpty && prefix === 'iam') addOwnUser(found, around);
  if (found.isEmpty) addArns(found, request, response, prefix);
  return found.list;
}

/** A bucket's ARN has neither region nor account; an access point stands for its bucket by its ARN. */
function addObjects(found: Found, request: JsonObject | undefined, around: Surroundings): void {
  const bucket = textAt(request, 'bucketName') ?? textAt(request, 'bucket');
  if (bucket === null) return;
  const arn = bucket.startsWith('arn:') ? bucket : `arn:${around.partition}:s3:::${bucket}`;
  const key = textAt(request, 'key');
  const separator = bucket.startsWith('arn:') ? '/object/' : '/';
  if (key !== null) found.add('AWS::S3::Object', `${arn}${separator}${key}`);
  found.add(bucket.startsWith('arn:') ? 'AWS::S3::AccessPoint' : 'AWS::S3::Bucket', arn);
  const source = textAt(request, 'x-amz-copy-source');
  if (source !== null && !source.startsWith('arn:')) {
    const path = decoded(source.split('?', 1)[0] ?? '').replace(/^\//, '');
    if (path !== '') found.add('AWS::S3::Object', `arn:${around.partition}:s3:::${path}`);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Operations that make something: it stands in the response and is the main resource. */
const makes = /^(?:Create|Run|Allocate|Import|Copy|Register|Request|Authorize(?!SecurityGroup))/;

function addOfEc2(
  found: Found,
  request: JsonObject | undefined,
  response: JsonObject | undefined,
  around: Surroundings,
): void {
  const requested = ec2Resources(request);
  const made = makes.test(around.operation ?? '') ? ec2Resources(response) : [];
  const own = made.filter(({ id }) => !requested.some((other) => other.id === id));
  // What is made tells its surroundings too (a new instance its network): the first of its kind is what was asked for.
  const main = own.filter(({ type }) => type === mainType(around.operation, own[0]?.type ?? ''));
  for (const { type, id, resource, hasAccount } of [...main, ...requested]) {
    if (around.region === null || (hasAccount && around.account === null)) found.add(type, id);
    else {
      const account = hasAccount ? (around.account ?? '') : '';
      found.add(type, `arn:${around.partition}:ec2:${around.region}:${account}:${resource}`);
    }
  }
}

function mainType(operation: string | null, first: string): string {
  return operation === 'RunInstances' ? 'AWS::EC2::Instance' : first;
}

/** IAM takes the caller where a request about a user names none. */
const aboutOneself =
  /^(?:ChangePassword|GetUser|(?:Create|Delete|Update|List)AccessKeys?|List(?:MFADevices|SSHPublicKeys|SigningCertificates|GroupsForUser|ServiceSpecificCredentials))$/;

function addOwnUser(found: Found, { operation, subject }: Surroundings): void {
  const isUser = subject.id?.includes(':user/') === true || subject.id?.endsWith(':root') === true;
  if (isUser && operation !== null && aboutOneself.test(operation)) found.add('AWS::IAM::User', subject.id);
}

/** Roles that a request hands to a service are not what it is about. */
const isRole = /role/i;
/** Who made or owns a thing is not what a request is about. */
const isMaker = /(?:By|Owner|owner|Principal|principal)(?:Arn)?$/;

/**
 * For services without rules: the ARNs that the request names, else those of the response; the service's own first,
 * those of handed-on roles last.
 */
function addArns(
  found: Found,
  request: JsonObject | undefined,
  response: JsonObject | undefined,
  prefix: string,
): void {
  for (const source of [request, response]) {
    const named = Object.entries(source ?? {}).flatMap(([key, value]) => arnsOf(key, value));
    const rank = ({ key, text }: NamedArn): number =>
      isRole.test(key) ? 2 : parseArn(text)?.service === prefix ? 0 : 1;
    for (const { text } of named.toSorted((one, other) => rank(one) - rank(other)))
      found.add(typeOfArn(text), text);
    if (!found.isEmpty) return;
  }
}

interface NamedArn {
  readonly key: string;
  readonly text: string;
}

/** ARNs of a member, of its list, or of the members of its object. */
function arnsOf(key: string, value: Json | undefined): readonly NamedArn[] {
  if (isMaker.test(key)) return [];
  if (typeof value === 'string') return parseArn(value) === null ? [] : [{ key, text: value }];
  if (Array.isArray(value)) {
    return (value as readonly Json[])
      .slice(0, most)
      .flatMap((item) => (typeof item === 'string' ? arnsOf(key, item) : []));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? arnsOf(name, inner) : [],
  );
}
