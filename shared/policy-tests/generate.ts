import { type Json, type JsonObject, isObject, objectAt } from '../domain/json.ts';
import type { GeneratedCheck, PolicyTest, PolicyTestFile } from './policy-test.ts';

/** Names that no policy will have by chance. */
const stranger = 'rescind-check-nobody';
const elsewhere = 'rescind-check-elsewhere';

/**
 * The checks that a file asks for, made from its tests. Each is a request that must not be allowed: what one subject
 * may do asked for by a stranger, the same in another scope, and what is denied with one attribute left out.
 */
export function generateChecks({ tests, checks }: PolicyTestFile): PolicyTest[] {
  const made: PolicyTest[] = [];
  const seen = new Set<string>();
  const add = (test: PolicyTest, generated: GeneratedCheck, request: JsonObject, note: string): void => {
    const key = JSON.stringify([generated, request]);
    if (seen.has(key)) return;
    seen.add(key);
    made.push({ request, expected: { decision: 'deny' }, note, line: test.line, generated });
  };
  for (const test of tests) {
    const { request, expected } = test;
    if (expected.decision === 'allow') {
      if (checks.denyByDefault) {
        const { type = '' } = objectAt(request, 'subject') ?? {};
        const subject = { type, id: stranger };
        add(test, 'deny-by-default', { ...request, subject }, 'An unknown subject may not do it.');
      }
      for (const scope of checks.scopes) {
        const moved = replaceAt(request, scope.split('.'), elsewhere);
        if (moved !== null) add(test, 'scope-boundary', moved, `Not with another ${scope}.`);
      }
    }
    if (expected.decision === 'deny' && checks.exceptionPaths) {
      for (const path of attributesOf(request)) {
        const without = replaceAt(request, path, undefined);
        if (without !== null) add(test, 'exception-path', without, `Not without ${path.join('.')} either.`);
      }
    }
  }
  return made;
}

/** Paths of the attributes that a request may leave out: context keys and properties. */
function attributesOf(request: JsonObject): string[][] {
  const holders = [
    ['context'],
    ['subject', 'properties'],
    ['action', 'properties'],
    ['resource', 'properties'],
  ];
  return holders.flatMap((path) => {
    let found: Json | undefined = request;
    for (const name of path) found = isObject(found) ? found[name] : undefined;
    return isObject(found) ? Object.keys(found).map((name) => [...path, name]) : [];
  });
}

/** A copy with another value at the path (undefined leaves it out); null where the path leads nowhere. */
function replaceAt(
  value: JsonObject,
  path: readonly string[],
  replacement: Json | undefined,
): JsonObject | null {
  const [name, ...rest] = path;
  if (name === undefined || value[name] === undefined) return null;
  const inner = value[name];
  if (rest.length === 0) {
    const { [name]: _, ...others } = value;
    return replacement === undefined ? others : { ...value, [name]: replacement };
  }
  const changed = isObject(inner) ? replaceAt(inner, rest, replacement) : null;
  return changed === null ? null : { ...value, [name]: changed };
}
