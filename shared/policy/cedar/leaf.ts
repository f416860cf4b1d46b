import { isObject, type Json } from '../../domain/json.ts';
import type { ConditionNode } from '../../domain/trace.ts';
import type { CedarEngine, Expr } from './engine.ts';
import { readUid, uidText } from './entities.ts';
import type { CedarRequest } from './request.ts';

/** What a leaf of a condition compares, where it compares an attribute of the request. */
export interface LeafReading {
  readonly key?: string;
  readonly operator?: string;
  readonly expected?: unknown;
  /** Root and attributes of the path that is read, e.g. `context`, `mfa`. */
  readonly path?: readonly string[];
  /** Attributes of the context that it reads, outermost name only; null where it reads the context as a whole. */
  readonly contextKeys: readonly string[] | null;
}

/** Reads a leaf's text with Cedar's parser. */
export function readLeaf(engine: CedarEngine, leaf: string): LeafReading {
  const answer = engine.policyToJson(`permit(principal, action, resource) when { ${leaf} };`);
  const body = answer.type === 'success' ? answer.json.conditions[0]?.body : undefined;
  if (body === undefined) return { contextKeys: null };
  const keys = new Set<string>();
  const contextKeys = collectContextKeys(body, keys) ? [...keys] : null;
  return { ...comparison(body), contextKeys };
}

/** Adds what is read; false where the context is read as a whole. */
export function collectContextKeys(node: unknown, keys: Set<string>): boolean {
  if (Array.isArray(node)) return node.map((item: unknown) => collectContextKeys(item, keys)).every(Boolean);
  if (!isObject(node)) return true;
  for (const operator of ['.', 'has']) {
    const access = node[operator];
    if (!isObject(access) || !isContext(access['left'])) continue;
    const attribute: unknown = Array.isArray(access['attr']) ? access['attr'][0] : access['attr'];
    if (typeof attribute === 'string') keys.add(attribute);
    return true;
  }
  if (isContext(node)) return false;
  return Object.values(node)
    .map((value) => collectContextKeys(value, keys))
    .every(Boolean);
}

function isContext(node: unknown): boolean {
  return isObject(node) && node['Var'] === 'context';
}

function comparison(body: Expr): Omit<LeafReading, 'contextKeys'> {
  const entry = Object.entries(body)[0];
  if (entry === undefined) return {};
  const [operator, operands] = entry as [string, unknown];
  const own = pathOf(body);
  if (own !== undefined) return { path: own, key: own.join('.') };
  if (operator === '!') {
    const path = isObject(operands) ? pathOf(operands['arg']) : undefined;
    return path === undefined ? {} : { operator, path, key: path.join('.') };
  }
  const [left, right] = Array.isArray(operands)
    ? [operands[0] as unknown, operands[1] as unknown]
    : isObject(operands)
      ? [
          operands['left'],
          operands['right'] ?? operands['attr'] ?? operands['pattern'] ?? operands['entity_type'],
        ]
      : [];
  const path = pathOf(left);
  const swapped = path === undefined ? pathOf(right) : undefined;
  const read = path ?? swapped;
  if (read === undefined) return {};
  const other = literalOf(path === undefined ? left : right);
  return {
    operator: path === undefined && operator in mirrored ? (mirrored[operator] ?? operator) : operator,
    path: read,
    key: read.join('.'),
    ...(other === undefined ? {} : { expected: other }),
  };
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** `principal.a.b` as `['principal', 'a', 'b']`. */
function pathOf(node: unknown): string[] | undefined {
  if (!isObject(node)) return undefined;
  if (typeof node['Var'] === 'string') return [node['Var']];
  const access = node['.'];
  if (!isObject(access) || typeof access['attr'] !== 'string') return undefined;
  const left = pathOf(access['left']);
  return left === undefined ? undefined : [...left, access['attr']];
}

/** The value of a literal, an entity as Cedar writes it; undefined for anything that has to be computed. */
function literalOf(node: unknown): unknown {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return patternText(node);
  if (!isObject(node)) return undefined;
  if (node['Value'] !== undefined) return shown(node['Value']);
  if (Array.isArray(node['Set'])) {
    const items = node['Set'].map(literalOf);
    return items.includes(undefined) ? undefined : items;
  }
  const [call] = Object.entries(node);
  if (call === undefined || !Array.isArray(call[1])) return undefined;
  const argument = call[1].map(literalOf);
  return argument.length === 1 && argument[0] !== undefined
    ? `${call[0]}(${JSON.stringify(argument[0])})`
    : undefined;
}

function patternText(pattern: readonly unknown[]): string | undefined {
  const parts = pattern.map((part) =>
    part === 'Wildcard'
      ? '*'
      : isObject(part) && typeof part['Literal'] === 'string'
        ? part['Literal']
        : undefined,
  );
  return parts.includes(undefined) ? undefined : parts.join('');
}

/** An entity as `Type::"id"`, an extension value as its call, anything else as it is. */
function shown(value: Json): unknown {
  const uid = isObject(value) && isObject(value['__entity']) ? readUid(value) : undefined;
  if (uid !== undefined) return uidText(uid);
  const call = isObject(value) ? value['__extn'] : undefined;
  const name = isObject(call) ? call['fn'] : undefined;
  return typeof name === 'string' && isObject(call)
    ? `${name}(${JSON.stringify(call['arg'] ?? call['args'])})`
    : value;
}

/** The value that the leaf's path has in this request. */
export function actualValue(reading: LeafReading, request: CedarRequest): Pick<ConditionNode, 'actual'> {
  const [root, ...rest] = reading.path ?? [];
  if (root === undefined) return {};
  let value: Json | undefined =
    root === 'context'
      ? request.context
      : { __entity: { ...request[root as 'principal' | 'action' | 'resource'] } };
  for (const attribute of rest) {
    const uid = readUid(value);
    const attributes = uid === undefined ? undefined : request.entities.find(uid)?.['attrs'];
    const record: Json | undefined = attributes ?? value;
    value = isObject(record) ? record[attribute] : undefined;
    if (value === undefined) return {};
  }
  return root === 'context' && rest.length === 0 ? {} : { actual: shown(value) };
}
