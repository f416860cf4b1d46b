import { loadPolicy } from '@open-policy-agent/opa-wasm';
import type { EvaluationRequest, RequestKnowledge } from '../../../domain/evaluation-request.ts';
import type { Evaluation } from '../../../domain/trace.ts';
import { answerOf, withoutAnswer } from '../answer.ts';
import { builtinFunction } from '../builtins/registry.ts';
import { builtinNames } from '../builtins/signatures.ts';
import type { BundleContents } from '../bundle/contents.ts';
import { readQuestion } from '../decision-path.ts';
import { Run } from '../evaluate/context.ts';
import { BuiltinProblem, refuseFunction } from '../evaluate/problems.ts';
import { recordedCallsOf } from '../question.ts';
import { timeOf } from '../request-time.ts';
import { exactJsonOfValue, valueOfJson } from '../value/json.ts';
import { dataPath } from '../value/print.ts';

/** What the engine tells of a loaded policy. */
interface WasmPolicy {
  readonly entrypoints: Readonly<Record<string, number>>;
  setData(data: unknown): void;
  evaluate(input: unknown, entrypoint: string): unknown;
}

/** Builtins of the engine's own that are not what OPA's are, or that run foreign patterns as JavaScript's. */
const unfaithful: ReadonlySet<string> = new Set(['sprintf', 'regex.split', 'yaml.marshal', 'yaml.unmarshal']);

/** Answers from a bundle's WebAssembly module: the result, and nothing about its reasons. */
export class WasmEvaluator {
  readonly #policy: WasmPolicy;
  #run = new Run(null);

  private constructor(policy: WasmPolicy) {
    this.#policy = policy;
  }

  /** Null where the module cannot be used, with the reason told. */
  static async load(
    contents: BundleContents,
    tell: (message: string) => void,
  ): Promise<WasmEvaluator | null> {
    if (contents.wasm === null) return null;
    let evaluator: WasmEvaluator | undefined;
    const call = (name: string, args: readonly unknown[]): unknown => {
      if (evaluator === undefined) throw refuseFunction(name);
      return evaluator.#call(name, args);
    };
    const custom = Object.fromEntries(
      builtinNames()
        .filter((name) => builtinFunction(name) !== undefined)
        .map((name) => [name, (...args: unknown[]): unknown => call(name, args)]),
    );
    try {
      const bytes = Uint8Array.from(contents.wasm.bytes);
      const loaded: unknown = await loadPolicy(bytes, {}, custom);
      const needed = neededBuiltins(loaded);
      const wrong = needed.find((name) => unfaithful.has(name));
      if (wrong !== undefined) {
        tell(`the module is not used: ${wrong} of its engine is not the same as OPA's`);
        return null;
      }
      const policy = loaded as WasmPolicy;
      policy.setData(exactJsonOfValue(contents.data));
      evaluator = new WasmEvaluator(policy);
      return evaluator;
    } catch (problem) {
      tell(`the module cannot be loaded: ${messageOf(problem)}`);
      return null;
    }
  }

  #call(name: string, args: readonly unknown[]): unknown {
    const recorded = this.#run.recordedCalls?.answer(name, args.map(valueOfJson));
    if (recorded !== undefined) return exactJsonOfValue(recorded);
    const builtin = builtinFunction(name);
    if (builtin === undefined) throw refuseFunction(name);
    try {
      const value = builtin(args.map(valueOfJson), this.#run);
      return value === undefined ? undefined : exactJsonOfValue(value);
    } catch (problem) {
      if (problem instanceof BuiltinProblem) return undefined;
      throw problem;
    }
  }

  /** Undefined where the module has no entrypoint for what is asked. */
  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): Evaluation | undefined {
    const question = readQuestion(request.action.name);
    if (question?.kind !== 'document') return undefined;
    const { path } = question;
    const entrypoint = path.join('/');
    if (!Object.hasOwn(this.#policy.entrypoints, entrypoint)) return undefined;
    this.#run = new Run(timeOf(request), undefined, recordedCallsOf(request));
    let results: unknown;
    try {
      results = this.#policy.evaluate(request.context, entrypoint);
    } catch (problem) {
      return withoutAnswer([{ message: messageOf(problem) }]);
    }
    if (!knowledge.complete || (knowledge.hidden?.length ?? 0) > 0) {
      return withoutAnswer([
        { message: 'a WebAssembly module does not tell which parts of the input it reads' },
      ]);
    }
    const first: unknown = Array.isArray(results) ? results[0] : undefined;
    const result =
      typeof first === 'object' && first !== null && 'result' in first ? first.result : undefined;
    const value = result === undefined ? undefined : valueOfJson(result);
    const steps = { layers: [], determining: [], determiningSteps: [], onlyDefaults: false, cut: false };
    return answerOf(
      {
        asked: dataPath(path),
        path,
        value,
        document: value,
        missingInput: new Set(),
        errors: [],
        steps,
        completeness: 'decision-only',
      },
      knowledge,
    );
  }
}

/** The engine keeps the list of functions that the module imports to itself; the module exports it as text. */
function neededBuiltins(policy: unknown): string[] {
  const { wasmInstance, mem } = policy as {
    readonly wasmInstance: {
      readonly exports: { builtins(): number; opa_json_dump(address: number): number };
    };
    readonly mem: { readonly buffer: ArrayBuffer };
  };
  const address = wasmInstance.exports.opa_json_dump(wasmInstance.exports.builtins());
  const bytes = new Uint8Array(mem.buffer);
  let text = '';
  for (let at = address; bytes[at] !== undefined && bytes[at] !== 0; at++)
    text += String.fromCharCode(bytes[at] ?? 0);
  return Object.keys(JSON.parse(text) as Record<string, unknown>);
}

function messageOf(problem: unknown): string {
  if (typeof problem === 'string') return problem;
  if (typeof problem === 'object' && problem !== null && 'message' in problem) return String(problem.message);
  return 'the module failed';
}
