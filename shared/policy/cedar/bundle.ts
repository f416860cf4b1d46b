import type { Entitlement } from '../../domain/entitlement.ts';
import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { JsonObject } from '../../domain/json.ts';
import type {
  BundleProblem,
  BundleSource,
  CompiledBundle,
  EngineAnswer,
  WhoAnswer,
  WhoQuestion,
} from '../../domain/policy-system.ts';
import type { Engine, Evaluation } from '../../domain/trace.ts';
import { type AuthorizerOptions, authorize } from './authorize.ts';
import type { LeafResult } from '../../util/condition-result.ts';
import { consider } from './considered.ts';
import { type CedarEngine, type EntityJson, failureText, preparedName } from './engine.ts';
import { EntityStore, readUid, references, uidText } from './entities.ts';
import { entitlementsOf } from './entitlements.ts';
import { evaluationOf, refused } from './evaluation.ts';
import { collectContextKeys, type LeafReading, readLeaf } from './leaf.ts';
import { type CedarPolicy, type PolicySetRead, readPolicySet } from './policies.ts';
import { type CedarRequest, readRequest } from './request.ts';
import { type CedarSchema, readSchema } from './schema.ts';
import { namesPolicies, type RawBundle, readSource } from './source.ts';
import { whoCan } from './who.ts';

export function compileCedar(engine: CedarEngine, source: BundleSource): CompiledBundle {
  const raw = readSource(source);
  return new CedarBundle(engine, raw, namesPolicies(source, raw));
}

/** One policy set, kept in the engine, with its entities and schema. */
class CedarBundle implements CompiledBundle {
  readonly system = 'cedar';
  readonly engine: Engine;
  readonly revision = null;
  readonly policies: number;
  readonly subjects: number;
  readonly problems: readonly BundleProblem[];
  readonly texts: CompiledBundle['texts'];
  readonly contextKeys: ReadonlySet<string>;
  readonly #cedar: CedarEngine;
  readonly #set: PolicySetRead;
  readonly #schema: CedarSchema | null;
  readonly #entities: EntityStore;
  readonly #authorizer: AuthorizerOptions;
  readonly #prepared = preparedName('policies');
  /** Null where the set as a whole is refused, e.g. for two policies of one name. */
  readonly #refusal: string | null;
  readonly #readings = new Map<string, LeafReading>();
  /** What the engine keeps the probes of a group under; null where it does not take them. */
  readonly #probes = new Map<number, string | null>();
  /** Place of a policy among all, by its name. */
  readonly #places: ReadonlyMap<string, number>;

