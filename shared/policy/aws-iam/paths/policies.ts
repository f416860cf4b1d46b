import type { JsonObject } from '../../../domain/json.ts';
import type { AccessPathStep } from '../../../domain/access-path.ts';
import type { IamEntity } from '../bundle/entity.ts';
import { Attachment } from '../evaluate/attachment.ts';
import { parseArn } from '../match/arn.ts';
import { type Edge, edgeOf, isOfService } from './edge.ts';
import type { Gain } from './gain.ts';
import { boundaryKey, type Controlled } from './identities.ts';
import type { Prober } from './prober.ts';
import { administratorPolicies, policyTags } from './techniques.ts';

interface Writing {
  readonly id: string;
  readonly title: string;
  readonly action: string;
  /** Managed policies are attached: which ones, a condition may limit. */
  readonly attaches: boolean;
}

const writing = (id: string, title: string, action: string): Writing => ({
  id,
  title,
  action,
  attaches: action.includes(':Attach'),
});

const ofUser: readonly Writing[] = [
  writing('iam-attach-user-policy', 'Attach a policy to oneself', 'iam:AttachUserPolicy'),
  writing('iam-put-user-policy', 'Write an inline policy of oneself', 'iam:PutUserPolicy'),
];
const ofRole: readonly Writing[] = [
  writing(
    'iam-attach-role-policy',
    'Attach a policy to a role that one is or can be',
    'iam:AttachRolePolicy',
  ),
  writing(
    'iam-put-role-policy',
    'Write an inline policy of a role that one is or can be',
    'iam:PutRolePolicy',
  ),
];
const ofGroup: readonly Writing[] = [
  writing('iam-attach-group-policy', 'Attach a policy to one’s own group', 'iam:AttachGroupPolicy'),
  writing('iam-put-group-policy', 'Write an inline policy of one’s own group', 'iam:PutGroupPolicy'),
];
const joining = { id: 'iam-add-user-to-group', title: 'Join a group', tags: policyTags };
const newVersion = {
  id: 'iam-create-policy-version',
  title: 'Rewrite a policy that one has',
  tags: policyTags,
};
const otherVersion = {
  id: 'iam-set-default-policy-version',
  title: 'Put another version of a policy that one has in force',
  tags: policyTags,
};
const boundaries = {
  user: ['iam:DeleteUserPermissionsBoundary', 'iam:PutUserPermissionsBoundary'],
  role: ['iam:DeleteRolePermissionsBoundary', 'iam:PutRolePermissionsBoundary'],
} as const;
const unbinding = {
  id: 'iam-remove-permissions-boundary',
  title: 'Take off one’s own permissions boundary',
  tags: policyTags,
};

/** Ways to give more to oneself, or to a user or role that one can become. */
export function* policyEdges(
  prober: Prober,
  gain: Gain,
  entity: IamEntity,
  controlled: Controlled,
): Generator<Edge> {
  yield* policiesOf(prober, gain, entity, entity, null);
  for (const [other, way] of controlled) {
    if (gain.administration(other) === null) yield* policiesOf(prober, gain, entity, other, way);
  }
  yield* ofOthers(prober, entity);
  yield* unbound(prober, gain, entity);
}

/** Ways to give more to `whose`: the entity itself, or one that it can become by `way`. */
function* policiesOf(
  prober: Prober,
  gain: Gain,
  entity: IamEntity,
  whose: IamEntity,
  way: Edge | null,
): Generator<Edge> {
  const holdings = prober.holdings(entity);
  const more = { to: way === null ? null : whose };
  const via = way?.steps ?? [];
  const given = (): ReturnType<Gain['most']> => gain.most(whose);
  const carried = way === null ? null : { conditions: way.conditions, assumptions: way.assumptions };
  for (const { attaches, action, ...technique } of isOfService(whose)
    ? []
    : whose.kind === 'user'
      ? ofUser
      : ofRole) {
    if (holdings.holding(action).length === 0) continue;
    const step = written(prober, entity, action, whose.arn, attaches, boundaryKey(whose));
    const gives = step === null ? null : given();
    if (step === null || gives === null) continue;
    const target = { type: whose.kind, id: whose.arn };
    const tagged = { ...technique, tags: policyTags };
    yield edgeOf({ technique: tagged, ...more, target, gives, steps: [step, ...via], ...carried });
  }
  for (const group of whose.groups) {
    for (const { attaches, action, ...technique } of ofGroup) {
      if (holdings.holding(action).length === 0) continue;
      const step = written(prober, entity, action, group, attaches, {});
      const gives = step === null ? null : given();
      if (step === null || gives === null) continue;
      const tagged = { ...technique, tags: policyTags };
      const target = { type: 'group', id: group };
      yield edgeOf({ technique: tagged, ...more, target, gives, steps: [step, ...via], ...carried });
    }
  }
  yield* joinedGroups(prober, gain, entity, whose, way);
  for (const policy of managedPolicies(whose)) {
    if (holdings.holding('iam:CreatePolicyVersion').length > 0) {
      const step = prober.probe(entity, 'iam:CreatePolicyVersion', policy);
      const gives = step === null ? null : given();
      if (step !== null && gives !== null) {
        const target = { type: 'policy', id: policy };
        yield edgeOf({ technique: newVersion, ...more, target, gives, steps: [step, ...via], ...carried });
      }
    }
    if (holdings.holding('iam:SetDefaultPolicyVersion').length === 0) continue;
    const versions = accountOf(prober, whose)?.otherVersions.get(policy) ?? [];
    const step = versions.length === 0 ? null : prober.probe(entity, 'iam:SetDefaultPolicyVersion', policy);
    if (step === null) continue;
    const gains = versions.flatMap(
      (version) =>
        gain.byLayer(whose, { attachments: [new Attachment(version, 'version/')], gaps: [] }) ?? [],
    );
    const [first] = gains.toSorted();
    if (first === undefined) continue;
    const target = { type: 'policy', id: policy };
    yield edgeOf({
      technique: otherVersion,
      ...more,
      target,
      gives: first,
      steps: [step, ...via],
      ...carried,
    });
  }
}

