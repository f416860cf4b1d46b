import { LineCounter, type Document, isNode, parseAllDocuments } from 'yaml';
import { type JsonObject, isObject } from '../../domain/json.ts';
import type { BundleProblem, BundleSource, PolicyFile } from '../../domain/policy-system.ts';

/** One object of a manifest, with the means to say where its parts stand. */
export interface ManifestObject {
  readonly path: string;
  readonly value: JsonObject;
  /** JSON Pointer, or `row:column-row:column` in YAML. */
  readonly locate: (parts: readonly (string | number)[]) => string;
}

type Locate = ManifestObject['locate'];

/** Lists within lists deeper than this are no manifest. */
const deepestList = 8;

/** Every object of a bundle: of YAML streams, of JSON, and of lists in either. What cannot be read is a problem. */
export function readObjects(source: BundleSource, problems: BundleProblem[]): ManifestObject[] {
  const objects: ManifestObject[] = [];
  if (source.kind === 'inline') readInline(source.document, objects, problems);
  else for (const file of source.files) readFile(file, objects, problems);
  return objects;
}

function readFile(file: PolicyFile, objects: ManifestObject[], problems: BundleProblem[]): void {
  const { path, text } = file;
  // A file without an ending may be a dump; other files of a folder are none.
  const isManifest = /\.(?:ya?ml|json)$/i.test(path);
  const isDump = !/\.[a-z0-9]+$/i.test(path) && text?.includes('rbac.authorization.k8s.io') === true;
  if (!isManifest && !isDump) return;
  if (text === null) {
    problems.push({
      severity: 'error',
      path,
      locator: '',
      message: 'The file is not UTF-8; it is not used.',
    });
    return;
  }
  if (!isJsonText(text) || !readJson(path, text, objects, problems)) {
    readYaml(path, text, objects, problems);
  }
}

function isJsonText(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** Whether the text is JSON. YAML may begin with a brace as well. */
function readJson(path: string, text: string, objects: ManifestObject[], problems: BundleProblem[]): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  unfold(value, path, pointer, [], objects, problems);
  return true;
}

function readYaml(path: string, text: string, objects: ManifestObject[], problems: BundleProblem[]): void {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true });
  if (!Array.isArray(documents)) return;
  for (const document of documents as Document[]) {
    const [broken] = document.errors;
    const at = (offset: number): string => {
      const { line, col } = lines.linePos(offset);
      return `${line}:${col}`;
    };
    if (broken !== undefined) {
      const message = `The YAML document is broken and is not used: ${broken.message}`;
      problems.push({ severity: 'error', path, locator: at(broken.pos[0]), message });
      continue;
    }
    const locate: Locate = (parts) => {
      const node: unknown = parts.length === 0 ? document.contents : document.getIn(parts, true);
      const range = isNode(node) ? node.range : null;
      return range === null || range === undefined ? '' : `${at(range[0])}-${at(range[1])}`;
    };
    try {
      // The library's guard against alias bombs throws here.
      unfold(document.toJS({ maxAliasCount: 100 }), path, locate, [], objects, problems);
    } catch (thrown) {
      const message = `The YAML document cannot be used: ${(thrown as Error).message}`;
      problems.push({ severity: 'error', path, locator: locate([]), message });
    }
  }
}

function pointer(parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** An object, or the items of a list. Items of a typed list (`RoleList`) carry no kind of their own. */
function unfold(
  value: unknown,
  path: string,
  locate: Locate,
  parts: readonly (string | number)[],
  objects: ManifestObject[],
  problems: BundleProblem[],
): void {
  if (value === null || value === undefined) return;
  if (parts.length > deepestList * 2) {
    problems.push({ severity: 'error', path, locator: locate(parts), message: 'Lists within lists.' });
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of (value as unknown[]).entries()) {
      unfold(item, path, locate, [...parts, index], objects, problems);
    }
    return;
  }
  if (!isObject(value)) return;
  const { kind, apiVersion, items } = value;
  if (Array.isArray(items) && (kind === undefined || (typeof kind === 'string' && kind.endsWith('List')))) {
    const itemKind = typeof kind === 'string' && kind !== 'List' ? kind.slice(0, -'List'.length) : undefined;
    for (const [index, item] of (items as unknown[]).entries()) {
      const typed =
        isObject(item) && itemKind !== undefined && item['kind'] === undefined
          ? { kind: itemKind, ...(apiVersion === undefined ? {} : { apiVersion }), ...item }
          : item;
      unfold(typed, path, locate, [...parts, 'items', index], objects, problems);
    }
    return;
  }
  objects.push({ path, value, locate: (inner) => locate([...parts, ...inner]) });
}

/** Members of an inline document whose items have that kind. */
const kindsByMember: Readonly<Record<string, string>> = {
  roles: 'Role',
  clusterRoles: 'ClusterRole',
  roleBindings: 'RoleBinding',
  clusterRoleBindings: 'ClusterRoleBinding',
  serviceAccounts: 'ServiceAccount',
};

/**
 * A document given in place: one manifest, a list, `manifests` (objects or YAML text), or objects by their kind as
 * `roles`, `clusterRoles`, `roleBindings`, `clusterRoleBindings`.
 */
function readInline(document: JsonObject, objects: ManifestObject[], problems: BundleProblem[]): void {
  const { manifests, kind, items } = document;
  if (typeof kind === 'string' || Array.isArray(items)) {
    unfold(document, '', pointer, [], objects, problems);
  }
  if (typeof manifests === 'string') readYaml('', manifests, objects, problems);
  else if (manifests !== undefined) unfold(manifests, '', pointer, ['manifests'], objects, problems);
  for (const [member, itemKind] of Object.entries(kindsByMember)) {
    const list = document[member];
    if (!Array.isArray(list)) continue;
    for (const [index, item] of (list as unknown[]).entries()) {
      const typed = isObject(item) ? { kind: itemKind, ...item } : item;
      unfold(typed, '', pointer, [member, index], objects, problems);
    }
  }
}
