import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type {
  BundleProblem,
  BundleSignature,
  BundleSource,
  CompiledBundle,
  EngineAnswer,
  ExternalEngines,
  PolicyText,
} from '../../domain/policy-system.ts';
import type { Engine, Evaluation } from '../../domain/trace.ts';
import { volatileReads } from '../../util/opa-decision.ts';
import { stableJson } from '../../util/stable-json.ts';
import { errorOf, withoutAnswer } from './answer.ts';
import { builtinSignature } from './builtins/signatures.ts';
import { signatureOf } from './bundle/signatures.ts';
import { type BundleContents, readContents } from './bundle/contents.ts';
import { locatorOf } from './bundle/modules.ts';
import { policyTexts } from './bundle/texts.ts';
import { inputKeys } from './compile/input-keys.ts';
import { compileProgram, type Program } from './compile/program.ts';
import { ExternalEvaluator } from './external/evaluator.ts';
import { OwnEvaluator } from './own.ts';
import { PlanEvaluator } from './plan/evaluator.ts';
import { PlanProblem, readPlan } from './plan/read.ts';
import { WasmEvaluator } from './wasm/evaluator.ts';

const engines = {
  external: (version: string): Engine => ({
    name: 'opa',
    version,
    mode: 'external',
    rung: '1: the opa program of this workstation',
  }),
  plan: { name: 'rescind-opa-plan', version: '1', mode: 'own', rung: '2: plan of the bundle' },
  wasm: { name: 'opa-wasm', version: '1.10.0', mode: 'wasm', rung: '3: WebAssembly of the bundle' },
  own: { name: 'rescind-rego', version: '1', mode: 'own', rung: '4: Rego sources, own evaluator' },
  none: { name: 'none', version: '', mode: 'own', rung: '5: index only' },
} as const satisfies Record<string, Engine | ((version: string) => Engine)>;

interface Rungs {
  readonly external: { readonly evaluator: ExternalEvaluator; readonly version: string } | null;
  readonly plan: PlanEvaluator | null;
  readonly wasm: WasmEvaluator | null;
  readonly own: OwnEvaluator | null;
}

/** A bundle of OPA, and the ladder of engines that answers from it: the best that there is. */
export class OpaBundle implements CompiledBundle {
  readonly system = 'opa';
  readonly engine: Engine;
  readonly revision: string | null;
  readonly policies: number;
  readonly subjects = 0;
  readonly problems: readonly BundleProblem[];
  readonly texts: readonly PolicyText[];
  readonly contextKeys: ReadonlySet<string>;
  readonly #fatal: readonly BundleProblem[];
  readonly #files: BundleContents['files'];
  readonly #rungs: Rungs;

  private constructor(
    contents: BundleContents,
    program: Program,
    rungs: Rungs,
    found: { readonly fatal: readonly BundleProblem[]; readonly problems: readonly BundleProblem[] },
  ) {
    this.#fatal = found.fatal;
    this.#files = contents.files;
    this.problems = found.problems;
    this.revision = contents.manifest.revision;
    this.policies = program.definitions.length;
    this.texts = policyTexts(contents);
    // What a compiled policy reads is not told by the sources beside it.
    const isCompiled = rungs.plan !== null || rungs.wasm !== null;
    this.contextKeys =
      contents.modules.length === 0 || isCompiled ? new Set(['*', volatileReads]) : inputKeys(program);
    this.#rungs = rungs;
    this.engine =
      rungs.external !== null
        ? engines.external(rungs.external.version)
        : rungs.plan !== null
          ? engines.plan
          : rungs.wasm !== null
            ? engines.wasm
            : rungs.own === null
              ? engines.none
              : engines.own;
  }

