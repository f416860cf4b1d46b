import type { Principal, Resource } from '../../domain/event.ts';
import { isObject, textAt, type Json, type JsonObject } from '../../domain/json.ts';
import { bounded } from '../../util/record-fields.ts';
import { typeOfArn } from './arn-type.ts';
import { type Rule, rules } from './resource-rules/index.ts';

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

/** A rule, ready to be applied. */
export interface ReadyRule {
  readonly isResponse: boolean;
  readonly path: readonly string[];
  readonly type: string;
  /** Null where the value is the id. */
  readonly pattern: Pattern | null;
}

/** A rule's ARN in its parts. */
interface Pattern {
  readonly service: string;
  readonly hasRegion: boolean;
  readonly hasAccount: boolean;
  readonly resource: readonly Piece[];
}

/** A piece of an ARN: text, the value itself, or another parameter, with what stands for it where it is missing. */
type Piece = string | { readonly parameter: string | null; readonly missing: string | null };

const ready: ReadonlyMap<string, readonly ReadyRule[]> = new Map(
  Object.entries(rules).map(([prefix, list]) => [prefix, list.map(readyRule)]),
);

/** Rules by the prefix of a permission, in the order in which they are applied. */
export function rulesOf(prefix: string): readonly ReadyRule[] {
  return ready.get(prefix) ?? [];
}

function readyRule([path, type, pattern]: Rule): ReadyRule {
  const isResponse = path.startsWith('<');
  return {
    isResponse,
    path: (isResponse ? path.slice(1) : path).split('.'),
    type,
    pattern: pattern === '' ? null : parsePattern(pattern),
  };
}

function parsePattern(text: string): Pattern {
  const [service = '', region, account, ...rest] = text.split(':');
  const resource: Piece[] = [];
  for (const [piece, name, missing] of rest.join(':').matchAll(/\{(\w+)(?:\|([^}]*))?\}|\$|[^{$]+/g)) {
    if (piece !== '$' && name === undefined) resource.push(piece);
    else resource.push({ parameter: name ?? null, missing: missing ?? null });
  }
  return { service, hasRegion: region === 'R', hasAccount: account === 'A', resource };
}

/** Adds what a rule finds in a request or response: a text at its path, or each of a list there. */
export function applyRule(
  found: Found,
  rule: ReadyRule,
  request: JsonObject | undefined,
  response: JsonObject | undefined,
  around: Surroundings,
): void {
  let value: Json | undefined = rule.isResponse ? response : request;
  for (const key of rule.path) value = isObject(value) ? value[key] : undefined;
  if (typeof value === 'number') addText(found, rule, String(value), request, around);
  else if (typeof value === 'string') addText(found, rule, value, request, around);
  else if (Array.isArray(value)) {
    for (const item of (value as readonly Json[]).slice(0, most)) {
      if (typeof item === 'string') addText(found, rule, item, request, around);
    }
  }
}

function addText(
  found: Found,
  rule: ReadyRule,
  value: string,
  request: JsonObject | undefined,
  around: Surroundings,
): void {
  if (value === '') return;
  const { type, pattern } = variantOf(rule, value);
  if (value.startsWith('arn:')) found.add(typeOfArn(value) ?? type, value);
  else found.add(type, pattern === null ? value : arnOf(pattern, value, request, around));
}

const alias = { type: 'AWS::KMS::Alias', pattern: parsePattern('kms:R:A:$') };
const managedInstance = {
  type: 'AWS::SSM::ManagedInstance',
  pattern: parsePattern('ssm:R:A:managed-instance/$'),
};
const documentOfAws = { type: 'AWS::SSM::Document', pattern: parsePattern('ssm:R::document/$') };

/** Values whose beginning tells another kind than the parameter. */
function variantOf(rule: ReadyRule, value: string): Pick<ReadyRule, 'type' | 'pattern'> {
  const { type } = rule;
  if (type === 'AWS::KMS::Key' && value.startsWith('alias/')) return alias;
  if (type === 'AWS::EC2::Instance' && value.startsWith('mi-')) return managedInstance;
  // Documents that AWS provides belong to no account.
  if (type === documentOfAws.type && /^(?:AWS|Amazon)[A-Za-z]*-/.test(value)) return documentOfAws;
  return rule;
}

/** The ARN of a pattern; where region, account or another part is not known, the value alone. */
function arnOf(
  { service, hasRegion, hasAccount, resource }: Pattern,
  value: string,
  request: JsonObject | undefined,
  around: Surroundings,
): string {
  const region = hasRegion ? around.region : '';
  const account = hasAccount ? around.account : '';
  if (region === null || account === null) return value;
  let name = '';
  for (const piece of resource) {
    const text = typeof piece === 'string' ? piece : textOf(piece, service, value, request);
    if (text === null) return value;
    name += text;
  }
  const owner = hasAccount ? (ownerIn(service, value, request) ?? account) : '';
  return `arn:${around.partition}:${service}:${region}:${owner}:${name}`;
}

/** Null where a parameter is missing that has no default. */
function textOf(
  { parameter, missing }: Exclude<Piece, string>,
  service: string,
  value: string,
  request: JsonObject | undefined,
): string | null {
  const text = parameter === null ? value : (textAt(request, parameter) ?? missing);
  return text === null ? null : plainName(service, text);
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
