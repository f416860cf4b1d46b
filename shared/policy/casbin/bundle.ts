import type { Entitlement } from '../../domain/entitlement.ts';
import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type {
  BundleProblem,
  BundleSource,
  CompiledBundle,
  EngineAnswer,
  WhoAnswer,
  WhoQuestion,
} from '../../domain/policy-system.ts';
import type { Engine } from '../../domain/trace.ts';
import { type CasbinEngine, casbinVersion } from './engine.ts';
import { entitlementsOf } from './entitlements.ts';
import { undecided } from './evaluation.ts';
import { judge } from './judge.ts';
import { type LoadedModel, loadModel } from './model.ts';
import { bare, contextKey, rolesOf } from './request.ts';
import { otherReadings, type Reading } from './readings.ts';
import { readSource } from './source.ts';

export async function compileCasbin(engine: CasbinEngine, source: BundleSource): Promise<CompiledBundle> {
  const raw = readSource(source);
  const problems = [...raw.problems];
  const loaded = await loadModel(engine, raw, problems);
  const readings = await otherReadings(engine, raw, loaded);
  const unread = raw.problems.find(({ severity }) => severity === 'error');
  const why = unread === undefined ? null : `${unread.path}: ${unread.message}`;
  const texts = textsOf(source, raw.model);
  return new CasbinBundle(engine, loaded, readings, problems, texts, why ?? loaded?.unusable ?? null);
}

/** The model as one text, and each policy file. */
function textsOf(
  source: BundleSource,
  model: { readonly path: string; readonly text: string } | null,
): CompiledBundle['texts'] {
  const files = source.kind === 'files' ? source.files.filter(({ path }) => /\.csv$/i.test(path)) : [];
  const all = [...(model === null ? [] : [model]), ...files];
  return all.map(({ path, text }) => ({
    policyId: path === '' ? 'model' : path,
    title: path === '' ? 'model' : path,
    path,
    language: 'text',
    text: text ?? '',
  }));
}

class CasbinBundle implements CompiledBundle {
  readonly system = 'casbin';
  readonly engine: Engine = { name: 'node-casbin', version: casbinVersion, mode: 'native' };
  readonly revision = null;
  readonly policies: number;
  readonly subjects: number;
  readonly problems: readonly BundleProblem[];
  readonly texts: CompiledBundle['texts'];
  readonly contextKeys: ReadonlySet<string>;
  readonly #casbin: CasbinEngine;
  readonly #loaded: LoadedModel | null;
  readonly #readings: readonly Reading[];
  /** Why no request can be judged, where a part of the bundle cannot be read. */
  readonly #unread: string | null;

  constructor(
    casbin: CasbinEngine,
    loaded: LoadedModel | null,
    readings: readonly Reading[],
    problems: readonly BundleProblem[],
    texts: CompiledBundle['texts'],
    unread: string | null,
  ) {
    this.#unread = unread;
    this.#casbin = casbin;
    this.#loaded = loaded;
    this.#readings = readings;
    this.problems = problems;
    this.texts = texts;
    const policies = [...(loaded?.model.model.get('p')?.values() ?? [])];
    this.policies = policies.reduce((sum, { policy }) => sum + policy.length, 0);
    this.subjects = new Set(subjectsOf(loaded)).size;
    const definitions = [...(loaded?.model.model.get('r')?.values() ?? [])];
    const tokens = definitions.flatMap(({ tokens }) => tokens.map(bare));
    this.contextKeys = new Set(
      tokens.filter((_, index) => rolesOf(tokens)[index] === 'context').map(contextKey),
    );
  }

  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): EngineAnswer {
    if (this.#loaded === null)
      return { evaluation: undecided(this.problems.at(-1)?.message ?? 'there is no model') };
    if (this.#unread !== null) return { evaluation: undecided(this.#unread) };
    const evaluation = judge(this.#casbin, this.#loaded, request, knowledge);
    if (evaluation.decision === 'indeterminate') return { evaluation };
    for (const { why, loaded } of this.#readings) {
      const other = judge(this.#casbin, loaded, request, knowledge).decision;
      if (other !== evaluation.decision)
        return { evaluation: { ...undecided(why), layers: evaluation.layers } };
    }
    return { evaluation };
  }

  /** Every name that stands for a subject, asked one by one. */
  *who({ action, resource, context }: WhoQuestion): Iterable<WhoAnswer> {
    for (const id of new Set(subjectsOf(this.#loaded))) {
      const request = {
        subject: { type: 'subject', id },
        action: { name: action },
        resource: { type: 'object', id: resource },
        context,
      };
      const { evaluation } = this.evaluate(request, { complete: true });
      if (evaluation.decision === 'deny') continue;
      const steps = evaluation.layers.flatMap(({ steps }) => steps);
      const deciding = steps.filter((step) => evaluation.determiningSteps.includes(step.id));
      const path = deciding.find(({ via }) => via !== undefined)?.via ?? [];
      const policies = deciding.map(({ ref }) => ref);
      yield { subject: request.subject, decision: evaluation.decision, path, policies };
    }
  }

  entitlements(subject?: string): Iterable<Entitlement> {
    return this.#loaded === null ? [] : entitlementsOf(this.#loaded, subjectsOf(this.#loaded), subject);
  }
}

/** Names in the place of the subject: of lines, and members of roles. */
function subjectsOf(loaded: LoadedModel | null): string[] {
  const policies = [...(loaded?.model.model.get('p')?.values() ?? [])];
  const fromLines = policies.flatMap(({ tokens, policy }) => {
    const place = rolesOf(tokens.map(bare)).indexOf('subject');
    return policy.flatMap((line) => line[place] ?? []);
  });
  const members =
    loaded?.model.model
      .get('g')
      ?.get('g')
      ?.policy.flatMap((line) => line[0] ?? []) ?? [];
  return [...fromLines, ...members];
}
