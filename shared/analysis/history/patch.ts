import { type Json, type JsonObject, isObject } from '#shared/domain/json.ts';

/** The value after a merge patch (RFC 7396). */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = {};
  const base: JsonObject = isObject(target) ? target : {};
  for (const [key, value] of Object.entries(base)) if (value !== undefined) merged[key] = value;
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete merged[key];
    else merged[key] = mergePatch(merged[key] ?? null, value);
  }
  return merged;
}

/** The value after a JSON patch (RFC 6902); undefined where it does not fit the value, so that it is not known. */
export function jsonPatch(target: Json, patch: readonly Json[]): Json | undefined {
  const document: { root: unknown } = { root: structuredCopy(target) };
  for (const operation of patch) {
    if (!isObject(operation) || !applyOperation(document, operation)) return undefined;
  }
  return document.root as Json;
}

function applyOperation(document: { root: unknown }, operation: JsonObject): boolean {
  const path = partsOf(operation['path']);
  const { op, value } = operation;
  if (path === null) return false;
  if (typeof op !== 'string') return false;
  switch (op) {
    case 'test':
      // The call succeeded, so it held.
      return true;
    case 'add':
      return value !== undefined && put(document, path, structuredCopy(value), true);
    case 'replace':
      return value !== undefined && put(document, path, structuredCopy(value), false);
    case 'remove':
      return take(document, path) !== undefined;
    case 'move':
    case 'copy': {
      const from = partsOf(operation['from']);
      const found = from === null ? undefined : op === 'move' ? take(document, from) : find(document, from);
      return found !== undefined && put(document, path, structuredCopy(found as Json), true);
    }
    default:
      return false;
  }
}

function partsOf(pointer: Json | undefined): string[] | null {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) return null;
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function find(document: { root: unknown }, path: readonly string[]): unknown {
  let found: unknown = document.root;
  for (const part of path) {
    if (Array.isArray(found)) found = (found as unknown[])[indexOf(part)];
    else if (isObject(found) && Object.hasOwn(found, part)) found = found[part];
    else return undefined;
  }
  return found;
}

function put(
  document: { root: unknown },
  path: readonly string[],
  value: unknown,
  isAdded: boolean,
): boolean {
  const last = path.at(-1);
  if (last === undefined) {
    document.root = value;
    return true;
  }
  const parent = find(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const items = parent as unknown[];
    const index = last === '-' ? items.length : indexOf(last);
    if (!(index >= 0 && index <= items.length) || (!isAdded && index === items.length)) return false;
    items.splice(index, isAdded ? 0 : 1, value);
    return true;
  }
  if (!isObject(parent)) return false;
  (parent as Record<string, unknown>)[last] = value;
  return true;
}

function take(document: { root: unknown }, path: readonly string[]): unknown {
  const found = find(document, path);
  const last = path.at(-1);
  const parent = last === undefined ? undefined : find(document, path.slice(0, -1));
  if (found === undefined || last === undefined) return undefined;
  if (Array.isArray(parent)) (parent as unknown[]).splice(indexOf(last), 1);
  else delete (parent as Record<string, unknown>)[last];
  return found;
}

function indexOf(part: string): number {
  return /^(?:0|[1-9]\d{0,8})$/.test(part) ? Number(part) : Number.NaN;
}

/** A copy whose objects have no prototype: keys come from outside. */
function structuredCopy(value: Json): unknown {
  if (Array.isArray(value)) return (value as readonly Json[]).map(structuredCopy);
  if (!isObject(value)) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of Object.entries(value))
    if (member !== undefined) copy[key] = structuredCopy(member);
  return copy;
}

/** The value without the one member of the list at `list` whose `key` holds `value`; undefined where it is not one. */
export function withoutMember(target: Json, patch: Json): Json | undefined {
  const name = isObject(patch) ? patch['list'] : undefined;
  const key = isObject(patch) ? patch['key'] : undefined;
  const members = isObject(target) && typeof name === 'string' ? target[name] : undefined;
  if (!isObject(patch) || !isObject(target) || typeof name !== 'string') return undefined;
  if (typeof key !== 'string' || !Array.isArray(members)) return undefined;
  const list = members as readonly Json[];
  const kept = list.filter((member) => !isObject(member) || member[key] !== patch['value']);
  return kept.length === list.length - 1 ? { ...target, [name]: kept } : undefined;
}
