import type { Principal, Resource } from '../../domain/event.ts';
import { isObject, textAt, type Json, type JsonObject } from '../../domain/json.ts';
import { bounded } from '../../util/record-fields.ts';
import { typeOfArn } from './arn-type.ts';
import type { Rule } from './resource-rules/index.ts';

/** What a record tells about the place of its resources. What is not asked for is not read. */
export interface Surroundings {
  /** Of the ARNs that are built. */
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
export const most = 50;

/** Resources in order, each once. */
export class Found {
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

/** Adds what a rule finds in a request or response. */
export function applyRule(
  found: Found,
  rule: Rule,
  request: JsonObject | undefined,
  response: JsonObject | undefined,
  around: Surroundings,
): void {
  const [path] = rule;
  const isResponse = path.startsWith('<');
  for (const value of textsAt(isResponse ? response : request, isResponse ? path.slice(1) : path)) {
    const [, type, pattern] = variantOf(rule, value);
    if (value.startsWith('arn:')) found.add(typeOfArn(value) ?? type, value);
    else found.add(type, pattern === '' ? value : arnOf(pattern, value, request, around));
  }
}

/** Values whose beginning tells another kind than the parameter. */
function variantOf(rule: Rule, value: string): Rule {
  const [path, type] = rule;
  if (type === 'AWS::KMS::Key' && value.startsWith('alias/')) return [path, 'AWS::KMS::Alias', 'kms:R:A:$'];
  if (type === 'AWS::EC2::Instance' && value.startsWith('mi-')) {
    return [path, 'AWS::SSM::ManagedInstance', 'ssm:R:A:managed-instance/$'];
  }
  // Documents that AWS provides belong to no account.
  if (type === 'AWS::SSM::Document' && /^(?:AWS|Amazon)[A-Za-z]*-/.test(value))
    return [path, type, 'ssm:R::document/$'];
  return rule;
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

/** A rule's ARN in its parts. */
interface Pattern {
  readonly service: string;
  readonly hasRegion: boolean;
  readonly hasAccount: boolean;
  readonly resource: string;
  readonly hasParameters: boolean;
}

const patterns = new Map<string, Pattern>();

function parsePattern(text: string): Pattern {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  const [service = '', region, account, ...rest] = text.split(':');
  const resource = rest.join(':');
  const pattern = {
    service,
    hasRegion: region === 'R',
    hasAccount: account === 'A',
    resource,
    hasParameters: resource.includes('{'),
  };
  patterns.set(text, pattern);
  return pattern;
}

/** The ARN of a pattern; where region, account or another part is not known, the value alone. */
function arnOf(text: string, value: string, request: JsonObject | undefined, around: Surroundings): string {
  const { service, hasRegion, hasAccount, resource, hasParameters } = parsePattern(text);
  if ((hasRegion && around.region === null) || (hasAccount && around.account === null)) return value;
  const filled = hasParameters ? withParameters(resource, service, request) : resource;
  if (filled === null) return value;
  const place = hasRegion ? (around.region ?? '') : '';
  const owner = hasAccount ? (ownerIn(service, value, request) ?? around.account ?? '') : '';
  const named = filled.replace('$', () => plainName(service, value));
  return `arn:${around.partition}:${service}:${place}:${owner}:${named}`;
}

/** Null where a parameter is missing that has no default. */
function withParameters(resource: string, service: string, request: JsonObject | undefined): string | null {
  let isComplete = true;
  const filled = resource.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name: string, missing?: string) => {
    const other = textAt(request, name);
    if (other === null && missing === undefined) isComplete = false;
    return plainName(service, other ?? missing ?? '');
  });
  return isComplete ? filled : null;
}

/** The name in values that carry more: paths, URLs of queues, ARNs of clusters within those of services. */
function plainName(service: string, value: string): string {
  switch (service) {
    case 'route53':
      return value.replace(/^\/?(?:hostedzone|healthcheck|change)\//, '');
    case 'ssm':
      return value.replace(/^\//, '');
    case 'sqs':
    case 'ecs':
      return value.slice(value.lastIndexOf('/') + 1);
    case 'rds':
      return value.toLowerCase();
    case 'lambda':
      return /^\d{12}:function:/.test(value) ? value.slice(22) : value;
    default:
      return value;
  }
}

/** Queues name their owner in their URL, functions in the short form of their ARN, images in the registry's id. */
function ownerIn(service: string, value: string, request: JsonObject | undefined): string | null {
  if (service === 'sqs') return /\/(\d{12})\/[^/]+$/.exec(value)?.[1] ?? null;
  if (service === 'ecr') return textAt(request, 'registryId');
  return service === 'lambda' ? (/^(\d{12}):function:/.exec(value)?.[1] ?? null) : null;
}
