import type { AccessPathStep } from '../../../domain/access-path.ts';
import type { IamEntity } from '../bundle/entity.ts';
import { parseArn } from '../match/arn.ts';
import { type Edge, edgeOf } from './edge.ts';
import type { Gain } from './gain.ts';
import type { Prober } from './prober.ts';
import { assumptionTags, type Need, policyTags } from './techniques.ts';

interface DirectoryTechnique {
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
  /** Every one of a list, of one of the lists. */
  readonly needs: readonly (readonly Need[])[];
  readonly gives: 'everything' | 'more';
  readonly target: { readonly type: string; readonly id: string };
  /** What must be so besides, in words. */
  readonly condition: string;
}

const permissionSet = (action: string): Need => ({
  action: `sso:${action}`,
  resource: 'arn:aws:sso:::permissionSet/ssoins-any/ps-any',
});
const provision = permissionSet('ProvisionPermissionSet');
const administered = 'Identity Center is administered from this account';

/**
 * Ways through what hands out roles and cluster rights: IAM Identity Center, whose permission sets become roles in every
 * account (Service Authorization Reference, “AWS IAM Identity Center”), and access entries of EKS.
 */
const techniques: readonly DirectoryTechnique[] = [
  {
    id: 'sso-permission-set-policy',
    title: 'Write rights into a permission set',
    tags: policyTags,
    needs: [
      [permissionSet('PutInlinePolicyToPermissionSet'), provision],
      [permissionSet('AttachManagedPolicyToPermissionSet'), provision],
      [permissionSet('AttachCustomerManagedPolicyReferenceToPermissionSet'), provision],
    ],
    gives: 'everything',
    target: { type: 'permission-set', id: '*' },
    condition: `${administered}, and whoever uses it signs in by a permission set`,
  },
  {
    id: 'sso-account-assignment',
    title: 'Assign oneself a permission set',
    tags: assumptionTags,
    needs: [[permissionSet('CreateAccountAssignment')]],
    gives: 'everything',
    target: { type: 'permission-set', id: '*' },
    condition: `${administered}, and whoever uses it has a user there`,
  },
  {
    id: 'identity-store-group-membership',
    title: 'Join a group of Identity Center',
    tags: assumptionTags,
    needs: [
      [
        {
          action: 'identitystore:CreateGroupMembership',
          resource: 'arn:aws:identitystore:::group/any',
        },
      ],
    ],
    gives: 'more',
    target: { type: 'group', id: '*' },
    condition: `${administered}, and a group there is assigned what one does not have`,
  },
  {
    id: 'eks-associate-access-policy',
    title: 'Make oneself an administrator of a cluster by an access entry',
    tags: ['attack.t1098.006', ...policyTags],
    needs: [
      [
        { action: 'eks:CreateAccessEntry', resource: 'arn:aws:eks:us-east-1:{account}:cluster/any' },
        {
          action: 'eks:AssociateAccessPolicy',
          resource: 'arn:aws:eks:us-east-1:{account}:access-entry/any/role/{account}/any/any',
        },
      ],
    ],
    gives: 'more',
    target: { type: 'eks-cluster', id: '*' },
    condition: 'a cluster of EKS takes access entries (authentication mode API)',
  },
];

export function directoryEdges(prober: Prober, gain: Gain, entity: IamEntity): Edge[] {
  const { account = '' } = parseArn(entity.arn) ?? {};
  return techniques.flatMap(({ needs, gives, target, condition, ...technique }) => {
    const steps = firstHeld(prober, entity, account, needs);
    // A limit of the organization on whoever would be given more is told by what it could be given itself.
    if (steps === null || gain.most(entity) === null) return [];
    return [edgeOf({ technique, to: null, target, gives, steps, conditions: [condition] })];
  });
}

function firstHeld(
  prober: Prober,
  entity: IamEntity,
  account: string,
  lists: readonly (readonly Need[])[],
): readonly AccessPathStep[] | null {
  for (const list of lists) {
    if (list.some(({ action }) => prober.holdings(entity).holding(action).length === 0)) continue;
    const held: AccessPathStep[] = [];
    for (const needs of Map.groupBy(list, ({ resource }) =>
      resource.replaceAll('{account}', account),
    ).values()) {
      const steps = prober.chooseTogether(
        entity,
        needs.map(({ action, resource }) => ({
          action,
          resource: resource.replaceAll('{account}', account),
        })),
      );
      held.push(...(steps ?? []));
    }
    if (held.length === list.length) return held;
  }
  return null;
}
