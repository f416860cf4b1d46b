import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type {
  BundleProblem,
  BundleSource,
  CompiledBundle,
  EngineAnswer,
} from '../../domain/policy-system.ts';
import type { Engine } from '../../domain/trace.ts';
import { type PolicyDocument, readDocuments } from './documents.ts';
import { refused } from './evaluation.ts';
import { Expressions } from './expressions.ts';
import { judge } from './judge.ts';
import type { PolicyStore } from './policies.ts';
import { readPolicies } from './read.ts';
import { readRequest } from './request.ts';

export const ownEngine: Engine = {
  name: 'rescind-cerbos',
  version: '1',
  mode: 'own',
  rung: 'evaluator of our own: no cerbos program is configured',
};

/** A policy folder, judged by the evaluator of our own. */
export class CerbosBundle implements CompiledBundle {
  readonly system = 'cerbos';
  readonly engine: Engine = ownEngine;
  readonly revision = null;
  readonly policies: number;
  readonly subjects: number;
  readonly problems: readonly BundleProblem[];
  readonly texts: CompiledBundle['texts'];
  readonly contextKeys: ReadonlySet<string> = new Set(['auxData', 'globals', 'now', 'lenientScopeSearch']);
  readonly #store: PolicyStore;
  readonly #expressions = new Expressions();

  constructor(source: BundleSource) {
    const problems: BundleProblem[] = [];
    const documents = readDocuments(source, problems);
    this.#store = readPolicies(documents, problems);
    this.problems = problems;
    this.policies = documents.length;
    this.subjects = new Set(
      this.#store.policies.flatMap(({ kind, name }) => (kind === 'principal' ? [name] : [])),
    ).size;
    this.texts = documents.map(textOf);
  }

  evaluate(request: EvaluationRequest, knowledge: RequestKnowledge): EngineAnswer {
    const [error] = this.problems.filter(({ severity }) => severity === 'error');
    // Cerbos refuses a folder with an error as a whole: what the broken part would have said is unknown.
    if (error !== undefined) return { evaluation: refused(`${error.path}: ${error.message}`) };
    return { evaluation: judge(this.#store, this.#expressions, readRequest(request), knowledge) };
  }
}

function textOf({ path, text }: PolicyDocument): CompiledBundle['texts'][number] {
  return { policyId: path, title: path, path, language: path.endsWith('.json') ? 'json' : 'yaml', text };
}
