import type { EvaluationRequest, RequestKnowledge } from '../../../domain/evaluation-request.ts';
import type { Evaluation, EvaluationError } from '../../../domain/trace.ts';
import { answerOf, withoutAnswer } from '../answer.ts';
import type { BundleContents } from '../bundle/contents.ts';
import { readQuestion } from '../decision-path.ts';
import { Run } from '../evaluate/context.ts';
import { Halt } from '../evaluate/problems.ts';
import { inputOf, recordedCallsOf } from '../question.ts';
import { timeOf } from '../request-time.ts';
import { isDenial, readDecision } from '../reading.ts';
import { dataPath } from '../value/print.ts';
import { RegoObject, type Value } from '../value/value.ts';
import { PlanInterpreter } from './interpreter.ts';
import type { PlanPolicy } from './model.ts';
import { PlanRecorder } from './trace.ts';

/** Answers requests from a bundle's plan. */
export class PlanEvaluator {
  readonly #contents: BundleContents;
  readonly #policy: PlanPolicy;

  constructor(contents: BundleContents, policy: PlanPolicy) {
    this.#contents = contents;
    this.#policy = policy;
  }

  /** Undefined where the plan has no entrypoint for what is asked. */
  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): Evaluation | undefined {
    const question = readQuestion(request.action.name);
    if (question?.kind !== 'document') return undefined;
    const { path } = question;
    const plan = this.#policy.plans.find(({ name }) => name.replace(/^\/+/, '') === path.join('/'));
    if (plan === undefined) return undefined;
    const recorder = new PlanRecorder(this.#policy);
    const run = new Run(timeOf(request), undefined, recordedCallsOf(request));
    const { value: input, hidden: reads } = inputOf(request, knowledge);
    const effect = isDenial(path) ? ('deny' as const) : ('allow' as const);
    const sourceOf = (file: string, row: number): string | null => this.#sourceLine(file, row);
    let results: readonly Value[];
    try {
      results = new PlanInterpreter(this.#policy, run, recorder).execute(
        plan.blocks,
        input,
        this.#contents.data,
      );
    } catch (problem) {
      const full = problem instanceof RangeError;
      if (!full && !(problem instanceof Halt)) throw problem;
      const message = full ? 'the evaluation was nested too deeply' : describe(problem);
      const { layers } = recorder.steps(path, effect, 'unknown', sourceOf);
      const unknown = problem instanceof Halt ? problem.unknown : null;
      return withoutAnswer([{ message }], { layers, unknowns: unknown === null ? [] : [unknown] });
    }
    const value = resultOf(results);
    const { decision } = readDecision(path, value);
    const hidden = [...(reads?.read ?? [])];
    const steps = recorder.steps(path, effect, decision === 'indeterminate' ? 'unknown' : decision, sourceOf);
    const errors = [...recorder.errors].map(([message, statement]): EvaluationError => {
      const place = recorder.place(statement.at);
      return {
        message: `${message} (the expression is undefined)`,
        ref: { ...place, policyId: dataPath(path) },
      };
    });
    return answerOf(
      {
        asked: dataPath(path),
        path,
        value,
        document: value,
        missingInput: run.missingInput,
        hiddenRead: hidden,
        errors,
        steps,
        completeness: 'full',
      },
      knowledge,
    );
  }

  #sourceLine(path: string, row: number): string | null {
    const module = this.#contents.modules.find(
      (candidate) => path === candidate.path || path.endsWith(`/${candidate.path}`),
    );
    return module?.text.split('\n')[row - 1] ?? null;
  }
}

function describe(problem: Halt): string {
  return problem.code === 'unsupported' ? problem.message : `${problem.code}: ${problem.message}`;
}

/** Entrypoints bind their document to `result`. */
function resultOf(results: readonly Value[]): Value | undefined {
  const [first] = results;
  if (!(first instanceof RegoObject)) return undefined;
  return first.get('result') ?? first.entries[0]?.[1];
}
