import type { IamEntity } from '../bundle/entity.ts';
import { parseArn } from '../match/arn.ts';
import { type Edge, edgeOf, isOfService } from './edge.ts';
import type { Gain } from './gain.ts';
import type { Prober } from './prober.ts';
import { assumptionTags, credentialTags } from './techniques.ts';

const credentialTechniques = [
  {
    id: 'iam-create-access-key',
    title: 'Create an access key of another user',
    action: 'iam:CreateAccessKey',
    assumptions: [],
    tags: credentialTags,
  },
  {
    id: 'iam-create-login-profile',
    title: 'Set a console password of another user',
    action: 'iam:CreateLoginProfile',
    assumptions: ['The user has no console password yet: account authorization details do not tell.'],
    tags: credentialTags,
  },
  {
    id: 'iam-update-login-profile',
    title: 'Change the console password of another user',
    action: 'iam:UpdateLoginProfile',
    assumptions: ['The user has a console password: account authorization details do not tell.'],
    tags: credentialTags,
  },
] as const;

const trustTechnique = {
  id: 'iam-update-assume-role-policy',
  title: 'Have a role trust oneself',
  tags: assumptionTags,
};

/** Ways to become another user by a new credential, or another role by a new trust policy. */
export function* identityEdges(prober: Prober, gain: Gain, entity: IamEntity): Generator<Edge> {
  const account = prober.estate.accounts.get(parseArn(entity.arn)?.account ?? '');
  if (account === undefined) return;
  for (const { action, assumptions, ...technique } of credentialTechniques) {
    if (prober.holdings(entity).holding(action).length === 0) continue;
    for (const user of account.users.values()) {
      if (user === entity) continue;
      const step = prober.probe(entity, action, user.arn, boundaryKey(user));
      if (step === null) continue;
      const gives = gain.over(entity, user) ?? 'nothing';
      const target = { type: 'user', id: user.arn };
      yield edgeOf({ technique, to: user, target, gives, steps: [step], assumptions });
    }
  }
  if (prober.holdings(entity).holding('iam:UpdateAssumeRolePolicy').length === 0) return;
  for (const role of account.roles.values()) {
    if (role === entity || isOfService(role)) continue;
    const step = prober.probe(entity, 'iam:UpdateAssumeRolePolicy', role.arn);
    if (step === null || mayNeverAssume(prober, entity, role)) continue;
    const gives = gain.over(entity, role) ?? 'nothing';
    const target = { type: 'role', id: role.arn };
    yield edgeOf({ technique: trustTechnique, to: role, target, gives, steps: [step] });
  }
}

/**
 * A trust policy that names a user or role of its own account allows it by itself; only a Deny or a limit of the
 * organization stands in the way.
 */
function mayNeverAssume(prober: Prober, { kind, arn }: IamEntity, role: IamEntity): boolean {
  const {
    decision,
    kind: how,
    blockedBy,
  } = prober.other({ type: kind, id: arn }, 'sts:AssumeRole', role.arn, {});
  if (decision !== 'deny') return false;
  if (how === 'explicit') return blockedBy.some((layer) => layer !== 'resource');
  return blockedBy.includes('scp') || blockedBy.includes('rcp');
}

/** The boundary of the user or role that a request is about (Service Authorization Reference, IAM). */
export function boundaryKey({ boundaryArn }: IamEntity): Record<string, string | null> {
  return { 'iam:PermissionsBoundary': boundaryArn };
}

/** The users or roles that somebody can become by one edge, with how. */
export type Controlled = ReadonlyMap<IamEntity, Edge>;
