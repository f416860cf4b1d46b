import type { Run } from '../evaluate/context.ts';
import { BuiltinProblem, refuse } from '../evaluate/problems.ts';
import { numberText } from '../value/number.ts';
import { entriesOf, isArray, isNumber, RegoObject, RegoSet, type Value } from '../value/value.ts';

/**
 * The part of Go's `text/template` that policies use: fields, variables, `if`, `range`, `with`, `else`. Anything else
 * is refused.
 */
type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly path: Path }
  | { readonly kind: 'set'; readonly name: string; readonly path: Path }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly names: readonly string[];
      readonly path: Path;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };

/** A variable, or null for the cursor, and the fields after it. */
interface Path {
  readonly variable: string | null;
  readonly fields: readonly string[];
}

const action = /\{\{(-?)(?:\s*\/\*[\s\S]*?\*\/\s*|([\s\S]*?))(-?)\}\}/g;

interface Piece {
  readonly text: string;
  readonly code: string | null;
}

function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  let trim = false;
  const text = (end: number, trimEnd: boolean): string => {
    const raw = template.slice(last, end);
    const started = trim ? raw.trimStart() : raw;
    return trimEnd ? started.trimEnd() : started;
  };
  for (const match of template.matchAll(action)) {
    const [whole, left, code, right] = match;
    pieces.push({ text: text(match.index, left === '-'), code: code?.trim() ?? '' });
    last = match.index + whole.length;
    trim = right === '-';
  }
  pieces.push({ text: text(template.length, false), code: null });
  return pieces;
}

function pathOf(code: string): Path {
  const match = /^(\$\w*)?((?:\.\w+)*)$/.exec(code === '.' ? '' : code);
  if (match === null) throw refuse(`the template action {{${code}}}`);
  const [, variable, fields = ''] = match;
  return { variable: variable ?? null, fields: fields.split('.').slice(1) };
}

/** Reads nodes up to the `end` or `else` that closes them. */
function read(pieces: Iterator<Piece>): { readonly nodes: Node[]; readonly closed: string | null } {
  const nodes: Node[] = [];
  for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
    const { text, code } = next.value;
    if (text !== '') nodes.push({ kind: 'text', text });
    if (code === null || code === '') continue;
    if (code === 'end' || code === 'else') return { nodes, closed: code };
    const block = /^(if|with|range)\s+(?:(\$\w+)(?:\s*,\s*(\$\w+))?\s*:=\s*)?(\S+)$/.exec(code);
    const assignment = /^(\$\w+)\s*:?=\s*(\S+)$/.exec(code);
    if (block !== null) nodes.push(readBlock(block, pieces));
    else if (assignment !== null) {
      nodes.push({ kind: 'set', name: assignment[1] ?? '', path: pathOf(assignment[2] ?? '') });
    } else nodes.push({ kind: 'value', path: pathOf(code) });
  }
  return { nodes, closed: null };
}

function readBlock(block: RegExpExecArray, pieces: Iterator<Piece>): Node {
  const [, word, first, second, path = ''] = block;
  const body = read(pieces);
  const otherwise = body.closed === 'else' ? read(pieces) : { nodes: [], closed: body.closed };
  if (otherwise.closed !== 'end') throw new BuiltinProblem('unexpected EOF');
  const names = [first, second].filter((name) => name !== undefined);
  const kind = word === 'if' || word === 'with' ? word : 'range';
  return { kind, names, path: pathOf(path), body: body.nodes, otherwise: otherwise.nodes };
}

type Variables = ReadonlyMap<string, Value | undefined>;

function valueAt(
  { variable, fields }: Path,
  cursor: Value | undefined,
  variables: Variables,
): Value | undefined {
  let value = variable === null ? cursor : variables.get(variable);
  for (const field of fields) {
    if (value !== undefined && !(value instanceof RegoObject)) {
      throw new BuiltinProblem(`can't evaluate field ${field}`);
    }
    value = value?.get(field);
  }
  return value;
}

function isTrue(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0) return false;
  if (value instanceof RegoObject || value instanceof RegoSet) return value.size > 0;
  return !isArray(value) || value.length > 0;
}

function printed(value: Value | undefined): string {
  if (value === undefined || value === null) return '<undefined>';
  if (typeof value === 'string') return value;
  if (isNumber(value)) return numberText(value);
  if (typeof value === 'boolean') return String(value);
  throw refuse('collections in templates');
}

function rendered(nodes: readonly Node[], cursor: Value | undefined, outer: Variables, run: Run): string {
  const variables = new Map(outer);
  let text = '';
  for (const node of nodes) {
    run.step();
    if (node.kind === 'text') text += node.text;
    else if (node.kind === 'value') text += printed(valueAt(node.path, cursor, variables));
    else if (node.kind === 'set') variables.set(node.name, valueAt(node.path, cursor, variables));
    else text += renderedBlock(node, cursor, variables, run);
    run.charge(1);
  }
  return text;
}

function renderedBlock(
  node: Extract<Node, { names: readonly string[] }>,
  cursor: Value | undefined,
  variables: Variables,
  run: Run,
): string {
  const value = valueAt(node.path, cursor, variables);
  const [first, second] = node.names;
  if (!isTrue(value)) return rendered(node.otherwise, cursor, variables, run);
  if (node.kind !== 'range') {
    const inner = new Map(variables);
    if (first !== undefined) inner.set(first, value);
    return rendered(node.body, node.kind === 'with' ? value : cursor, inner, run);
  }
  let text = '';
  for (const [key, member] of entriesOf(value ?? null)) {
    const inner = new Map(variables);
    // One name is the value, of two the first is the key.
    if (second !== undefined) inner.set(first ?? '', key).set(second, member);
    else if (first !== undefined) inner.set(first, member);
    text += rendered(node.body, member, inner, run);
    run.charge(text.length);
  }
  return text;
}

export function renderTemplate(template: string, values: RegoObject, run: Run): string {
  const { nodes, closed } = read(piecesOf(template)[Symbol.iterator]());
  if (closed !== null) throw new BuiltinProblem(`unexpected {{${closed}}}`);
  return rendered(nodes, values, new Map([['$', values]]), run);
}
