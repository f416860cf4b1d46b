import { arrayAt, isObject, type Json, type JsonObject, textAt } from '../../../domain/json.ts';
import type { ElementState, PolicyState } from '../../../domain/policy-change.ts';
import type { BundleSource, PolicyFile } from '../../../domain/policy-system.ts';
import { parseArn } from '../match/arn.ts';
import { defaultName, parseName, versionName } from './names.ts';
import { rebuildOrganization } from './organization-tree.ts';
import { organizationIn, parseFiles, resourcePolicyAccount } from './pages.ts';
import { type Draft, Owners, draftOf } from './owners.ts';
import { unknownDocument } from './unknown.ts';

/** The file that holds what the log made and no page has. */
const added = 'made-by-logged-changes.json';

/** The bundle with other states for some elements: pages that one of them stands in are written anew. */
export function rebuild(source: BundleSource, states: PolicyState): BundleSource {
  if (states.size === 0) return source;
  const drafts = parseFiles(source).map(({ path, content }) => draftOf(path, content));
  const extra = draftOf(added, {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [],
  });
  const owners = new Owners(drafts, extra);
  // Owners first: what belongs to them is put into them.
  for (const [element, state] of states) {
    const { facet, owner } = parseName(element);
    if (facet === 'owner' && owner !== null) owners.put(owner, state);
  }
  for (const [element, state] of states) {
    const { facet, owner, rest } = parseName(element);
    if (owner !== null && facet !== 'owner') owners.putFacet(facet, owner, rest, state);
    else if (facet === 'policy') putPolicy(rest[0] ?? '', state, drafts, extra);
    else if (facet === 'resource') putResource(rest, state, drafts);
  }
  const tree = organizationIn(drafts);
  if (tree !== null && [...states.keys()].some((element) => element.startsWith('organization-'))) {
    rebuildOrganization(tree.content, states);
    tree.touch();
  }
  const arns = new Set<string>();
  for (const element of states.keys()) {
    const { facet, rest } = parseName(element);
    if (facet === 'default' || facet === 'version') arns.add(rest[1] ?? '');
  }
  for (const arn of arns) putDefault(arn, states, drafts, extra);
  return { kind: 'files', files: filesOf(source, drafts, extra) };
}

function putPolicy(arn: string, state: ElementState, drafts: readonly Draft[], extra: Draft): void {
  if (state.kind === 'known' && state.value === null) {
    for (const draft of drafts) draft.remove('Policies', (item) => textAt(item, 'Arn') === arn);
    return;
  }
  const found = policyIn(arn, [...drafts, extra]) ?? newPolicy(arn, extra);
  if (state.kind === 'unknown') setDocument(found, 'unknown', unknownDocument(state.why));
}

interface FoundPolicy {
  readonly draft: Draft;
  readonly item: Record<string, Json>;
}

function policyIn(arn: string, drafts: readonly Draft[]): FoundPolicy | null {
  for (const draft of drafts) {
    const item = draft.find('Policies', (candidate) => textAt(candidate, 'Arn') === arn);
    if (item !== null) return { draft, item };
  }
  return null;
}

function newPolicy(arn: string, extra: Draft): FoundPolicy {
  const resource = parseArn(arn)?.resource ?? arn;
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  const item = extra.add('Policies', { PolicyName: name, Arn: arn, PolicyVersionList: [] });
  return { draft: extra, item };
}

/** Gives a policy the version that is the default, with its document. */
function putDefault(arn: string, states: PolicyState, drafts: readonly Draft[], extra: Draft): void {
  const found = policyIn(arn, [...drafts, extra]);
  if (found === null) return;
  const state = states.get(defaultName(arn));
  if (state?.kind === 'unknown') return setDocument(found, 'unknown', unknownDocument(state.why));
  const version = state === undefined ? defaultOf(found.item) : (state.value as string | null);
  if (version === null) return;
  if (state === undefined && !states.has(versionName(arn, version))) return;
  const content = states.get(versionName(arn, version));
  if (content?.kind === 'unknown') return setDocument(found, version, unknownDocument(content.why));
  if (content?.kind === 'known' && content.value !== null) return setDocument(found, version, content.value);
  const versions = found.item['PolicyVersionList'];
  const list = Array.isArray(versions) ? (versions as readonly Json[]).filter(isObject) : [];
  const document = list.find((each) => textAt(each, 'VersionId') === version)?.['Document'];
  const why = `Version ${version} of it was made the default, and its document is neither in the bundle nor in the log.`;
  setDocument(found, version, document ?? unknownDocument(why));
}

function defaultOf(item: JsonObject): string | null {
  const listed = arrayAt(item, 'PolicyVersionList').filter(isObject);
  const marked = listed.find(({ IsDefaultVersion: is }) => is === true || is === 'true');
  return textAt(marked, 'VersionId') ?? textAt(item, 'DefaultVersionId');
}

/** Makes a version the default one, with this document. */
function setDocument({ draft, item }: FoundPolicy, version: string, document: Json): void {
  const versions = item['PolicyVersionList'];
  const others = (Array.isArray(versions) ? (versions as readonly Json[]) : [])
    .filter(isObject)
    .filter((each) => textAt(each, 'VersionId') !== version)
    .map((each) => ({ ...each, IsDefaultVersion: false }));
  item['PolicyVersionList'] = [...others, { VersionId: version, IsDefaultVersion: true, Document: document }];
  item['DefaultVersionId'] = version;
  draft.touch();
}

/**
 * Only where the bundle tells of the account's resource policies: else it would seem to tell of all of them. What is not
 * in a file of several accounts goes into one of its own, which says whose it is.
 */
function putResource(
  [account = '', arn = '']: readonly string[],
  state: ElementState,
  drafts: Draft[],
): void {
  const files = drafts.filter(({ path, content }) => {
    const told = resourcePolicyAccount(path);
    return isObject(content) && (told === account || (told === null && Object.hasOwn(content, arn)));
  });
  const value = state.kind === 'unknown' ? unknownDocument(state.why) : state.value;
  if (
    files.length === 0 ||
    (value === null && files.every(({ path }) => resourcePolicyAccount(path) === null))
  ) {
    const own = draftOf(`accounts/${account}/resource-policies.json`, {});
    drafts.push(own);
    own.touch();
    files.push(own);
  }
  for (const draft of files) {
    const file = draft.content as Record<string, Json>;
    if (value === null) delete file[arn];
    else file[arn] = value;
    draft.touch();
  }
}

function filesOf(source: BundleSource, drafts: readonly Draft[], extra: Draft): PolicyFile[] {
  const changed = new Map(
    [...drafts, extra].filter(({ isTouched }) => isTouched).map((draft) => [draft.path, draft]),
  );
  const files: PolicyFile[] = source.kind === 'files' ? [...source.files] : [];
  const kept = files.filter(({ path }) => !changed.has(path));
  const written = [...changed.values()].map(({ path, content }) => {
    const text = `${JSON.stringify(content, null, 2)}\n`;
    return { path, text, bytes: new TextEncoder().encode(text) };
  });
  return [...kept, ...written].toSorted((one, other) => (one.path < other.path ? -1 : 1));
}
