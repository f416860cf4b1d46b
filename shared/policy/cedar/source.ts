import { isObject, type Json, type JsonObject, textAt } from '../../domain/json.ts';
import type { BundleProblem, BundleSource, PolicyFile } from '../../domain/policy-system.ts';
import { parseExactJson } from '../../util/exact-json.ts';

/** A policy or template before Cedar has read it. */
export interface RawPolicy {
  /** Its name in the document; null where the place in the text names it. */
  readonly id: string | null;
  readonly path: string;
  readonly template: boolean | null;
  /** Cedar text, possibly of several policies where `id` is null; or the JSON form of one. */
  readonly body: string | JsonObject;
}

export interface RawLink {
  readonly template: string;
  readonly id: string;
  readonly values: ReadonlyMap<string, Json>;
  readonly path: string;
}

/** A bundle as it was handed in, sorted by what it is. */
export interface RawBundle {
  readonly policies: RawPolicy[];
  readonly links: RawLink[];
  readonly entities: { readonly path: string; readonly json: JsonObject }[];
  readonly schemas: { readonly path: string; readonly body: string | JsonObject }[];
  readonly problems: BundleProblem[];
  /** Parts that cannot be read and may matter to any request: Cedar refuses a set that has one. */
  readonly unread: string[];
}

/** Sorts the files of a folder (in the order of their paths) or the parts of an inline document. */
export function readSource(source: BundleSource): RawBundle {
  const bundle: RawBundle = { policies: [], links: [], entities: [], schemas: [], problems: [], unread: [] };
  if (source.kind === 'inline') readDocument(bundle, source.document, '');
  else for (const file of source.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) readFile(bundle, file);
  return bundle;
}

const policyKeys = ['policies', 'policySet', 'staticPolicies', 'templates', 'templateLinks'];

/** Whether it says what its policies are, be it that there are none: otherwise it is no policy set at all. */
export function namesPolicies(source: BundleSource, bundle: RawBundle): boolean {
  if (bundle.policies.length > 0) return true;
  if (source.kind === 'inline') return policyKeys.some((key) => key in source.document);
  return source.files.some(({ path }) => /\.cedar(?:\.json)?$/i.test(path));
}

function readFile(bundle: RawBundle, file: PolicyFile): void {
  const { path, text } = file;
  if (!/\.(?:cedar|cedarschema|json)$/i.test(path)) return;
  if (text === null) return problem(bundle, path, 'the file is not UTF-8 text');
  if (/\.cedar$/i.test(path)) bundle.policies.push({ id: null, path, template: null, body: text });
  else if (/\.cedarschema$/i.test(path)) bundle.schemas.push({ path, body: text });
  else readJsonFile(bundle, path, text);
}

/** What files of policies, entities and links are called; other JSON may lie beside them. */
const cedarName = /entit|polic|link|template|schema|\.cedar\.json$/i;

function readJsonFile(bundle: RawBundle, path: string, text: string): void {
  let json: Json;
  try {
    json = parseExactJson(text);
  } catch (error) {
    const why = `no valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`;
    return problem(bundle, path, why, cedarName.test(path));
  }
  if (/schema(?:\.json)?$/i.test(path) && isObject(json)) bundle.schemas.push({ path, body: json });
  else if (Array.isArray(json)) readArray(bundle, path, json);
  else if (isObject(json) && ('staticPolicies' in json || 'templates' in json || 'policies' in json))
    readDocument(bundle, json, path);
  else if (isObject(json) && 'effect' in json && 'principal' in json)
    bundle.policies.push({ id: null, path, template: null, body: json });
}

/** A list of entities, or of template links as the Cedar command line keeps them. */
function readArray(bundle: RawBundle, path: string, list: readonly Json[]): void {
  for (const item of list) {
    if (isObject(item) && 'uid' in item) bundle.entities.push({ path, json: item });
    else if (isObject(item) && ('template_id' in item || 'templateId' in item)) readLink(bundle, path, item);
    else problem(bundle, path, 'an item that is neither an entity nor a template link', cedarName.test(path));
  }
}

/** `{policies, entities, schema}` and the policy set of Cedar's JSON form `{staticPolicies, templates, templateLinks}`. */
function readDocument(bundle: RawBundle, document: JsonObject, path: string): void {
  const policies = document['policies'] ?? document['policySet'];
  const nested = isObject(policies) && ('staticPolicies' in policies || 'templates' in policies);
  const set: JsonObject = nested ? { ...document, ...policies } : document;
  if (!nested) readPolicies(bundle, path, policies, false);
  readPolicies(bundle, path, set['staticPolicies'], false);
  readPolicies(bundle, path, set['templates'], true);
  for (const link of listOf(set['templateLinks'])) if (isObject(link)) readLink(bundle, path, link);
  for (const entity of listOf(document['entities'])) {
    if (isObject(entity)) bundle.entities.push({ path, json: entity });
    else problem(bundle, path, 'an entity that is no object');
  }
  const { schema } = document;
  if (typeof schema === 'string' || isObject(schema)) bundle.schemas.push({ path, body: schema });
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function readPolicies(bundle: RawBundle, path: string, value: Json | undefined, template: boolean): void {
  const kind = template ? true : null;
  if (value === undefined || value === null) return;
  if (typeof value === 'string') bundle.policies.push({ id: null, path, template: kind, body: value });
  else if (Array.isArray(value)) value.forEach((body: Json) => readOne(bundle, path, null, body, kind));
  else if (isObject(value) && 'effect' in value && 'principal' in value)
    readOne(bundle, path, null, value, kind);
  else if (isObject(value))
    for (const [id, body] of Object.entries(value)) readOne(bundle, path, id, body ?? null, kind);
  else problem(bundle, path, 'policies that are neither text nor a map of texts');
}

function readOne(
  bundle: RawBundle,
  path: string,
  id: string | null,
  body: Json,
  template: true | null,
): void {
  // A list of policies may give each its name: `{"id": …, "policy": text}`.
  const named = id === null && isObject(body) && !('effect' in body) ? body : undefined;
  const inner = named?.['policy'] ?? named?.['text'] ?? named?.['body'];
  if (inner !== undefined)
    return readOne(bundle, path, textAt(named, 'id') ?? textAt(named, 'name'), inner, template);
  if (typeof body === 'string' || isObject(body)) bundle.policies.push({ id, path, template, body });
  else problem(bundle, path, `policy ${id ?? ''} is neither text nor an object`);
}

function readLink(bundle: RawBundle, path: string, link: JsonObject): void {
  const template = link['templateId'] ?? link['template_id'];
  const id = link['newId'] ?? link['link_id'];
  const values = link['values'] ?? link['args'];
  if (typeof template !== 'string' || typeof id !== 'string' || !isObject(values))
    return problem(bundle, path, 'a template link without template, name or values');
  const entries = Object.entries(values).map(([slot, value]) => [slot, value ?? null] as const);
  bundle.links.push({ template, id, values: new Map(entries), path });
}

function problem(bundle: RawBundle, path: string, message: string, matters = true): void {
  if (matters) bundle.unread.push(path === '' ? message : `${path}: ${message}`);
  bundle.problems.push({ severity: 'error', path, locator: '', message });
}