  signature(key: string | null): BundleSignature {
    return signatureOf(this.#files, key);
  }

  static async load(source: BundleSource, external: ExternalEngines): Promise<OpaBundle> {
    const contents = readContents(source);
    const program = compileProgram(contents.modules, (name) => {
      const signature = builtinSignature(name);
      return signature === undefined ? undefined : { ...signature, arity: signature.args.length };
    });
    const compileProblems = program.problems.map(({ path, offset, code, message }): BundleProblem => {
      const text = contents.modules.find((module) => module.path === path)?.text ?? '';
      return { severity: 'error', path, locator: locatorOf(text, offset), message: `${code}: ${message}` };
    });
    const problems = [...contents.problems, ...compileProblems];
    const fatal = [...contents.fatal, ...compileProblems];
    const usable = fatal.length === 0;
    const warn = (path: string, message: string): void => {
      problems.push({ severity: 'warning', path, locator: '', message });
    };
    const rungs: Rungs = {
      external:
        external.opa === undefined
          ? null
          : { evaluator: new ExternalEvaluator(contents, external.opa), version: external.opa.version },
      plan: usable ? planOf(contents, warn) : null,
      wasm: usable
        ? await WasmEvaluator.load(contents, (message) => warn(contents.wasm?.path ?? 'policy.wasm', message))
        : null,
      own: usable && contents.modules.length > 0 ? new OwnEvaluator(contents, program) : null,
    };
    return new OpaBundle(contents, program, rungs, { fatal, problems });
  }

  async evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): Promise<EngineAnswer> {
    try {
      return await this.#climb(request, knowledge);
    } catch (problem) {
      // Values nested beyond what a stack holds: no answer, and no crash.
      if (!(problem instanceof RangeError)) throw problem;
      return { evaluation: withoutAnswer([{ message: `limit: ${problem.message}` }]), engine: this.engine };
    }
  }

  async #climb(request: EvaluationRequest, knowledge: RequestKnowledge): Promise<EngineAnswer> {
    const { external, plan, wasm, own } = this.#rungs;
    const notes: string[] = [];
    if (external !== null) {
      const tell = (message: string): void => void notes.push(message);
      const evaluation = await external.evaluator.evaluate(request, knowledge, tell);
      if (evaluation !== undefined) return { evaluation, engine: engines.external(external.version) };
    }
    const answers: EngineAnswer[] = [];
    const add = (evaluation: Evaluation | undefined, engine: Engine): void => {
      if (evaluation !== undefined) answers.push({ evaluation: noted(evaluation, notes), engine });
    };
    add(plan?.evaluate(request, knowledge), engines.plan);
    // A rung that has to refuse leaves the question to the next one.
    if (answers.every(wasRefused)) {
      add(wasm?.evaluate(request, knowledge), engines.wasm);
      add(own?.evaluate(request, knowledge), engines.own);
    }
    const answer = agreed(answers.filter((candidate) => !wasRefused(candidate))) ?? answers.at(-1);
    if (answer !== undefined) return answer;
    const errors =
      this.#fatal.length > 0
        ? this.#fatal.slice(0, 20).map(errorOf)
        : [{ message: `the bundle has no policy that can be evaluated for “${request.action.name}”` }];
    return { evaluation: noted(withoutAnswer(errors), notes), engine: engines.none };
  }
}

function planOf(
  contents: BundleContents,
  warn: (path: string, message: string) => void,
): PlanEvaluator | null {
  if (contents.plan === null) return null;
  try {
    return new PlanEvaluator(contents, readPlan(JSON.parse(contents.plan.text ?? '')));
  } catch (problem) {
    const known = problem instanceof PlanProblem || problem instanceof SyntaxError;
    if (!known) throw problem;
    warn(contents.plan.path, `the plan is not used: ${problem.message}`);
    return null;
  }
}

function wasRefused({ evaluation: { completeness, decision } }: EngineAnswer): boolean {
  return completeness === 'partial' && decision === 'indeterminate';
}

/**
 * The first answer counts: what OPA itself compiled. Where the sources give the same result, their trace is shown
 * with it; where they do not, the compiled policy stands and it is said.
 */
function agreed([first, second]: readonly EngineAnswer[]): EngineAnswer | undefined {
  if (first === undefined || second === undefined) return first;
  const [left, right] = [first, second].map(({ evaluation: { result } }) =>
    stableJson([result ?? null, result === undefined]),
  );
  if (left === right) {
    return {
      ...second,
      evaluation: noted(second.evaluation, [`${first.engine?.name ?? ''} gives the same result.`]),
    };
  }
  return {
    ...first,
    evaluation: noted(first.evaluation, [
      'The Rego sources of the bundle give another result by our evaluator.',
    ]),
  };
}

function noted(evaluation: Evaluation, notes: readonly string[]): Evaluation {
  return notes.length === 0
    ? evaluation
    : { ...evaluation, assumptions: [...evaluation.assumptions, ...notes] };
}
