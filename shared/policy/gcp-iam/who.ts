import type { EvaluationRequest, RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { WhoAnswer, WhoQuestion } from '../../domain/policy-system.ts';
import type { ConditionNode, Evaluation, Step } from '../../domain/trace.ts';
import type { Estate } from './model.ts';

type Judge = (request: EvaluationRequest, knowledge: RequestKnowledge) => Evaluation;
type Subject = WhoAnswer['subject'];

/**
 * Everybody whom allow policies name, and the listed members of their groups, asked one by one: a user or service
 * account with the groups of which the bundle lists it as a member; a group, domain or set of identities as such, for
 * whoever belongs to it. Where a policy or a role of the way is not in the bundle the answer is that it cannot be told.
 * The context may hold `project`, which the names of buckets do not tell.
 */
export function* whoCan(question: WhoQuestion, estate: Estate, judge: Judge): Iterable<WhoAnswer> {
  const { action, resource, context } = question;
  const groupsOf = groupsByMember(estate);
  const on = { type: 'resource', id: resource, properties: placeIn(context) };
  for (const member of membersOf(estate)) {
    const subject = subjectOf(member);
    if (subject === null) continue;
    const evaluation = judge(
      {
        subject: { ...subject, properties: { groups: groupsAbove(member, groupsOf) } },
        action: { name: action },
        resource: on,
        context,
      },
      { complete: false },
    );
    const { decision } = evaluation;
    if (decision === 'allow' || decision === 'indeterminate') yield answerOf(subject, decision, evaluation);
  }
}

function placeIn({ project }: JsonObject): JsonObject {
  return project === undefined ? {} : { project };
}

function answerOf(subject: Subject, decision: WhoAnswer['decision'], evaluation: Evaluation): WhoAnswer {
  const grants = evaluation.layers.filter(({ role }) => role === 'grant').flatMap(({ steps }) => steps);
  const wanted = decision === 'allow' ? true : 'unknown';
  const ways = grants.filter(({ matched }) => matched === wanted || matched === true);
  const condition = decision === 'allow' ? null : openCondition(ways, evaluation);
  return {
    subject,
    decision,
    path: ways[0]?.via ?? [],
    policies: ways.map(({ ref }) => ref),
    ...(condition === null ? {} : { condition }),
  };
}

/** What would have to be known: the conditions of bindings, else what the bundle lacks. */
function openCondition(ways: readonly Step[], { unknowns, errors }: Evaluation): ConditionNode | null {
  const conditions = ways.flatMap(({ tests: { condition } }) => condition ?? []);
  const [first] = conditions;
  if (first !== undefined && conditions.length === 1) return first;
  if (first !== undefined) {
    const expr = conditions.map((each) => each.expr).join(' or ');
    return { op: 'any', expr, result: 'unknown', children: conditions };
  }
  const why = unknowns[0] ?? errors[0]?.message;
  return why === undefined ? null : { op: 'leaf', expr: why, result: 'unknown', why };
}

/** Members of allow policies and of listed groups, each once, in order. */
function membersOf({ policies, groups }: Estate): string[] {
  const found = new Set(policies.flatMap(({ bindings }) => bindings.flatMap(({ members }) => members)));
  for (const member of found) {
    const group = groupOf(member);
    for (const inner of group === null ? [] : (groups.get(group) ?? [])) found.add(memberText(inner));
  }
  return [...found].toSorted((one, other) => (one < other ? -1 : 1));
}

/** `user:ann@example.com` of a mail that a list of members gives alone. */
function memberText(member: string): string {
  if (member.includes(':')) return member;
  return member.endsWith('gserviceaccount.com') ? `serviceAccount:${member}` : `user:${member}`;
}

function groupOf(member: string): string | null {
  return /^group:(.+)$/.exec(member)?.[1]?.toLowerCase() ?? null;
}

/** Groups that list somebody, by the member in lower case. */
function groupsByMember({ groups }: Estate): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [group, members] of groups) {
    for (const member of members) {
      const key = memberText(member).toLowerCase();
      found.set(key, [...(found.get(key) ?? []), group]);
    }
  }
  return found;
}

/** Groups that hold a member, and groups that hold these. */
function groupsAbove(member: string, groupsOf: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set(groupsOf.get(member.toLowerCase()));
  for (const group of found) for (const above of groupsOf.get(`group:${group}`) ?? []) found.add(above);
  return [...found];
}

/** Who a member is; null for accounts that are deleted. */
function subjectOf(member: string): Subject | null {
  const [, kind, id = ''] = /^(user|serviceAccount|group|deleted):(.+)$/.exec(member) ?? [];
  if (kind === 'deleted') return null;
  if (kind !== undefined) return { type: kind, id };
  if (member === 'allUsers') return { type: 'anonymous', id: member };
  if (member.startsWith('principal://')) return { type: 'federated', id: member };
  return { type: 'set', id: member };
}
