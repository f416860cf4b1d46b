import type { Account, Company, Person, Workload } from '../company.ts';
import { flat } from '../flat.ts';
import type { Random } from '../random.ts';

/** A caller as CloudTrail describes it. */
export interface Caller {
  /** JSON text of `userIdentity`. */
  readonly identity: string;
  /** The ARN that error messages name. */
  readonly arn: string;
  /** Durable identity: the role's ARN for a session. */
  readonly subject: string;
  readonly account: Account;
  readonly region: string;
  readonly address: string;
  readonly agent: string;
  readonly accessKeyId: string;
  /** Of a role's session: where it came from. */
  readonly session?: RoleSession;
}

export interface RoleSession {
  readonly account: Account;
  readonly roleArn: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly accessKeyId: string;
  readonly startedAt: string;
  readonly region: string;
  readonly address: string;
  readonly agent: string;
  readonly sourceIdentity?: string;
  /** `ec2RoleDelivery` of instance credentials. */
  readonly instance?: boolean;
}

/** A session of a role. */
export function roleCaller(session: RoleSession): Caller {
  const { account, roleArn, roleName, roleId, sessionName, accessKeyId, startedAt } = session;
  const arn = `arn:aws:sts::${account.id}:assumed-role/${roleName}/${sessionName}`;
  const source = session.sourceIdentity === undefined ? '' : `,"sourceIdentity":"${session.sourceIdentity}"`;
  const delivery = session.instance === true ? ',"ec2RoleDelivery":"2.0"' : '';
  return {
    identity: flat(
      `{"type":"AssumedRole","principalId":"${roleId}:${sessionName}","arn":"${arn}","accountId":"${account.id}","accessKeyId":"${accessKeyId}","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"${roleId}","arn":"${roleArn}","accountId":"${account.id}","userName":"${roleName}"},"attributes":{"creationDate":"${startedAt}","mfaAuthenticated":"false"}${source}${delivery}}}`,
    ),
    arn,
    subject: roleArn,
    account,
    region: session.region,
    address: session.address,
    agent: session.agent,
    accessKeyId,
    session,
  };
}

/** An IAM user with a long-lived key. */
export function userCaller(
  account: Account,
  user: string,
  userId: string,
  accessKeyId: string,
  at: Pick<Caller, 'region' | 'address' | 'agent'>,
): Caller {
  const arn = `arn:aws:iam::${account.id}:user/${user}`;
  return {
    identity: flat(
      `{"type":"IAMUser","principalId":"${userId}","arn":"${arn}","accountId":"${account.id}","accessKeyId":"${accessKeyId}","userName":"${user}"}`,
    ),
    arn,
    subject: arn,
    account,
    accessKeyId,
    ...at,
  };
}

/** A person's session of one permission set, as IAM Identity Center makes it: the session bears the login. */
export function personSession(
  random: Random,
  company: Company,
  person: Person,
  account: Account,
  startedAt: string,
): Caller {
  const role = company.permissionSetRole(account, person.permissionSet);
  return roleCaller({
    account,
    roleArn: role.arn,
    roleName: role.name,
    roleId: role.id,
    sessionName: person.login,
    accessKeyId: `ASIA${random.upper(16)}`,
    startedAt,
    region: account.regions[0] ?? 'eu-west-1',
    address: person.address,
    agent: person.agent,
  });
}

/** The role of a workload. */
export function workloadRole(workload: Pick<Workload, 'name'>): string {
  return `halden-${workload.name}`;
}

/** `instance` counts the copies of the workload that run side by side. */
export function workloadSession(
  random: Random,
  workload: Workload,
  instance: number,
  startedAt: string,
): Caller {
  const roleName = workloadRole(workload);
  return roleCaller({
    account: workload.account,
    roleArn: `arn:aws:iam::${workload.account.id}:role/${roleName}`,
    roleName,
    roleId: workload.roleId,
    sessionName: workloadSessionName(random, workload),
    accessKeyId: `ASIA${random.upper(16)}`,
    startedAt,
    region: workload.region,
    address: `${workload.network}.${10 + instance}`,
    agent: workload.agent,
    instance: workload.kind === 'instance',
  });
}

function workloadSessionName(random: Random, workload: Workload): string {
  if (workload.kind === 'instance') return `i-0${random.hex16()}`;
  if (workload.kind === 'task') return random.hex16() + random.hex16();
  return workload.kind === 'pod' ? `eks-prod-${workload.name}-${random.guid()}` : `halden-${workload.name}`;
}
