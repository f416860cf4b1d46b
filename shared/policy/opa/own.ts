import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { Decision, Evaluation, EvaluationError } from '../../domain/trace.ts';
import { builtinFunction } from './builtins/registry.ts';
import type { BundleContents } from './bundle/contents.ts';
import { locatorOf } from './bundle/modules.ts';
import { CompileProblem } from './compile/code.ts';
import { compileQuery, type Program } from './compile/program.ts';
import { nodeAt } from './compile/tree.ts';
import { type Question, readQuestion } from './decision-path.ts';
import { evaluateQuery, type Solutions } from './evaluate/evaluator.ts';
import { Halt } from './evaluate/problems.ts';
import { answerOf, withoutAnswer } from './answer.ts';
import { type Input, inputOf, recordedCallsOf } from './question.ts';
import { timeOf } from './request-time.ts';
import { isDenial, readDecision } from './reading.ts';
import { Descriptions } from './trace/descriptions.ts';
import { type StepsResult, stepsOf } from './trace/steps.ts';
import { Recorder } from './trace/recorder.ts';
import { dataPath } from './value/print.ts';
import { RegoObject, type Value } from './value/value.ts';

const mostQueries = 1000;

/** Answers requests from the policy's sources with the evaluator of this project. */
export class OwnEvaluator {
  readonly #contents: BundleContents;
  readonly #program: Program;
  readonly #descriptions = new Descriptions();
  /** Compiled questions by their names: a replay asks the same one many times. */
  readonly #queries = new Map<string, ReturnType<typeof compileQuery>>();

  constructor(contents: BundleContents, program: Program) {
    this.#contents = contents;
    this.#program = program;
  }

  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): Evaluation {
    const question = readQuestion(request.action.name);
    if (question === undefined) {
      return withoutAnswer([
        { message: `“${request.action.name}” is neither a path of a document nor a query` },
      ]);
    }
    if (question.kind === 'document' && !this.#isKnown(question.path)) {
      return withoutAnswer([
        { message: `the bundle has neither a rule nor data at ${dataPath(question.path)}` },
      ]);
    }
    const recorder = new Recorder();
    const path = question.kind === 'document' ? question.path : [];
    const effect = isDenial(path) ? ('deny' as const) : ('allow' as const);
    const trace = (decision: Decision): StepsResult =>
      stepsOf({ recorder, descriptions: this.#descriptions, path, effect, decision });
    const input = inputOf(request, knowledge);
    try {
      const query = this.#compiled(request.action.name, question);
      const solutions = evaluateQuery(
        {
          program: this.#program,
          data: this.#contents.data,
          input: input.value,
          tracer: recorder,
          nowNanoseconds: timeOf(request),
          recordedCalls: recordedCallsOf(request),
          hidden: input.hidden,
          builtin: builtinFunction,
        },
        query.branch,
      );
      return this.#answer(question, query.names, solutions, trace, knowledge, input);
    } catch (problem) {
      return this.#failed(problem, trace('indeterminate'));
    }
  }

  #compiled(name: string, question: Question): ReturnType<typeof compileQuery> {
    const known = this.#queries.get(name);
    if (known !== undefined) return known;
    const query = compileQuery(this.#program, question.body);
    if (this.#queries.size < mostQueries) this.#queries.set(name, query);
    return query;
  }

  #isKnown(path: readonly string[]): boolean {
    let value: Value | undefined = this.#contents.data;
    for (const key of path) value = value instanceof RegoObject ? value.get(key) : undefined;
    if (value !== undefined) return true;
    for (let length = path.length; length >= 0; length--) {
      const node = nodeAt(this.#program.tree, path.slice(0, length));
      if (node === undefined) continue;
      return length === path.length || node.rule !== null || node.parts !== null;
    }
    return false;
  }

  #answer(
    question: Question,
    names: readonly (readonly [name: string, slot: number])[],
    { slots, run }: Solutions,
    trace: (decision: Decision) => StepsResult,
    knowledge: RequestKnowledge,
    { hidden: reads }: Input,
  ): Evaluation {
    const path = question.kind === 'document' ? question.path : [];
    const bindings = slots.map((solution) =>
      RegoObject.of(
        names.flatMap(([name, slot]) => {
          const value = solution[slot];
          return value === undefined ? [] : [[name, value] as const];
        }),
      ),
    );
    const value =
      question.kind === 'document' ? bindings[0]?.get('result') : soleValue(bindings, names.length);
    const document = question.kind === 'document' ? value : bindings;
    const { decision } = readDecision(path, value);
    // Printing what was compared reads it again.
    const hidden = [...(reads?.read ?? [])];
    const steps = trace(decision);
    const errors = [...run.builtinErrors].map(([message, { definition, instruction }]): EvaluationError => {
      if (definition === null) return { message };
      const { path: file, text } = definition.module;
      return {
        message: `${message} (the expression is undefined)`,
        ref: {
          path: file,
          locator: locatorOf(text, instruction.span.start),
          policyId: dataPath(definition.path),
        },
      };
    });
    return answerOf(
      {
        asked: question.kind === 'document' ? dataPath(path) : 'the query',
        path,
        value,
        document,
        missingInput: run.missingInput,
        hiddenRead: hidden,
        errors,
        steps,
        completeness: 'full',
      },
      knowledge,
    );
  }

  #failed(problem: unknown, steps: StepsResult): Evaluation {
    if (problem instanceof CompileProblem) {
      return withoutAnswer([{ message: `${problem.code}: ${problem.message}` }]);
    }
    if (!(problem instanceof Halt)) throw problem;
    const { span, code } = problem;
    const module = this.#program.modules.find(({ path }) => path === span?.path);
    const message = code === 'unsupported' ? problem.message : `${code}: ${problem.message}`;
    const error: EvaluationError =
      span === null || module === undefined
        ? { message }
        : {
            message,
            ref: {
              path: span.path,
              locator: locatorOf(module.text, span.start),
              policyId: dataPath(module.package),
            },
          };
    const unknowns = problem.unknown === null ? [] : [problem.unknown];
    return withoutAnswer([error], { layers: steps.layers, unknowns });
  }
}

/** The one value that a query binds; true where it holds and binds nothing. */
function soleValue(bindings: readonly RegoObject[], names: number): Value | undefined {
  const [first] = bindings;
  if (first === undefined) return undefined;
  if (names === 0) return true;
  return bindings.length === 1 && first.size === 1 ? first.entries[0]?.[1] : bindings;
}
