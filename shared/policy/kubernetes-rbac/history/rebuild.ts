import { type Document, isMap, isSeq, type Node, parseAllDocuments } from 'yaml';
import { isObject, type Json, type JsonObject, objectAt } from '../../../domain/json.ts';
import type { ElementState, PolicyState } from '../../../domain/policy-change.ts';
import type { BundleSource, PolicyFile } from '../../../domain/policy-system.ts';
import { elementName, elementsOf, essence } from './objects.ts';
import { markUnknown, unknownRole } from './unknown.ts';

/** The file that holds what the log changed. */
const added = 'made-by-logged-changes.json';

/** The bundle with other states for some objects: they are taken out of their files and stand in one of their own. */
export function rebuild(source: BundleSource, states: PolicyState): BundleSource {
  if (states.size === 0) return source;
  const before = elementsOf(source);
  const items = [...states].flatMap(([element, state]) => objectFor(element, state, before));
  const files =
    source.kind === 'files'
      ? source.files.map((file) => without(file, states))
      : [fileOf('manifests.json', withoutChanged(source.document, states) ?? {})];
  const list = { apiVersion: 'v1', kind: 'List', items };
  const all = items.length === 0 ? files : [...files, fileOf(added, list)];
  return { kind: 'files', files: all.toSorted((one, other) => (one.path < other.path ? -1 : 1)) };
}

function objectFor(element: string, state: ElementState, before: ReadonlyMap<string, Json>): Json[] {
  if (state.kind === 'known') {
    // A patch may have left what a server would have filled in.
    return isObject(state.value) ? [essence(state.value)] : [];
  }
  const kept = state.blank === true ? undefined : before.get(element);
  return [markUnknown(isObject(kept) ? kept : emptyObject(element), state.why)];
}

/** An object of which only the name is known. */
function emptyObject(element: string): JsonObject {
  const [kind = '', path = ''] = element.split(' ');
  const slash = kind.startsWith('Cluster') ? -1 : path.indexOf('/');
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: path.slice(slash + 1), ...(slash < 0 ? {} : { namespace: path.slice(0, slash) }) },
    ...(kind.endsWith('Binding')
      ? {
          subjects: [],
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: unknownRole },
        }
      : { rules: [] }),
  };
}

function fileOf(path: string, content: Json): PolicyFile {
  return textFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

function textFile(path: string, text: string): PolicyFile {
  return { path, text, bytes: new TextEncoder().encode(text) };
}

function without(file: PolicyFile, states: PolicyState): PolicyFile {
  const { path, text } = file;
  if (text === null || elementsIn(file).every((element) => !states.has(element))) return file;
  try {
    return fileOf(path, withoutChanged(JSON.parse(text) as Json, states) ?? {});
  } catch {
    const documents = parseAllDocuments(text, { merge: true });
    if (!Array.isArray(documents)) return file;
    return textFile(path, (documents as Document[]).map((each) => documentText(each, states)).join(''));
  }
}

function elementsIn(file: PolicyFile): string[] {
  return [...elementsOf({ kind: 'files', files: [file] }).keys()];
}

/** A value without the objects that have another state; undefined where it is one of them. */
function withoutChanged(value: Json, states: PolicyState): Json | undefined {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item) => withoutChanged(item, states) ?? []);
  }
  if (!isObject(value)) return value;
  const { kind, items } = value;
  if (Array.isArray(items) && (kind === undefined || (typeof kind === 'string' && kind.endsWith('List')))) {
    const itemKind = typeof kind === 'string' && kind !== 'List' ? kind.slice(0, -'List'.length) : undefined;
    const kept = (items as readonly Json[]).filter(
      (item) =>
        !isChanged(
          isObject(item) ? { ...(itemKind === undefined ? {} : { kind: itemKind }), ...item } : {},
          states,
        ),
    );
    return { ...value, items: kept };
  }
  return isChanged(value, states) ? undefined : value;
}

function isChanged(object: JsonObject, states: PolicyState): boolean {
  const name = elementName(object);
  return name !== null && states.has(name);
}

function documentText(document: Document, states: PolicyState): string {
  const { contents } = document;
  if (isMap(contents) && isSeq(contents.get('items'))) {
    const listed: unknown = document.toJS({ maxAliasCount: 100 });
    const kind = objectAt({ root: listed as Json }, 'root')?.['kind'];
    const itemKind = typeof kind === 'string' && kind !== 'List' ? kind.slice(0, -'List'.length) : undefined;
    const sequence = contents.get('items') as { items: Node[] };
    sequence.items = sequence.items.filter((_, index) => {
      const item: unknown = (listed as { items: unknown[] }).items[index];
      return !isChanged(
        isObject(item) ? { ...(itemKind === undefined ? {} : { kind: itemKind }), ...item } : {},
        states,
      );
    });
  } else {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (isObject(value) && isChanged(value, states)) return '';
  }
  const text = document.toString();
  return text.startsWith('---') ? text : `---\n${text}`;
}
