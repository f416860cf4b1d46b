import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { BundleProblem, CompiledBundle, EngineAnswer, PolicyText } from '../../domain/policy-system.ts';
import type { Engine } from '../../domain/trace.ts';
import { builtinSignature } from './builtins/signatures.ts';
import type { BundleContents } from './bundle/contents.ts';
import { locatorOf } from './bundle/modules.ts';
import { policyTexts } from './bundle/texts.ts';
import { inputKeys } from './compile/input-keys.ts';
import { compileProgram } from './compile/program.ts';
import { errorOf, OwnEvaluator, withoutAnswer } from './own.ts';

const ownEngine: Engine = {
  name: 'rescind-rego',
  version: '1',
  mode: 'own',
  rung: '4: Rego sources, own evaluator',
};
const noEngine: Engine = { name: 'none', version: '', mode: 'own', rung: '5: index only' };

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
  readonly #own: OwnEvaluator | null;

  constructor(contents: BundleContents) {
    const program = compileProgram(contents.modules, (name) => {
      const signature = builtinSignature(name);
      return signature === undefined ? undefined : { ...signature, arity: signature.args.length };
    });
    const compileProblems = program.problems.map(({ path, offset, code, message }): BundleProblem => {
      const text = contents.modules.find((module) => module.path === path)?.text ?? '';
      return { severity: 'error', path, locator: locatorOf(text, offset), message: `${code}: ${message}` };
    });
    this.#fatal = [...contents.fatal, ...compileProblems];
    this.problems = [...contents.problems, ...compileProblems];
    this.revision = contents.manifest.revision;
    this.policies = program.definitions.length;
    this.texts = policyTexts(contents);
    this.contextKeys = inputKeys(program);
    this.#own = this.#fatal.length === 0 ? new OwnEvaluator(contents, program) : null;
    this.engine = this.#own === null ? noEngine : ownEngine;
  }

  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): EngineAnswer {
    if (this.#own === null)
      return { evaluation: withoutAnswer(this.#fatal.slice(0, 20).map(errorOf)), engine: noEngine };
    return { evaluation: this.#own.evaluate(request, knowledge), engine: ownEngine };
  }
}
