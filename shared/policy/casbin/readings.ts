import type { CasbinEngine } from './engine.ts';
import { type CasbinFunction, casbinFunctions } from './functions.ts';
import { type LoadedModel, loadModel } from './model.ts';
import type { RawBundle } from './source.ts';

/** Another way in which a program may read the same bundle: where it decides otherwise, nothing is certain. */
export interface Reading {
  readonly why: string;
  readonly loaded: LoadedModel;
}

/** `/book/:id`, `/book/{id}`, `domain*`: what is a name only where nothing matches it as a pattern. */
const patternLike = /\*|\/:\w|\{\w+\}/;
const anyPattern = 'any pattern function';

/**
 * The readings between which a bundle does not decide: roles whose members are patterns, while the function that
 * matches them is set by the program (https://casbin.org/docs/rbac-with-pattern), and globs, whose details differ
 * between the implementations of Casbin.
 */
export async function otherReadings(
  engine: CasbinEngine,
  raw: RawBundle,
  loaded: LoadedModel | null,
): Promise<Reading[]> {
  if (loaded === null) return [];
  const readings: Reading[] = [];
  const add = async (why: string, as: RawBundle, functions: Readonly<Record<string, CasbinFunction>>) => {
    const other = await loadModel(engine, as, [], functions);
    if (other === null) return;
    for (const role of as.matching.keys()) if (!raw.matching.has(role)) widen(other, role);
    readings.push({ why, loaded: other });
  };
  const patterns = patternsOf(raw, loaded);
  if (patterns !== null) {
    const why = 'roles are given by patterns, and the bundle does not tell which function matches them';
    await add(why, patterns, { [anyPattern]: matchesSomehow });
  }
  const matchers = [...(loaded.model.model.get('m')?.values() ?? [])];
  if (matchers.some(({ value }) => value.includes('globMatch')))
    await add('implementations of Casbin read this glob differently', raw, {
      globMatch: (text, pattern) => engine.Util.globMatch(String(text), String(pattern)),
    });
  for (const { why, text } of otherTexts(raw.model?.text ?? ''))
    await add(why, { ...raw, model: { path: raw.model?.path ?? '', text } }, {});
  return readings;
}

const membership = /(\b[rp]\d*\.\w+(?:\.\w+)*)\s+in\s+[([]([^()[\]]*)[)\]]/g;
const otherPriority = /^\s*p\d*\s*=.*?\b(\w+_priority|priority_\w+)\b/m;

/** The model with what other implementations, or a program's settings, make of it. */
function otherTexts(text: string): { readonly why: string; readonly text: string }[] {
  const found: { readonly why: string; readonly text: string }[] = [];
  const grouped = text.replaceAll(membership, (_all, part: string, list: string) => {
    return `(${list
      .split(',')
      .map((item) => `${part} == ${item.trim()}`)
      .join(' || ')})`;
  });
  if (grouped !== text)
    found.push({ why: 'implementations of Casbin bind “in” more and less tightly', text: grouped });
  const name = otherPriority.exec(text)?.[1];
  if (name !== undefined)
    found.push({
      why: `whether the program takes ${name} for the priority (SetFieldIndex) is not in the bundle`,
      text: text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), 'priority'),
    });
  return found;
}

/** The bundle with roles matched by pattern where their lines hold patterns; null where none do. */
function patternsOf(raw: RawBundle, { model }: LoadedModel): RawBundle | null {
  const [matching, domainMatching] = [new Map(raw.matching), new Map(raw.domainMatching)];
  for (const [role, { policy }] of model.model.get('g') ?? []) {
    const told = raw.matching.has(role) || raw.domainMatching.has(role);
    if (told) continue;
    if (policy.some((line) => line.slice(0, 2).some((name) => patternLike.test(name))))
      matching.set(role, anyPattern);
    if (policy.some((line) => line.slice(2).some((name) => patternLike.test(name))))
      domainMatching.set(role, anyPattern);
  }
  const added = matching.size + domainMatching.size - raw.matching.size - raw.domainMatching.size;
  return added === 0 ? null : { ...raw, matching, domainMatching };
}

/** Some implementations also match the role that a rule names as a pattern: `p, *, data, read`. */
function widen({ model }: LoadedModel, role: string): void {
  const manager = model.model.get('g')?.get(role)?.rm;
  const has = manager?.syncedHasLink?.bind(manager);
  if (manager === undefined || has === undefined) return;
  manager.syncedHasLink = (member, wanted, ...domain) => {
    if (has(member, wanted, ...domain) || matchesSomehow(member, wanted)) return true;
    const lines = patternLike.test(wanted) ? (model.model.get('g')?.get(role)?.policy ?? []) : [];
    return lines.some(([, name = '']) => matchesSomehow(name, wanted) && has(member, name, ...domain));
  };
}

function matchesSomehow(member: unknown, pattern: unknown): boolean {
  if (member === pattern) return true;
  return ['keyMatch', 'keyMatch2', 'keyMatch3'].some((name) => {
    try {
      return casbinFunctions[name]?.(member, pattern) === true;
    } catch {
      return false;
    }
  });
}
