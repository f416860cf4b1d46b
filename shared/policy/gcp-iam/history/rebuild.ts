import { isObject, type Json } from '../../../domain/json.ts';
import type { ElementState, PolicyState } from '../../../domain/policy-change.ts';
import type { BundleSource, PolicyFile } from '../../../domain/policy-system.ts';
import { readDocuments } from '../bundle/documents.ts';
import { readEstate } from '../bundle/estate.ts';
import { insteadKey, unknownKey } from '../unknown.ts';
import { elementsOf } from './elements.ts';
import { membersPrefix, parseMember, parseName } from './names.ts';

/** The file that holds what the log changed; it stands instead of what other files say of the same. */
const added = 'made-by-logged-changes.json';

/** The bundle with other states for some elements. */
export function rebuild(source: BundleSource, states: PolicyState): BundleSource {
  if (states.size === 0) return source;
  const before = elementsOf(source) ?? new Map<string, Json>();
  const nodes = new Set<string>();
  const items: Json[] = [];
  for (const [element, state] of states) {
    const { facet, words } = parseName(element);
    const [first = ''] = words;
    if (facet === 'member') nodes.add(first);
    else if (facet === 'definition')
      items.push({ ...contentOf(state, { deleted: true }), name: first, [insteadKey]: true });
    else if (facet === 'denying') {
      items.push({ ...contentOf(state, { rules: [] }), name: first, kind: 'DenyPolicy', [insteadKey]: true });
    }
  }
  const estate = readEstate(readDocuments(source, []), []);
  for (const node of nodes) {
    const isKnown = estate.isExport || estate.policies.some((policy) => policy.node === node);
    items.push({ resource: node, policy: policyOf(node, before, states, isKnown), [insteadKey]: true });
  }
  const text = `${JSON.stringify(items, null, 2)}\n`;
  const file: PolicyFile = { path: added, text, bytes: new TextEncoder().encode(text) };
  return {
    kind: 'files',
    files: [...filesOf(source), file].toSorted((one, other) => (one.path < other.path ? -1 : 1)),
  };
}

function filesOf(source: BundleSource): readonly PolicyFile[] {
  if (source.kind === 'files') return source.files;
  const text = JSON.stringify(source.document);
  return [{ path: 'policies.json', text, bytes: new TextEncoder().encode(text) }];
}

/** What is not there any more is named with nothing in it. */
function contentOf(state: ElementState, gone: Record<string, Json>): Record<string, Json> {
  if (state.kind === 'unknown') return { [unknownKey]: state.why };
  if (!isObject(state.value)) return gone;
  return Object.fromEntries(Object.entries(state.value).map(([key, value]) => [key, value ?? null]));
}

function policyOf(
  node: string,
  before: ReadonlyMap<string, Json>,
  states: PolicyState,
  isKnown: boolean,
): Json {
  const prefix = membersPrefix(node);
  const known: ElementState = { kind: 'known', value: true };
  const merged = new Map<string, ElementState>();
  for (const element of before.keys()) if (element.startsWith(prefix)) merged.set(element, known);
  for (const [element, state] of states) if (element.startsWith(prefix)) merged.set(element, state);
  const bindings = new Map<string, { head: Record<string, Json>; members: string[] }>();
  let unknown = isKnown
    ? null
    : 'The bundle does not have its policy: only what the log changed of it is known.';
  for (const [element, state] of [...merged].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const name = parseMember(element);
    if (name === null) {
      if (state.kind === 'unknown') unknown = state.why;
      continue;
    }
    if (state.kind === 'known' && state.value === null) continue;
    const { role, condition, member } = name;
    const head = {
      role,
      ...(condition === null ? {} : { condition: { expression: condition } }),
      ...(state.kind === 'unknown' ? { [unknownKey]: state.why } : {}),
    };
    const key = JSON.stringify(head);
    const binding = bindings.get(key) ?? { head, members: [] as string[] };
    bindings.set(key, binding);
    binding.members.push(member);
  }
  return {
    bindings: [...bindings.values()].map(({ head, members }) => ({ ...head, members })),
    ...(unknown === null ? {} : { [unknownKey]: unknown }),
  };
}
