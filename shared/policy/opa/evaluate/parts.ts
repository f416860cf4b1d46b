import type { Definition } from '../compile/code.ts';
import type { TreeNode } from '../compile/tree.ts';
import { type Entry, identityOf, RegoObject, RegoSet, sameValue, type Value } from '../value/value.ts';
import type { Context } from './context.ts';
import { resolveAll, resolve } from './patterns.ts';
import { Halt } from './problems.ts';
import { completeValue, evaluateBranch } from './rules.ts';

/** An object under construction: at each key a value, the members of a set, or a further object. */
interface Draft {
  readonly children: Map<string, { readonly key: Value; readonly draft: Draft }>;
  value: Value | undefined;
  members: Value[] | undefined;
}

/**
 * The object that rules with keys make together (`p[x] := y`, `p[x].q contains y`). Where the first keys are known
 * only what lies there is built.
 */
export function evaluateParts(context: Context, node: TreeNode, keys: readonly Value[]): Value | undefined {
  const { cache, partCache, run } = context;
  const whole = cache.get(node);
  if (whole !== undefined) {
    run.hidden?.again(cache, node);
    return whole;
  }
  // Only the first keys that every definition has can be given to the definitions.
  const shared = Math.min(...(node.parts ?? []).map((part) => keyCount(part, node)));
  const given = keys.slice(0, shared);
  const cacheKey = given.length === 0 ? '' : `${node.path.join('\n')} ${identityOf(given)}`;
  const known = partCache.get(cacheKey);
  if (given.length > 0 && known !== undefined) {
    run.hidden?.again(partCache, cacheKey);
    return known;
  }
  const work = (): Value => run.deeper(() => build(context, node, given));
  const [kept, key] = given.length === 0 ? [cache, node] : [partCache, cacheKey];
  const value = run.hidden === null ? work() : run.hidden.kept(kept, key, work);
  if (given.length === 0) cache.set(node, value);
  else partCache.set(cacheKey, value);
  return value;
}

function keyCount(definition: Definition, node: TreeNode): number {
  const fixed = definition.path.length - node.path.length;
  return fixed + (definition.branches[0]?.keys.length ?? 0);
}

function build(context: Context, node: TreeNode, given: readonly Value[]): Value {
  const root: Draft = { children: new Map(), value: undefined, members: undefined };
  for (const [fixed, definitions] of byPath(node)) {
    const outside = fixed.some((key, index) => given[index] !== undefined && given[index] !== key);
    if (outside) continue;
    const [first] = definitions;
    const complete = first?.kind === 'complete' && definitions.every(isFixed);
    if (complete) {
      const rules = definitions.filter(({ isDefault }) => !isDefault);
      const fallback = definitions.find(({ isDefault }) => isDefault) ?? null;
      const group = { path: first.path, kind: first.kind, definitions: rules, fallback };
      const value = completeValue(context, group, []);
      if (value !== undefined) insert(root, fixed, value, false);
      continue;
    }
    for (const definition of definitions) {
      addSolutions(context, definition, fixed, given.slice(fixed.length), root);
    }
  }
  return finished(root);
}

function isFixed(definition: Definition): boolean {
  return definition.branches.every(({ keys }) => keys.length === 0);
}

function byPath(node: TreeNode): Iterable<readonly [readonly string[], readonly Definition[]]> {
  const groups = new Map<string, { fixed: readonly string[]; definitions: Definition[] }>();
  for (const part of node.parts ?? []) {
    const fixed = part.path.slice(node.path.length);
    const name = `${isFixed(part)} ${JSON.stringify(fixed)}`;
    const group = groups.get(name) ?? { fixed, definitions: [] };
    groups.set(name, group);
    group.definitions.push(part);
  }
  return [...groups.values()].map(({ fixed, definitions }) => [fixed, definitions] as const);
}

function addSolutions(
  context: Context,
  definition: Definition,
  fixed: readonly string[],
  given: readonly Value[],
  root: Draft,
): void {
  const { branches } = definition;
  // Every key of the object is decided by the first branch that holds for it.
  const taken = new Set<string>();
  for (const branch of branches) {
    const here = new Set<string>();
    evaluateBranch(context, definition, branch, { args: [], keys: given }, (frame) => {
      const keys = resolveAll(branch.keys, frame);
      const value = resolve(branch.value, frame);
      context.run.charge(1);
      if (keys === undefined || value === undefined) return false;
      const identity = branches.length > 1 ? identityOf(keys) : '';
      if (taken.has(identity)) return false;
      if (branches.length > 1) here.add(identity);
      insert(root, [...fixed, ...keys], value, definition.kind === 'set');
      return false;
    });
    for (const identity of here) taken.add(identity);
  }
}

function insert(root: Draft, keys: readonly Value[], value: Value, isMember: boolean): void {
  let draft = root;
  for (const key of keys) {
    if (draft.value !== undefined || draft.members !== undefined) throw conflict();
    const identity = identityOf(key);
    let child = draft.children.get(identity);
    if (child === undefined) {
      child = { key, draft: { children: new Map(), value: undefined, members: undefined } };
      draft.children.set(identity, child);
    }
    draft = child.draft;
  }
  if (draft.children.size > 0) throw conflict();
  if (isMember) {
    if (draft.value !== undefined) throw conflict();
    draft.members ??= [];
    draft.members.push(value);
  } else {
    if (draft.members !== undefined) throw conflict();
    if (draft.value !== undefined && !sameValue(draft.value, value)) throw conflict();
    draft.value = value;
  }
}

function conflict(): Halt {
  return new Halt('eval_conflict_error', 'object keys must be unique');
}

function finished(draft: Draft): Value {
  if (draft.value !== undefined) return draft.value;
  if (draft.members !== undefined) return RegoSet.of(draft.members);
  const entries: Entry[] = [];
  for (const { key, draft: child } of draft.children.values()) entries.push([key, finished(child)]);
  return RegoObject.of(entries);
}
