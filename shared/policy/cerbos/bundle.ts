import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type {
  BundleProblem,
  BundleSource,
  CompiledBundle,
  EngineAnswer,
  ExternalEngines,
} from '../../domain/policy-system.ts';
import type { Engine } from '../../domain/trace.ts';
import { type PolicyDocument, readDocuments } from './documents.ts';
import { refused } from './evaluation.ts';
import { Expressions } from './expressions.ts';
import { evaluationOfOwn, judge } from './judge.ts';
import type { PolicyStore } from './policies.ts';
import { lint } from './lint.ts';
import { evaluationOfProgram } from './program-evaluation.ts';
import { CerbosProgram } from './program.ts';
import { readPolicies } from './read.ts';
import { readRequest } from './request.ts';

const ownEngine: Engine = {
  name: 'rescind-cerbos',
  version: '1',
  mode: 'own',
  rung: 'our own evaluator: no cerbos program is configured',
};

/** A policy folder, judged by the user's own Cerbos program where there is one, otherwise by our own evaluator. */
export async function loadCerbos(source: BundleSource, engines: ExternalEngines): Promise<CompiledBundle> {
  const program = engines.cerbos === undefined ? null : new CerbosProgram(engines.cerbos, source);
  return new CerbosBundle(source, program, (await program?.problems()) ?? null);
}

class CerbosBundle implements CompiledBundle {
  readonly system = 'cerbos';
  readonly engine: Engine;
  readonly revision = null;
  readonly policies: number;
  readonly subjects: number;
  readonly problems: readonly BundleProblem[];
  readonly texts: CompiledBundle['texts'];
  readonly contextKeys: ReadonlySet<string> = new Set(['auxData', 'globals', 'now', 'lenientScopeSearch']);
  readonly #program: CerbosProgram | null;
  readonly #store: PolicyStore;
  readonly #expressions = new Expressions();
  readonly #scopes: ReadonlyMap<string, string>;

  constructor(source: BundleSource, program: CerbosProgram | null, told: readonly BundleProblem[] | null) {
    const problems: BundleProblem[] = [];
    const documents = readDocuments(source, problems);
    this.#program = program;
    this.engine =
      program === null
        ? ownEngine
        : {
            name: 'cerbos',
            version: program.version,
            mode: 'external',
            rung: 'the configured cerbos program',
          };
    this.#store = readPolicies(documents, problems);
    // The program knows best what is wrong with its policies.
    this.problems = told ?? [...problems, ...lint(this.#store)];
    this.policies = documents.length;
    const principals = this.#store.policies.filter(({ kind }) => kind === 'principal');
    this.subjects = new Set(principals.map(({ name }) => name)).size;
    this.texts = documents.map(textOf);
    this.#scopes = new Map(this.#store.policies.map(({ key, scope }) => [key, scope]));
  }

  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): EngineAnswer | Promise<EngineAnswer> {
    const error = this.problems.find(({ severity }) => severity === 'error');
    // Cerbos refuses a folder with an error as a whole: what the broken part would have said is unknown.
    if (error !== undefined) return { evaluation: refused(`${error.path}: ${error.message}`) };
    const asked = readRequest(request);
    const own = judge(this.#store, this.#expressions, asked, knowledge);
    const certain = own.result !== null || knowledge.complete;
    // The program takes what is not there for absent: it is only asked where nothing that is untold matters.
    if (this.#program === null || !certain) return { evaluation: evaluationOfOwn(asked, own) };
    return this.#program.ask(asked).then((answer) => ({
      evaluation:
        typeof answer === 'string' ? refused(answer) : evaluationOfProgram(asked, answer, own, this.#scopes),
    }));
  }
}

function textOf({ path, text }: PolicyDocument): CompiledBundle['texts'][number] {
  return { policyId: path, title: path, path, language: path.endsWith('.json') ? 'json' : 'yaml', text };
}
