import type {
  BundleProblem,
  BundleSource,
  CompiledBundle,
  PolicyText,
} from '../../../domain/policy-system.ts';
import { readsOf } from '../condition/conditions.ts';
import { Evaluator } from '../evaluate/evaluate.ts';
import type { Estate } from '../model.ts';
import { whoCan } from '../who.ts';
import { readDocuments } from './documents.ts';
import { readEstate } from './estate.ts';

/** Reads policies, roles and the hierarchy, and compiles them. */
export function compileBundle(source: BundleSource): CompiledBundle {
  const problems: BundleProblem[] = [];
  const estate = readEstate(readDocuments(source, problems), problems);
  const evaluator = new Evaluator(estate, problems);
  const bindings = estate.policies.flatMap((policy) => policy.bindings);
  for (const name of new Set(bindings.map(({ role }) => role))) {
    if (estate.roles.get(name)?.permissions instanceof Set) continue;
    const binding = bindings.find(({ role }) => role === name);
    const message = `The permissions of ${name} are not in the bundle: “gcloud iam roles describe” prints them.`;
    problems.push({
      severity: 'warning',
      path: binding?.ref.path ?? '',
      locator: binding?.ref.locator ?? '',
      message,
    });
  }
  return {
    system: 'gcp-iam',
    engine: { name: 'rescind-gcp-iam', version: '1', mode: 'own' },
    revision: null,
    policies: estate.policies.length + estate.denies.length,
    subjects: new Set(bindings.flatMap(({ members }) => members)).size,
    problems,
    texts: textsOf(source),
    contextKeys: new Set(
      expressionsOf(estate)
        .flatMap(readsOf)
        .filter((key) => key.startsWith('request.') || key.startsWith('destination.')),
    ),
    evaluate: (request, knowledge) => ({ evaluation: evaluator.evaluate(request, knowledge) }),
    who: (question) =>
      whoCan(question, estate, (request, knowledge) => evaluator.evaluate(request, knowledge)),
  };
}

function expressionsOf({ policies, denies }: Estate): string[] {
  const conditions = [
    ...policies.flatMap(({ bindings }) => bindings.map(({ condition }) => condition)),
    ...denies.flatMap(({ rules }) => (rules ?? []).map(({ condition }) => condition)),
  ];
  return conditions.filter((condition) => condition !== null);
}

function textsOf(source: BundleSource): PolicyText[] {
  if (source.kind === 'inline') {
    const text = JSON.stringify(source.document, null, 2);
    return [{ policyId: 'document', title: 'Policies', path: '', language: 'json', text }];
  }
  return source.files.flatMap(({ path, text }): PolicyText[] => {
    if (text === null || !/\.(?:jsonl?|ndjson|ya?ml)$/i.test(path)) return [];
    return [{ policyId: path, title: path, path, language: /\.ya?ml$/i.test(path) ? 'yaml' : 'json', text }];
  });
}