function* joinedGroups(
  prober: Prober,
  gain: Gain,
  entity: IamEntity,
  whose: IamEntity,
  way: Edge | null,
): Generator<Edge> {
  if (whose.kind !== 'user' || prober.holdings(entity).holding('iam:AddUserToGroup').length === 0) return;
  for (const group of accountOf(prober, whose)?.groups.values() ?? []) {
    if (whose.groups.includes(group.arn)) continue;
    const step = prober.probe(entity, 'iam:AddUserToGroup', group.arn);
    const gives = step === null ? null : gain.byLayer(whose, group.identity);
    if (step === null || gives === null) continue;
    yield edgeOf({
      technique: joining,
      to: way === null ? null : whose,
      target: { type: 'group', id: group.arn },
      gives,
      steps: [step, ...(way?.steps ?? [])],
      ...(way === null ? null : { conditions: way.conditions, assumptions: way.assumptions }),
    });
  }
}

const everyOther = [
  { writings: ofUser, kind: 'user' },
  { writings: ofGroup, kind: 'group' },
  { writings: ofRole, kind: 'role' },
] as const;

/**
 * Whoever may write the policies of all users, groups or roles gives every right to any of them: its own gain where
 * it controls one besides, which a bundle does not tell.
 */
function* ofOthers(prober: Prober, entity: IamEntity): Generator<Edge> {
  const { account = '', partition = 'aws' } = parseArn(entity.arn) ?? {};
  for (const { writings, kind } of everyOther) {
    if (kind === entity.kind || (kind === 'group' && entity.groups.length > 0)) continue;
    for (const { attaches, action, ...technique } of writings) {
      const all = `arn:${partition}:iam::${account}:${kind}/*`;
      if (!prober.holdings(entity).holdsAll(action, all)) continue;
      const step = written(
        prober,
        entity,
        action,
        `arn:${partition}:iam::${account}:${kind}/any`,
        attaches,
        {},
      );
      if (step === null) continue;
      yield edgeOf({
        technique: { ...technique, tags: policyTags },
        to: null,
        target: { type: kind, id: all },
        gives: 'everything',
        steps: [step],
        conditions: [
          kind === 'group'
            ? 'whoever uses it is, or controls, a member of a group'
            : `whoever uses it controls a ${kind} besides`,
        ],
      });
    }
  }
}

function* unbound(prober: Prober, gain: Gain, entity: IamEntity): Generator<Edge> {
  if (entity.boundary === null) return;
  for (const action of boundaries[entity.kind]) {
    if (prober.holdings(entity).holding(action).length === 0) continue;
    const isPut = action.includes(':Put');
    const step = prober.probe(entity, action, entity.arn, isPut ? {} : boundaryKey(entity));
    const gives = step === null ? null : gain.withoutBoundary(entity);
    if (step === null || gives === null) continue;
    const target = { type: entity.kind, id: entity.arn };
    yield edgeOf({ technique: unbinding, to: null, target, gives, steps: [step] });
    return;
  }
}

/** A policy of every right is written or attached; a condition may allow others only. */
function written(
  prober: Prober,
  entity: IamEntity,
  action: string,
  resource: string,
  attaches: boolean,
  context: JsonObject,
): AccessPathStep | null {
  if (!attaches) return prober.probe(entity, action, resource, context);
  let best: AccessPathStep | null = null;
  for (const policy of administratorPolicies) {
    const step = prober.probe(entity, action, resource, { ...context, 'iam:PolicyARN': policy });
    if (step?.certainty === 'certain') return step;
    best ??= step;
  }
  return best;
}

/** Policies of its account that a user or role has, itself or by a group: AWS's own cannot be changed. */
function managedPolicies({ identity }: IamEntity): string[] {
  const arns = identity.attachments.map(({ policy }) => policy.origin.id);
  return [...new Set(arns)].filter((id) => !id.includes('#') && parseArn(id)?.account !== 'aws');
}

function accountOf(prober: Prober, entity: IamEntity) {
  return prober.estate.accounts.get(parseArn(entity.arn)?.account ?? '');
}
