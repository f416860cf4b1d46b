/**
 * Published ways in which permissions over IAM, or over services that act with roles, become more permissions. As data.
 * Sources: Rhino Security Labs, "AWS IAM Privilege Escalation – Methods and Mitigation"; Bishop Fox, "IAM Vulnerable";
 * Datadog, pathfinding.cloud. Resources are those of the Service Authorization Reference; `{account}` is filled in.
 */

/** A permission over something that whoever uses the technique may choose or make. */
export interface Need {
  readonly action: string;
  readonly resource: string;
}

interface Named {
  /** Stable. */
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
}

/** A role is handed to a service, which then does with it what it is told. */
export interface PassRoleTechnique extends Named {
  readonly service: string;
  /** Every one of a list, of one of the lists. */
  readonly needs: readonly (readonly Need[])[];
  /** The role is handed over in an instance profile. */
  readonly byInstanceProfile?: true;
}

/** Something that runs with a role already is made to do something else. */
export interface RunningTechnique extends Named {
  readonly service: string;
  readonly needs: readonly (readonly Need[])[];
  /** What must be there, in words. */
  readonly runs: string;
  readonly byInstanceProfile?: true;
}

export const policyTags = ['attack.t1098.003', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];
export const credentialTags = ['attack.t1098.001', 'attack.t1078.004', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];
export const assumptionTags = ['attack.t1548.005', 'attack.t1078.004', 'owasp-nhi.5', 'nist-csf.pr.aa-05'];

/** A permission over what the Service Authorization Reference calls so. */
export const need = (action: string, resource: string): Need => ({
  action,
  resource: `arn:aws:${action.slice(0, action.indexOf(':'))}:us-east-1:{account}:${resource}`,
});

export const lambdaFunction = (action: string): Need => need(`lambda:${action}`, 'function:any');

/** The account's policies of AWS that give every right, or the right to give it. */
export const administratorPolicies = [
  'arn:aws:iam::aws:policy/AdministratorAccess',
  'arn:aws:iam::aws:policy/IAMFullAccess',
];
