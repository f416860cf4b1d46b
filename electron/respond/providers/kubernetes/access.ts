import { type JsonObject, arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import type { Enforcement, Target } from '#shared/domain/response.ts';
import type { CallContext } from '../../provider.ts';
import { type Cluster, rbac } from './cluster.ts';
import { groupsOf, suspectOfTarget, userNameOf } from './subjects.ts';

const reviews = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
/** A role may hold hundreds of rules: the first few tell whether it still is given. */
const mostQuestions = 10;

/**
 * Asks the cluster’s authorizers, by SubjectAccessReview, whether the subject may still do what the binding’s role
 * allows, with the groups that every such subject has.
 */
export async function accessOf(cluster: Cluster, target: Target, call: CallContext): Promise<Enforcement> {
  const suspect = suspectOfTarget(target);
  const questions = await questionsOf(cluster, target, call);
  const answers = await Promise.all(
    questions.map(async (question) => {
      const status = await cluster.review(
        reviews,
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          spec: { user: userNameOf(suspect), groups: groupsOf(suspect), ...question },
        },
        call,
      );
      return { allowed: status['allowed'] === true, reason: textAt(status, 'reason') };
    }),
  );
  const allowed = answers.filter((answer) => answer.allowed);
  const isCertain = answers.length > 0 && suspect.kind === 'ServiceAccount';
  const state = allowed.length > 0 ? 'still_allowed' : answers.length > 0 ? 'denied' : 'unknown';
  return {
    state,
    method: 'decision',
    artefacts: ['grant'],
    detail:
      state === 'unknown'
        ? 'The role could not be read, or allows nothing.'
        : state === 'still_allowed'
          ? `The subject is still allowed what the role gives: ${allowed[0]?.reason ?? 'no reason said'}.`
          : isCertain
            ? 'The subject is denied what the role gives.'
            : 'The user is denied what the role gives; groups that the identity provider adds are not known here.',
    facts: { asked: answers.length, allowed: allowed.length },
  };
}

/** One question out of each of the role’s first rules. */
async function questionsOf(
  cluster: Cluster,
  { attributes }: Target,
  call: CallContext,
): Promise<JsonObject[]> {
  const name = encodeURIComponent(String(attributes['role']));
  const namespace = attributes['namespace'] ?? null;
  const path =
    attributes['roleKind'] === 'ClusterRole'
      ? `${rbac}/clusterroles/${name}`
      : `${rbac}/namespaces/${encodeURIComponent(String(namespace))}/roles/${name}`;
  const role = await cluster.find(path, call);
  return arrayAt(role ?? undefined, 'rules')
    .filter(isObject)
    .slice(0, mostQuestions)
    .flatMap((rule) => questionOf(rule, namespace === null ? null : String(namespace)));
}

function questionOf(rule: JsonObject, namespace: string | null): JsonObject[] {
  const first = (key: string): string | null => {
    const [value] = arrayAt(rule, key);
    return typeof value === 'string' ? value : null;
  };
  const verb = first('verbs');
  const url = first('nonResourceURLs');
  if (verb === null) return [];
  if (url !== null) return [{ nonResourceAttributes: { path: url, verb } }];
  const [resource = '', subresource] = (first('resources') ?? '').split('/');
  if (resource === '') return [];
  const name = first('resourceNames');
  return [
    {
      resourceAttributes: {
        verb,
        group: first('apiGroups') ?? '',
        resource,
        ...(subresource === undefined ? {} : { subresource }),
        ...(name === null ? {} : { name }),
        ...(namespace === null ? {} : { namespace }),
      },
    },
  ];
}
