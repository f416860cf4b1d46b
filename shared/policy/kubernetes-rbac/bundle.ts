import type { BundleProblem, BundleSource, CompiledBundle, PolicyText } from '../../domain/policy-system.ts';
import type { Evaluation } from '../../domain/trace.ts';
import { Cluster } from './cluster.ts';
import { decodeManifests } from './decode.ts';
import { readObjects } from './documents.ts';
import { entitlementsOf } from './entitlements.ts';
import { doubtsOf, weigh, withAllPossible, withoutDoubtful } from './history/doubt.ts';
import { Evaluator } from './evaluate.ts';
import { readAwsMappings } from './eks.ts';
import { identitiesOf } from './identities.ts';
import { ClusterPaths } from './paths/access-paths.ts';
import { proposeRoles } from './propose/propose.ts';
import { whoCan } from './who.ts';

/** Reads manifests and compiles them. */
export function compileManifests(source: BundleSource): CompiledBundle {
  const problems: BundleProblem[] = [];
  const objects = readObjects(source, problems);
  const manifests = decodeManifests(objects, problems);
  const mappings = readAwsMappings(objects, problems);
  // What could not be read could grant anything.
  const unread = problems.find(({ severity }) => severity === 'error') ?? null;
  const doubts = doubtsOf(manifests);
  const cluster = new Cluster(doubts.size === 0 ? manifests : withoutDoubtful(manifests));
  const evaluator = new Evaluator(cluster);
  let paths: ClusterPaths | null = null;
  const possible = doubts.size === 0 ? null : new Evaluator(new Cluster(withAllPossible(manifests)));
  for (const { role, binding, roleLabel, label } of cluster.grants) {
    if (role !== null) continue;
    const message = `${label} binds ${roleLabel}, which is not in the bundle.`;
    problems.push({ severity: 'error', path: binding.ref.path, locator: binding.ref.locator, message });
  }
  const subjects = new Set(
    cluster.grants.flatMap(({ binding }) =>
      binding.subjects.map(
        ({ kind, name, namespace }) => `${kind} ${namespace ?? binding.namespace ?? ''} ${name}`,
      ),
    ),
  );
  return {
    system: 'kubernetes-rbac',
    engine: { name: 'rescind', version: '1', mode: 'own' },
    revision: null,
    policies: manifests.roles.length + manifests.bindings.length,
    subjects: subjects.size,
    problems,
    texts: textsOf(source),
    // Everything that rules read is in subject, action and resource.
    contextKeys: new Set(),
    evaluate: (request, knowledge) => {
      const certain = withUnread(evaluator.evaluate(request, knowledge), unread);
      if (possible === null) return { evaluation: certain };
      return { evaluation: weigh(certain, () => possible.evaluate(request, knowledge), doubts) };
    },
    identities: () => identitiesOf(manifests, objects, mappings),
    who: (question) => whoCan(cluster, question),
    entitlements: (subject) => entitlementsOf(cluster, subject),
    // RBAC reads no time: one analysis answers every question.
    paths: ({ subject }) => (paths ??= new ClusterPaths(cluster, mappings)).paths(subject),
    propose: (question) => proposeRoles(cluster, question),
    reach: (subject) => (paths ??= new ClusterPaths(cluster, mappings)).reach(subject),
  };
}

/** A denial is none where part of the manifests could not be read. */
function withUnread(evaluation: Evaluation, unread: BundleProblem | null): Evaluation {
  if (unread === null || evaluation.decision !== 'deny' || evaluation.kind !== 'implicit') return evaluation;
  const place = unread.locator === '' ? unread.path : `${unread.path} ${unread.locator}`;
  return {
    ...evaluation,
    decision: 'indeterminate',
    blockedBy: [],
    errors: [...evaluation.errors, { message: `${place}: ${unread.message}` }],
    unknowns: [...evaluation.unknowns, place],
    completeness: 'partial',
    verdict: `Cannot tell: nothing that could be read grants it, and ${place} could not be read.`,
  };
}

function textsOf(source: BundleSource): PolicyText[] {
  if (source.kind === 'inline') {
    const text = JSON.stringify(source.document, null, 2);
    return [{ policyId: 'document', title: 'Manifests', path: '', language: 'json', text }];
  }
  return source.files.flatMap(({ path, text }): PolicyText[] => {
    if (text === null || !/\.(?:ya?ml|json)$/i.test(path)) return [];
    const language = /\.json$/i.test(path) ? 'json' : 'yaml';
    return [{ policyId: path, title: path, path, language, text }];
  });
}
