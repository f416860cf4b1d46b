import { arrayAt, isObject, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { BundleProblem } from '../../../domain/policy-system.ts';
import type { PolicyRef } from '../../../domain/trace.ts';
import { type Estate, emptyEstate, type PlacedDocument } from '../model.ts';
import { canonicalName } from '../names.ts';
import { insteadKey } from '../unknown.ts';
import { readAllowPolicy, readDenyPolicy, readRole, texts } from './policies.ts';

/** What a document is, by what it holds. */
export type Sort =
  | { readonly kind: 'allow'; readonly resource: string; readonly policy: JsonObject }
  | { readonly kind: 'deny'; readonly resource: string; readonly policy: JsonObject }
  | { readonly kind: 'role'; readonly name: string; readonly role: JsonObject }
  | { readonly kind: 'boundary' | 'other' };

const roleName = /^(?:roles|(?:projects|organizations)\/[^/]+\/roles)\/[^/]+$/;

/** Bindings first: an answer for a resource may carry more than its policy. */
export function sortOf({ value, path }: PlacedDocument): Sort {
  const asset = textAt(value, 'assetType');
  if (asset !== null && /PrincipalAccessBoundary|PolicyBinding/i.test(asset)) return { kind: 'boundary' };
  const name = textAt(value, 'name');
  if (name?.includes('/principalAccessBoundaryPolicies/') === true || 'policyKind' in value)
    return { kind: 'boundary' };
  const isDeny = value['kind'] === 'DenyPolicy' || name?.includes('/denypolicies/') === true;
  if (isDeny) return { kind: 'deny', resource: attachmentOf(name ?? ''), policy: value };
  const data = objectAt(objectAt(value, 'resource'), 'data');
  const role = data !== undefined && asset === 'iam.googleapis.com/Role' ? data : value;
  const named = textAt(role, 'name');
  if (named !== null && roleName.test(named)) return { kind: 'role', name: named, role };
  return allowOf(value, path);
}

function allowOf(value: JsonObject, path: string): Sort {
  const policy = objectAt(value, 'iamPolicy') ?? objectAt(value, 'policy');
  const resource = textAt(value, 'resource') ?? textAt(value, 'name');
  if (policy !== undefined && resource !== null) return { kind: 'allow', resource, policy };
  const isBare =
    Array.isArray(value['bindings']) ||
    ('etag' in value && Object.keys(value).every((key) => bareKeys.has(key)));
  return isBare
    ? { kind: 'allow', resource: resource ?? resourceOf(path), policy: value }
    : { kind: 'other' };
}

const bareKeys = new Set(['etag', 'version', 'bindings', 'auditConfigs', 'kind', 'resourceId']);

/** `policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fshop/denypolicies/no-keys` */
function attachmentOf(name: string): string {
  const path = /^policies\/(.+)\/denypolicies(?:\/|$)/.exec(name.replaceAll(/%2f/gi, '/'))?.[1] ?? '';
  return path.slice(path.indexOf('/') + 1);
}

const place =
  /(?:^|\/)(project|folder|organization)s?[/._-]([A-Za-z0-9:._-]+?)(?:[/._-](?:get-)?(?:iam[-_.]?)?policy)?\.(?:json|ya?ml)$/i;

/** What `get-iam-policy` prints does not name its resource: the file's path does (`projects/shop-prod.json`). */
function resourceOf(path: string): string {
  const [, kind, id] = place.exec(path) ?? [];
  return kind === undefined || id === undefined ? '' : `${kind.toLowerCase()}s/${id}`;
}

/** Everything that the documents tell. */
export function readEstate(documents: readonly PlacedDocument[], problems: BundleProblem[]): Estate {
  const estate = emptyEstate();
  // Names of one thing are settled before anything is attached to them.
  for (const { value } of documents) readPlaces(value, estate);
  // Assets name projects by their numbers.
  for (const [node, parent] of Array.from(estate.parents)) {
    estate.parents.set(canonicalName(node, null, estate.aliases), parent);
  }
  for (const document of documents) if (!isInstead(document)) readPolicy(document, estate, problems);
  for (const document of documents.filter(isInstead)) {
    takeAway(document, estate);
    readPolicy(document, estate, problems);
  }
  return estate;
}

function isInstead({ value }: PlacedDocument): boolean {
  return value[insteadKey] === true;
}

function without<T>(list: T[], isGone: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter((item) => !isGone(item)));
}

/** What a rebuilt bundle says stands instead of what was there. */
function takeAway(document: PlacedDocument, estate: Estate): void {
  const sort = sortOf(document);
  if (sort.kind === 'allow') without(estate.policies, ({ node }) => node === nodeOf(sort.resource, estate));
  else if (sort.kind === 'role') estate.roles.delete(sort.name);
  else if (sort.kind === 'deny') {
    const { name, node } = readDenyPolicy(nodeOf(sort.resource, estate), sort.policy, {
      path: '',
      locator: '',
      policyId: '',
    });
    without(estate.denies, (policy) => policy.name === name && policy.node === node);
  }
}

