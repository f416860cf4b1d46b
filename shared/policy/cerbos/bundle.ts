import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type {
  BundleProblem,
  BundleSource,
  CompiledBundle,
  EngineAnswer,
  ExternalEngines,
} from '../../domain/policy-system.ts';
import type { Engine } from '../../domain/trace.ts';
import { relevantPolicies } from './check.ts';
import { type PolicyDocument, readDocuments } from './documents.ts';
import { refused } from './evaluation.ts';
import { Expressions } from './expressions.ts';
import { evaluationOfOwn, judge } from './judge.ts';
import type { PolicyStore } from './policies.ts';
import { lint } from './lint.ts';
import { evaluationOfProgram } from './program-evaluation.ts';
import { CerbosProgram } from './program.ts';
import { readPolicies } from './read.ts';
import { type CerbosRequest, readRequest } from './request.ts';

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
  readonly contextKeys: ReadonlySet<string>;
  readonly #program: CerbosProgram | null;
  readonly #store: PolicyStore;
  readonly #expressions = new Expressions();
  readonly #scopes: ReadonlyMap<string, string>;
  /** Paths of the documents that were read. */
  readonly #read: ReadonlySet<string>;

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
    const readsClock = documents.some(({ text }) => /\b(?:now|timeSince)\b/.test(text));
    this.contextKeys = new Set(['auxData', 'globals', 'lenientScopeSearch', ...(readsClock ? ['now'] : [])]);
    this.#read = new Set(documents.map(({ path }) => path));
    this.#scopes = new Map(this.#store.policies.map(({ key, scope }) => [key, scope]));
  }

  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): EngineAnswer | Promise<EngineAnswer> {
    const asked = readRequest(request);
    const error = this.#errorFor(asked);
    if (error !== undefined) return { evaluation: refused(`${error.path}: ${error.message}`) };
    const own = judge(this.#store, this.#expressions, asked, knowledge);
    const certain = own.result !== null || (knowledge.complete && (knowledge.hidden ?? []).length === 0);
    // The program takes what is not there for absent: it is only asked where nothing that is untold matters.
    if (this.#program === null || !certain) return { evaluation: evaluationOfOwn(asked, own) };
    return this.#program.ask(asked).then((answer) => ({
      evaluation:
        typeof answer === 'string' ? refused(answer) : evaluationOfProgram(asked, answer, own, this.#scopes),
    }));
  }

  /**
   * The program refuses a bundle with an error as a whole. Without it, a policy that was read and has an error
   * matters where the request meets it, and a file that could not be read everywhere: it could say anything.
   */
  #errorFor(request: CerbosRequest): BundleProblem | undefined {
    const errors = this.problems.filter(({ severity }) => severity === 'error');
    if (errors.length === 0 || this.#program !== null) return errors[0];
    const { principal, resource, role } = relevantPolicies(this.#store, request);
    const met = [...principal, ...resource, ...role].flatMap((policy) => [
      policy.path,
      ...policy.imports.flatMap((name) =>
        [...(this.#store.derivedRoles.get(name)?.values() ?? [])].map(({ ref }) => ref.path),
      ),
    ]);
    return errors.find(({ path }) => met.includes(path) || !this.#read.has(path));
  }
}

function textOf({ path, text }: PolicyDocument): CompiledBundle['texts'][number] {
  return { policyId: path, title: path, path, language: path.endsWith('.json') ? 'json' : 'yaml', text };
}
