import type { Adapter, Enforcer, MatchingFunc, Model } from 'casbin';
import type { BundleProblem } from '../../domain/policy-system.ts';
import type { PolicyRef } from '../../domain/trace.ts';
import { type CasbinEngine, RecordingEffector } from './engine.ts';
import { type CasbinFunction, casbinFunctions } from './functions.ts';
import { problem, type PolicyLine, type RawBundle } from './source.ts';

/** A model with its policy in Casbin. */
export interface LoadedModel {
  readonly enforcer: Enforcer;
  readonly effector: RecordingEffector;
  readonly model: Model;
  /** Where a line stands; by the very array that Casbin keeps, which keeps its identity when Casbin sorts. */
  readonly places: ReadonlyMap<readonly string[], PolicyRef>;
  /**
   * Why nothing can be decided: a line that cannot be read, or that does not have the values of its definition. Casbin
   * for Go refuses every request then ("invalid policy size"), others go on with what there is.
   */
  readonly unusable: string | null;
}

/**
 * Loads the bundle as Casbin does, line by line so that each keeps its place. Null where Casbin refuses it.
 * `functions` take the place of those of the same name.
 */
export async function loadModel(
  engine: CasbinEngine,
  raw: RawBundle,
  problems: BundleProblem[],
  functions: Readonly<Record<string, CasbinFunction>> = {},
): Promise<LoadedModel | null> {
  if (raw.model === null) return null;
  const places = new Map<readonly string[], PolicyRef>();
  try {
    const model = engine.newModelFromString(raw.model.text);
    const adapter = new LineAdapter(engine, raw.lines, places, problems);
    const known = { ...casbinFunctions, ...functions };
    const enforcer = await engine.newEnforcerWithClass(enforcerClass(engine, known), model, adapter);
    const effector = new RecordingEffector(engine);
    enforcer.setEffector(effector);
    await setMatching(enforcer, raw, known, problems);
    checkFunctions(new Set(Object.keys(known)), enforcer.getModel(), raw.model.path, problems);
    return { enforcer, effector, model: enforcer.getModel(), places, unusable: adapter.unusable };
  } catch (error) {
    problems.push(problem('error', raw.model.path, `Casbin refuses the bundle: ${messageOf(error)}`));
    return null;
  }
}

/** An enforcer that knows these functions and no others: the library keeps its own where it is given one of the name. */
function enforcerClass(engine: CasbinEngine, functions: Readonly<Record<string, CasbinFunction>>) {
  return class extends engine.Enforcer {
    override fm = functionMap(engine, functions);
  };
}

function functionMap({ FunctionMap }: CasbinEngine, functions: Readonly<Record<string, CasbinFunction>>) {
  const map = new FunctionMap();
  for (const [name, run] of Object.entries(functions)) map.addFunction(name, run);
  return map;
}

/** Programs may add functions of their own, which no bundle carries. */
function checkFunctions(
  functions: ReadonlySet<string>,
  model: Model,
  path: string,
  problems: BundleProblem[],
): void {
  const known = new Set([...functions, 'eval', 'in']);
  for (const role of model.model.get('g')?.keys() ?? []) known.add(role);
  for (const [name, { value }] of model.model.get('m') ?? [])
    for (const [, called = ''] of value
      .replaceAll(/"[^"]*"|'[^']*'/g, '')
      .matchAll(/\b([A-Za-z]\w*)\s*\(/g)) {
      if (known.has(called)) continue;
      const message = `the matcher ${name} calls ${called}, which only the program that uses the model defines`;
      problems.push(problem('error', path, message));
    }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Reads lines through Casbin's own reader and notes what each became. */
class LineAdapter implements Adapter {
  readonly #engine: CasbinEngine;
  readonly #lines: readonly PolicyLine[];
  readonly #places: Map<readonly string[], PolicyRef>;
  readonly #problems: BundleProblem[];
  unusable: string | null = null;

  constructor(
    engine: CasbinEngine,
    lines: readonly PolicyLine[],
    places: Map<readonly string[], PolicyRef>,
    problems: BundleProblem[],
  ) {
    this.#engine = engine;
    this.#lines = lines;
    this.#places = places;
    this.#problems = problems;
  }

  async loadPolicy(model: Model): Promise<void> {
    for (const line of this.#lines) this.#load(model, line);
  }

  #load(model: Model, { path, row, text }: PolicyLine): void {
    const locator = `${row}:1-${row}:${text.length + 1}`;
    const key = text.split(',')[0]?.trim().replaceAll('"', '') ?? '';
    const assertion = model.model.get(key.slice(0, 1))?.get(key);
    const before = assertion?.policy.length ?? 0;
    try {
      this.#engine.Helper.loadPolicyLine(text, model);
    } catch (error) {
      const message = `not used: ${messageOf(error)}`;
      this.#problems.push(problem('error', path, message, locator));
      this.unusable ??= `line ${row}: ${message}`;
      return;
    }
    const loaded = assertion?.policy[before];
    if (loaded === undefined || assertion === undefined) {
      if (!text.trimStart().startsWith('#'))
        this.#problems.push(problem('warning', path, `not used: the model does not define ${key}`, locator));
      return;
    }
    this.#places.set(loaded, { path, locator, policyId: [key, ...loaded].join(', '), index: before });
    const role = key.startsWith('g');
    const wanted = role ? (assertion.value.match(/_/g) ?? []).length : assertion.tokens.length;
    if (loaded.length === wanted) return;
    const what = role ? 'role definition' : 'policy definition';
    const message = `${loaded.length} values where the ${what} of ${key} has ${wanted}`;
    this.#problems.push(problem(loaded.length < wanted ? 'error' : 'warning', path, message, locator));
    const withoutEffect = assertion.tokens.at(-1) === `${key}_eft` && loaded.length === wanted - 1;
    if (!role && !withoutEffect) this.unusable ??= `line ${row}: ${message}`;
  }

  savePolicy(): Promise<boolean> {
    return refuse();
  }
  addPolicy(): Promise<void> {
    return refuse();
  }
  removePolicy(): Promise<void> {
    return refuse();
  }
  removeFilteredPolicy(): Promise<void> {
    return refuse();
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('a bundle is never changed'));
}

/** Programs may have roles match by pattern; a bundle tells so in `casbin.json`. */
async function setMatching(
  enforcer: Enforcer,
  raw: RawBundle,
  functions: Readonly<Record<string, CasbinFunction>>,
  problems: BundleProblem[],
): Promise<void> {
  const named = (name: string): MatchingFunc[] => {
    const matching = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (matching !== undefined) return [(member, pattern) => matching(member, pattern) === true];
    problems.push(problem('error', '', `there is no pattern function ${name}`));
    return [];
  };
  for (const [role, name] of raw.matching)
    for (const matching of named(name)) await enforcer.addNamedMatchingFunc(role, matching);
  for (const [role, name] of raw.domainMatching)
    for (const matching of named(name)) await enforcer.addNamedDomainMatchingFunc(role, matching);
  if (raw.matching.size + raw.domainMatching.size > 0) await enforcer.buildRoleLinks();
}
