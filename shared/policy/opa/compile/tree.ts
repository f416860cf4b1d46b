import { dataPath } from '../value/print.ts';
import { CompileProblem, type Definition } from './code.ts';

/** Definitions of one rule: complete, set or function, all of one kind. */
export interface RuleGroup {
  readonly path: readonly string[];
  readonly kind: Definition['kind'];
  readonly definitions: readonly Definition[];
  readonly fallback: Definition | null;
}

/** The tree of packages and rules below `data`. */
export interface TreeNode {
  readonly path: readonly string[];
  readonly children: ReadonlyMap<string, TreeNode>;
  readonly rule: RuleGroup | null;
  /**
   * Some rule at or below this node has keys that only evaluation finds (`p[x].q`): then all rules below are parts of
   * one object that is built from them.
   */
  readonly parts: readonly Definition[] | null;
}

interface Draft {
  readonly path: readonly string[];
  readonly children: Map<string, Draft>;
  readonly definitions: Definition[];
}

/** Throws `CompileProblem` where rules contradict each other. */
export function buildTree(
  packages: Iterable<readonly string[]>,
  definitions: Iterable<Definition>,
): TreeNode {
  const root: Draft = { path: [], children: new Map(), definitions: [] };
  for (const path of packages) draftAt(root, path);
  for (const definition of definitions) draftAt(root, definition.path).definitions.push(definition);
  return finished(root);
}

function draftAt(root: Draft, path: readonly string[]): Draft {
  let node = root;
  for (const [index, key] of path.entries()) {
    let child = node.children.get(key);
    if (child === undefined) {
      child = { path: path.slice(0, index + 1), children: new Map(), definitions: [] };
      node.children.set(key, child);
    }
    node = child;
  }
  return node;
}

function finished(draft: Draft): TreeNode {
  const { path } = draft;
  if (draft.definitions.some(hasKeys)) {
    const parts = definitionsBelow(draft);
    return { path, children: new Map(), rule: null, parts };
  }
  const children = new Map([...draft.children].map(([key, child]) => [key, finished(child)]));
  return { path, children, rule: ruleGroup(draft), parts: null };
}

function hasKeys(definition: Definition): boolean {
  return definition.branches.some(({ keys }) => keys.length > 0);
}

function definitionsBelow(draft: Draft): Definition[] {
  return [...draft.definitions, ...[...draft.children.values()].flatMap(definitionsBelow)];
}

function ruleGroup({ path, definitions, children }: Draft): RuleGroup | null {
  const [first] = definitions;
  if (first === undefined) return null;
  const name = dataPath(path);
  const problem = (message: string): CompileProblem =>
    new CompileProblem('rego_type_error', message, first.span.start);
  const rules = definitions.filter((definition) => !definition.isDefault);
  const fallbacks = definitions.filter((definition) => definition.isDefault);
  const kinds = new Set(definitions.map(({ kind }) => kind));
  if (kinds.size > 1) throw problem(`conflicting rules ${name} found`);
  if (fallbacks.length > 1) throw problem(`multiple default rules ${name} found`);
  if (new Set(definitions.map(({ arity }) => arity)).size > 1)
    throw problem(`conflicting rules ${name} found`);
  if (children.size > 0 && first.kind !== 'function') {
    const [child] = children.keys();
    throw problem(`rule ${name} conflicts with ${name}.${child}`);
  }
  return { path, kind: first.kind, definitions: rules, fallback: fallbacks[0] ?? null };
}

/** The node at the end of a path, or undefined. */
export function nodeAt(root: TreeNode, path: readonly string[]): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const key of path) node = node?.children.get(key);
  return node;
}