function readPolicy(document: PlacedDocument, estate: Estate, problems: BundleProblem[]): void {
  const { value, path, locator } = document;
  const ref: PolicyRef = { path, locator, policyId: '' };
  const sort = sortOf(document);
  if (textAt(value, 'assetType') !== null) estate.isExport = true;
  for (const [group, members] of Object.entries(objectAt(value, 'groups') ?? {})) {
    estate.groups.set(group.toLowerCase(), texts(members));
  }
  switch (sort.kind) {
    case 'allow':
      estate.policies.push(readAllowPolicy(nodeOf(sort.resource, estate), sort.policy, within(ref, value)));
      return;
    case 'deny': {
      const policy = readDenyPolicy(nodeOf(sort.resource, estate), sort.policy, ref);
      estate.denies.push(policy);
      if (policy.rules === null) {
        const message = `${policy.ref.policyId} is named without its rules: “gcloud iam policies get” prints them.`;
        problems.push({ severity: 'warning', path, locator, message });
      }
      return;
    }
    case 'role': {
      const known = estate.roles.get(sort.name);
      // A list of roles beside their descriptions tells nothing more.
      if (known === undefined || known.permissions === null) {
        estate.roles.set(sort.name, readRole(sort.name, sort.role, ref));
      }
      return;
    }
    case 'boundary':
      estate.boundaries.push({ ...ref, policyId: textAt(value, 'name') ?? 'principal access boundary' });
      return;
    case 'other':
  }
}

/** The policy's own place in an answer that carries it. */
function within(ref: PolicyRef, value: JsonObject): PolicyRef {
  const key = ['iamPolicy', 'policy'].find((each) => isObject(value[each]));
  return key === undefined || ref.locator.includes(':') ? ref : { ...ref, locator: `${ref.locator}/${key}` };
}

function nodeOf(resource: string, { aliases }: Estate): string {
  return resource === '' ? '' : canonicalName(resource, null, aliases);
}

/** Projects, folders, organizations and service accounts: how they are called and what they lie in. */
function readPlaces(value: JsonObject, estate: Estate): void {
  const data = objectAt(objectAt(value, 'resource'), 'data') ?? value;
  readProject(data, estate);
  const [mail, id] = [textAt(data, 'email'), textAt(data, 'uniqueId')];
  if (mail !== null && id !== null) estate.aliases.set(`serviceAccounts/${id}`, mail);
  const name = textAt(data, 'name') ?? '';
  if (/^folders\/\d+$/.test(name)) {
    const parent = parentOf(data);
    if (parent !== null) estate.parents.set(name, parent);
  }
  if (/^organizations\/\d+$/.test(name)) estate.parents.set(name, null);
  readChain(chainOf(value), estate);
}

function readProject(data: JsonObject, { aliases, parents }: Estate): void {
  const id = textAt(data, 'projectId');
  // A service account has a project's id as well.
  if (id === null || 'email' in data) return;
  const number =
    textAt(data, 'projectNumber') ?? /^projects\/(\d+)$/.exec(textAt(data, 'name') ?? '')?.[1] ?? null;
  if (number !== null) aliases.set(`projects/${number}`, `projects/${id}`);
  const parent = parentOf(data);
  if (parent !== null) parents.set(`projects/${id}`, parent);
}

function parentOf(data: JsonObject): string | null {
  const text = textAt(data, 'parent');
  if (text !== null) return /(?:folders|organizations)\/\d+$/.exec(text)?.[0] ?? null;
  const parent = objectAt(data, 'parent');
  const [type, id] = [textAt(parent, 'type'), textAt(parent, 'id')];
  return type === null || id === null ? null : `${type}s/${id}`;
}

/** From a project up: of assets, of search results, of `get-ancestors`. */
function chainOf(value: JsonObject): string[] {
  const ancestry = arrayAt(value, 'ancestry').filter(isObject);
  if (ancestry.length > 0)
    return ancestry.map((each) => `${textAt(each, 'type') ?? ''}s/${textAt(each, 'id') ?? ''}`);
  const ancestors = texts(value['ancestors']);
  if (ancestors.length > 0) return ancestors;
  const [project, organization] = [textAt(value, 'project'), textAt(value, 'organization')];
  if (project === null || organization === null) return [];
  return [project, ...texts(value['folders']), organization];
}

function readChain(chain: readonly string[], { parents }: Estate): void {
  for (const [index, node] of chain.entries()) {
    const parent = chain[index + 1];
    if (parent !== undefined) parents.set(node, parent);
    else if (node.startsWith('organizations/')) parents.set(node, null);
  }
}
