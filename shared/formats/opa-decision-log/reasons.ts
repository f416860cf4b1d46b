import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { bounded } from '../../util/record-fields.ts';

/** Members under which results say why, AuthZEN's and those of admission reviews among them. */
const reasonMembers = [
  'reason',
  'reasons',
  'message',
  'messages',
  'msg',
  'reason_admin',
  'reason_user',
] as const;
/** Members in which such members stand: `response.status.message`, `context.reason_admin`. */
const reasonHolders = ['response', 'status', 'context'] as const;
const denialMembers = ['deny', 'denied', 'denies', 'violation', 'violations'] as const;
const mostReasons = 10;
const deepest = 4;

/** What a result says of its reasons, in its own words. Of a denial also what its sets of reasons hold. */
export function reasonTexts(result: Json, isDenied: boolean): string[] {
  const found = new Set<string>();
  if (isObject(result)) collectMembers(result, isDenied, found, 0);
  else if (Array.isArray(result)) collect(result, isDenied, found, 0);
  return [...found].slice(0, mostReasons);
}

function collectMembers(object: JsonObject, isDenied: boolean, found: Set<string>, depth: number): void {
  for (const key of isDenied ? [...denialMembers, ...reasonMembers] : reasonMembers) {
    if (Object.hasOwn(object, key)) collect(object[key], isDenied, found, depth + 1);
  }
  for (const key of reasonHolders) {
    const holder = Object.hasOwn(object, key) ? object[key] : undefined;
    if (isObject(holder) && depth < deepest) collectMembers(holder, isDenied, found, depth + 1);
  }
}

function collect(value: Json | undefined, isDenied: boolean, found: Set<string>, depth: number): void {
  if (depth > deepest || found.size >= mostReasons) return;
  if (typeof value === 'string') {
    const text = bounded(value);
    if (text !== null) found.add(text);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) collect(item, isDenied, found, depth + 1);
  } else if (isObject(value)) {
    const before = found.size;
    collectMembers(value, isDenied, found, depth);
    // A set of texts as an object: `{"no owner": true}`; AuthZEN's reasons by language: `{"en": "…"}`.
    if (found.size > before) return;
    for (const [key, member] of Object.entries(value)) {
      if (member === true && key.includes(' ')) found.add(bounded(key) ?? '');
      else if (typeof member === 'string' && /^[a-z]{2}(?:-[A-Za-z]{2})?$/.test(key)) {
        collect(member, isDenied, found, depth + 1);
      }
    }
  }
}
