import type { Principal, Resource } from '../../domain/event.ts';
import { arrayAt, isObject, objectAt, textAt, type Json, type JsonObject } from '../../domain/json.ts';
import { bounded } from '../../util/record-fields.ts';
import { parseArn } from './arn.ts';
import { ec2ArnType, ec2Resources } from './ec2-resource.ts';
import { arnTypes, rules, type Rule } from './resource-rules.ts';

/** Where a resource lies that is named by less than its ARN. */
export interface Surroundings {
  readonly partition: string;
  readonly region: string | null;
  readonly account: string | null;
  /** Prefix of the permission, e.g. `s3`. */
  readonly prefix: string | null;
  readonly operation: string | null;
  readonly subject: Principal;
  /** ARN that a refusal names. */
  readonly refused: string | null;
}

/** A record names at most so many resources; the rest stays in the raw record. */
const most = 50;

/**
 * Resources of a record, the main one first: what a refusal names, then `resources[]`, else what follows from the
 * request and the response.
 */
export function readResources(record: JsonObject, around: Surroundings): Resource[] {
  const listed = listedResources(record);
  const known = listed.length > 0 ? listed : requestedResources(record, around);
  if (around.refused === null) return known;
  const { refused } = around;
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
  if (prefix === null || prefix === 'signin') return [];
  const found = new Found();
  if (prefix === 's3' || prefix === 's3express' || prefix === 's3-outposts')
    addObjects(found, request, around);
  else if (prefix === 'ec2') addOfEc2(found, request, response, around);
  else for (const rule of rules[prefix] ?? []) applyRule(found, rule, request, response, around);
  if (found.isEmpty && prefix === 'iam') addOwnUser(found, around);
  if (found.isEmpty) addArns(found, request, response, prefix);
  return found.list;
}

/** Resources in order, each once. */
class Found {
  readonly list: Resource[] = [];
  readonly #ids = new Set<string>();

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  add(type: string | null, id: string | null): void {
    const text = bounded(id ?? undefined);
    if (text === null || this.#ids.has(text) || this.list.length >= most) return;
    this.#ids.add(text);
    this.list.push({ type, id: text });
  }
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

function applyRule(
  found: Found,
  [path, type, pattern]: Rule,
  request: JsonObject | undefined,
  response: JsonObject | undefined,
  around: Surroundings,
): void {
  const isResponse = path.startsWith('<');
  for (const value of textsAt(isResponse ? response : request, isResponse ? path.slice(1) : path)) {
    const isArn = value.startsWith('arn:');
    const id = isArn || pattern === '' ? value : arnOf(pattern, value, request, around);
    if (id !== null) found.add(isArn ? (typeOfArn(value) ?? type) : (special(type, value) ?? type), id);
  }
}

/** Texts at a dotted path; a list there gives each of its texts. */
function textsAt(object: JsonObject | undefined, path: string): readonly string[] {
  let value: Json | undefined = object;
  for (const key of path.split('.')) value = isObject(value) ? value[key] : undefined;
  if (Array.isArray(value)) {
    return value.slice(0, most).filter((item): item is string => typeof item === 'string' && item !== '');
  }
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function arnOf(
  pattern: string,
  value: string,
  request: JsonObject | undefined,
  around: Surroundings,
): string | null {
  const [service = '', region = '', account = '', ...rest] = pattern.split(':');
  let resource = rest.join(':');
  let isComplete = (region === '' || around.region !== null) && (account === '' || around.account !== null);
  resource = resource.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name: string, missing?: string) => {
    const other = textAt(request, name);
    if (other === null && missing === undefined) isComplete = false;
    return plainName(service, other ?? missing ?? '');
  });
  if (!isComplete) return resource.includes('$') && rest.length > 0 ? value : null;
  const name = plainName(service, value);
  const owner = account === '' ? '' : (ownerIn(service, value) ?? around.account ?? '');
  const place = region === '' ? '' : (around.region ?? '');
  return `arn:${around.partition}:${service}:${place}:${owner}:${special('', value) === null ? resource.replace('$', () => name) : specialResource(service, resource, name)}`;
}

/** The name in values that carry more: paths, URLs of queues, ARNs of clusters within those of services. */
function plainName(service: string, value: string): string {
  if (service === 'route53') return value.replace(/^\/?(?:hostedzone|healthcheck|change)\//, '');
  if (service === 'ssm') return value.replace(/^\//, '');
  if (service === 'sqs') return value.slice(value.lastIndexOf('/') + 1);
  if (service === 'ecs') return value.slice(value.lastIndexOf('/') + 1);
  if (service === 'rds') return value.toLowerCase();
  if (service === 'lambda') return /^\d{12}:function:/.test(value) ? value.slice(22) : value;
  return value;
}

/** Queues name their owner in their URL, functions in the short form of their ARN. */
function ownerIn(service: string, value: string): string | null {
  if (service === 'sqs') return /\/(\d{12})\/[^/]+$/.exec(value)?.[1] ?? null;
  return service === 'lambda' ? (/^(\d{12}):function:/.exec(value)?.[1] ?? null) : null;
}

/** Values whose prefix tells another kind than the parameter: aliases of keys, managed nodes. */
function special(type: string, value: string): string | null {
  if (value.startsWith('alias/')) return 'AWS::KMS::Alias';
  if (value.startsWith('mi-') && (type === 'AWS::EC2::Instance' || type === ''))
    return 'AWS::SSM::ManagedInstance';
  return null;
}

function specialResource(service: string, resource: string, name: string): string {
  if (name.startsWith('alias/') && service === 'kms') return name;
  if (name.startsWith('mi-') && service === 'ec2') return `managed-instance/${name}`;
  return resource.replace('$', () => name);
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

/** Types by service and the beginning of the resource, from the rules' own patterns. */
const typesOfArns: ReadonlyMap<string, string> = new Map([
  ...Object.values(rules)
    .flat()
    .filter(([, , pattern]) => pattern !== '')
    .map(([, type, pattern]): [string, string] => {
      const [service = '', , , ...rest] = pattern.split(':');
      return [`${service}:${beginning(rest.join(':'))}`, type];
    })
    .toReversed(),
  ...Object.entries(arnTypes),
]);

function beginning(resource: string): string {
  return /^\/?[A-Za-z-]+/.exec(resource)?.[0] ?? '';
}

/** The type of an ARN in CloudFormation's words; null where it is not known. */
export function typeOfArn(text: string): string | null {
  const arn = parseArn(text);
  if (arn === null) return null;
  if (arn.service === 's3') {
    if (arn.resource.startsWith('accesspoint/')) return 'AWS::S3::AccessPoint';
    return arn.resource.includes('/') ? 'AWS::S3::Object' : 'AWS::S3::Bucket';
  }
  if (arn.service === 'sns') return arn.resource.includes(':') ? 'AWS::SNS::Subscription' : 'AWS::SNS::Topic';
  if (arn.service === 'sqs') return 'AWS::SQS::Queue';
  const name = beginning(arn.resource);
  if (arn.service === 'ec2') return ec2ArnType(name);
  return typesOfArns.get(`${arn.service}:${name}`) ?? null;
}