  constructor(cedar: CedarEngine, raw: RawBundle, namesPolicies: boolean) {
    const problems = [...raw.problems];
    this.#cedar = cedar;
    this.engine = {
      name: 'cedar-wasm',
      version: `${cedar.getCedarSDKVersion()} (language ${cedar.getCedarLangVersion()})`,
      mode: 'wasm',
    };
    this.#set = readPolicySet(cedar, raw);
    this.#places = new Map(this.#set.policies.map(({ id }, index) => [id, index]));
    this.#schema = readSchema(cedar, raw, problems);
    const actions = this.#schema?.actions ?? [];
    const given = raw.entities.map(({ json }) => json);
    const declared = new Set(uidsOf(given.map(({ uid }) => uid)));
    const own = actions.filter(({ uid }) => uidsOf([uid]).some((action) => !declared.has(action)));
    this.#entities = new EntityStore([...own, ...given]);
    const unread = unreadOf(raw, this.#schema);
    const prepared = namesPolicies ? this.#prepare() : 'there are no policies here';
    this.#refusal = prepared ?? unread;
    if (prepared !== null) problems.push({ severity: 'error', path: '', locator: '', message: prepared });
    this.#checkEntities(raw, problems);
    this.#validate(problems);
    this.problems = [...problems, ...this.#set.problems];
    this.policies = this.#set.policies.length + this.#set.broken.length;
    this.texts = this.#set.texts;
    const keys = new Set<string>();
    for (const { json } of this.#set.policies) collectContextKeys(json.conditions, keys);
    this.contextKeys = keys;
    const principals = new Set([...(this.#schema?.principalTypes.values() ?? [])].flat());
    this.subjects = this.#entities
      .uids()
      .filter(({ type }) => principals.size === 0 || principals.has(type)).length;
    this.#authorizer = {
      engine: cedar,
      schema: this.#schema,
      named: this.#set.policies.flatMap(({ json }) => references(json.conditions as unknown as JsonObject[])),
      schemaActions: new Set(uidsOf(own.map(({ uid }) => uid))),
    };
  }

  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): EngineAnswer {
    return { evaluation: this.#judge(readRequest(request, this.#entities), knowledge) };
  }

  who(question: WhoQuestion): Iterable<WhoAnswer> {
    return whoCan(question, this.#entities, this.#schema, (request) =>
      this.#judge(request, { complete: true }),
    );
  }

  entitlements(subject?: string): Iterable<Entitlement> {
    return entitlementsOf(this.#set.policies, this.#entities, this.#schema, subject);
  }

  #judge(request: CedarRequest, knowledge: RequestKnowledge): Evaluation {
    if (this.#refusal !== null) return refused(this.#refusal, request.assumptions);
    const answer = authorize(this.#authorizer, request, this.#prepared);
    if (!answer.ok) return refused(answer.message, request.assumptions);
    const asked = new Map<number, ReadonlyMap<string, LeafResult> | null>();
    const considered = this.#set.policies.map((policy) =>
      consider(policy, {
        request,
        answer,
        knowledge,
        probeName,
        readingOf: (of, leaf) => this.#reading(of, leaf),
        probesOf: (of) => {
          const group = this.#groupOf(of);
          const known = asked.get(group);
          if (known !== undefined) return known;
          const results = this.#askProbes(group, answer.ask);
          asked.set(group, results);
          return results;
        },
      }),
    );
    return evaluationOf(considered, this.#set.broken, [...request.assumptions, ...answer.assumptions]);
  }

  #prepare(): string | null {
    const staticPolicies = Object.fromEntries(this.#set.policies.map(({ id, text }) => [id, text]));
    const answer = this.#cedar.preparsePolicySet(this.#prepared, { staticPolicies });
    return answer.type === 'success' ? null : failureText(answer.errors);
  }

  #checkEntities(raw: RawBundle, problems: BundleProblem[]): void {
    const entities = raw.entities.map(({ json }) => json) as unknown as EntityJson[];
    if (entities.length === 0) return;
    const answer = this.#cedar.checkParseEntities({ entities, schema: this.#schema?.schema ?? null });
    if (answer.type === 'success') return;
    const path = raw.entities[0]?.path ?? '';
    problems.push({ severity: 'error', path, locator: '', message: failureText(answer.errors) });
  }

  /** Validation is advice: Cedar evaluates policies that the schema does not fit. */
  #validate(problems: BundleProblem[]): void {
    if (this.#schema === null || this.#refusal !== null) return;
    const staticPolicies = Object.fromEntries(this.#set.policies.map(({ id, text }) => [id, text]));
    const answer = this.#cedar.validate({ schema: this.#schema.schema, policies: { staticPolicies } });
    if (answer.type === 'failure') return;
    for (const { policyId, error } of [...answer.validationErrors, ...answer.validationWarnings]) {
      const ref = this.#set.policies.find(({ id }) => id === policyId)?.ref;
      const { path, locator } = ref ?? { path: '', locator: '' };
      problems.push({ severity: 'warning', path, locator, message: error.message });
    }
  }

  #reading(policy: CedarPolicy, leaf: number): LeafReading {
    const name = probeName(policy, leaf);
    const known = this.#readings.get(name);
    if (known !== undefined) return known;
    const reading = readLeaf(this.#cedar, policy.parts.leaves[leaf] ?? '');
    this.#readings.set(name, reading);
    return reading;
  }

  #groupOf(policy: CedarPolicy): number {
    return Math.floor((this.#places.get(policy.id) ?? 0) / groupSize);
  }

  /** Every leaf of every condition as a permit of its own, with the scope of its policy. */
  #askProbes(group: number, ask: Ask): ReadonlyMap<string, LeafResult> | null {
    let name = this.#probes.get(group);
    if (name === undefined) {
      name = this.#prepareProbes(group);
      this.#probes.set(group, name);
    }
    const response = name === null ? null : ask(name);
    if (response === null) return null;
    const results = new Map<string, LeafResult>();
    for (const satisfied of response.diagnostics.reason) results.set(satisfied, { result: 'true' });
    for (const { policyId, error } of response.diagnostics.errors)
      results.set(policyId, { result: 'error', why: error.message });
    return results;
  }

  #prepareProbes(group: number): string | null {
    const staticPolicies: Record<string, string> = {};
    for (const policy of this.#set.policies.slice(group * groupSize, (group + 1) * groupSize))
      policy.parts.leaves.forEach((leaf, index) => {
        const scope = policy.parts.scope.replace(/^forbid/, 'permit');
        staticPolicies[probeName(policy, index)] = `${scope} when { ${leaf} };`;
      });
    const name = preparedName('probes');
    return this.#cedar.preparsePolicySet(name, { staticPolicies }).type === 'success' ? name : null;
  }
}

/** Those of the values that are entities, as Cedar writes them. */
function uidsOf(values: readonly unknown[]): string[] {
  return values.flatMap((value) => readUid(value) ?? []).map(uidText);
}

/** A part of the set that nobody can read, so that no request can be judged with it; null where there is none. */
function unreadOf(raw: RawBundle, schema: CedarSchema | null): string | null {
  const [first] = raw.unread;
  if (first !== undefined) return first;
  const nameless = raw.entities.find(({ json }) => readUid(json['uid']) === undefined);
  if (nameless !== undefined) return `${nameless.path}: an entity whose uid cannot be read`;
  // Without its schema a set has no hierarchy of actions, and texts of a request are no addresses or times.
  return raw.schemas.length > 0 && schema === null ? 'the schema cannot be read' : null;
}

/** Policies whose conditions are asked together: a request meets few of many, and each question costs by its size. */
const groupSize = 16;

type Ask = Extract<ReturnType<typeof authorize>, { ok: true }>['ask'];

/** Policy ids are any text, the number at the end is what tells probes of one policy apart. */
function probeName({ id }: CedarPolicy, leaf: number): string {
  return `${id}#${leaf}`;
}
