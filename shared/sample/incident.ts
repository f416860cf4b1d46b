import { roleCaller, userCaller, type Caller, type RoleSession } from './cloudtrail/caller.ts';
import { dataOperations } from './cloudtrail/data-operations.ts';
import {
  assumeRole,
  attachAdministrator,
  createAccessKey,
  createLoginProfile,
  createUser,
  identityOperations,
} from './cloudtrail/identity-operations.ts';
import { managementOperations } from './cloudtrail/management-operations.ts';
import { denial, type Operation } from './cloudtrail/record.ts';
import { timeText, writtenTime } from './clock.ts';
import type { Account, Company } from './company.ts';
import { plantClusterIncident } from './incident-cluster.ts';
import type { Planted } from './planted.ts';
import type { Random } from './random.ts';
import type { IncidentStep, PlantedIncident } from './truth.ts';
import { uniqueId } from './unique-id.ts';

/** An address that nobody in the company uses (TEST-NET-1, RFC 5737). */
const address = '192.0.2.66';
const agent =
  'aws-cli/2.15.30 Python/3.11.8 Linux/6.6.15-amd64 exe/x86_64.kali.2024 prompt/off command/sts.get-caller-identity';
const newUser = 'svc-metrics-sync';

/**
 * The incident: the build pipeline's leaked key is tried from a new address, meets a burst of denials, goes through a
 * chain of roles into production and data, makes a new user with a key, a password and all rights, reads secrets and
 * documents, and wakes a quiet service account in the cluster. `start`: milliseconds since 1970.
 */
export function plantIncident(
  planted: Planted,
  random: Random,
  company: Company,
  start: number,
  withCluster: boolean,
): PlantedIncident {
  const [tooling, production, data] = company.accounts;
  const steps: IncidentStep[] = [];
  const at = { region: 'eu-west-1', address, agent };
  const key = userCaller(tooling, company.ci.user, company.ci.userId, company.ci.accessKeyId, at);

  planted.at(start).cloud(key, identityOperations.getCallerIdentity);
  steps.push(
    planted.step(
      'leaked-key',
      'The build pipeline’s key is used from a new address',
      key.subject,
      key.accessKeyId,
    ),
  );

  for (let round = 0; round < 8; round++) {
    for (const operation of probes) {
      const { target } = operation.exchange(random, key);
      planted.wait(10).cloud(key, operation, { failure: denial(random, operation, key, target) });
    }
  }
  steps.push(
    planted.step('denials', 'A burst of denials: the key is tried out', key.subject, key.accessKeyId),
  );

  const chain = [
    session(random, tooling, 'halden-deploy-pipeline', 'release-4711'),
    session(random, production, 'halden-production-deploy', 'release-4711'),
    session(random, data, 'halden-cross-account-maintenance', 'release-4711'),
  ] as const;
  const [pipeline, deploy, maintenance] = chain.map((role) => role(planted.wait(40).time));
  if (pipeline === undefined || deploy === undefined || maintenance === undefined)
    throw new RangeError('A role is missing.');
  const lineage: { credential: string; madeBy: string | null; holder: string }[] = [
    { credential: key.accessKeyId, madeBy: null, holder: key.subject },
  ];
  let by: Caller = key;
  for (const role of [pipeline, deploy, maintenance]) {
    plantAssumeRole(planted, random, by, role);
    lineage.push({ credential: role.accessKeyId, madeBy: by.accessKeyId, holder: role.roleArn });
    by = roleCaller(role);
  }
  steps.push(
    planted.step(
      'role-chain',
      'A chain of roles leads into production and data',
      key.subject,
      key.accessKeyId,
    ),
  );

  const deployer = roleCaller(deploy);
  const userArn = `arn:aws:iam::${production.id}:user/${newUser}`;
  const userId = uniqueId(userArn);
  const newKey = `AKIA${random.upper(16)}`;
  for (const create of [
    (created: string) => createUser(newUser, userId, created),
    (created: string) => createAccessKey(newUser, newKey, created),
    () => attachAdministrator(newUser),
    (created: string) => createLoginProfile(newUser, created),
  ]) {
    planted.wait(40).cloud(deployer, create(writtenTime(planted.now)));
  }
  lineage.push({ credential: newKey, madeBy: deployer.accessKeyId, holder: userArn });
  steps.push(
    planted.step(
      'new-credentials',
      'A new user with a key, a password and all rights',
      deployer.subject,
      deployer.accessKeyId,
    ),
  );

  const intruder = userCaller(production, newUser, userId, newKey, at);
  planted.wait(120).cloud(intruder, managementOperations.listBuckets);
  for (let index = 0; index < 10; index++) planted.wait(15).cloud(intruder, dataOperations.getSecretValue);
  for (let index = 0; index < 40; index++) planted.wait(6).cloud(intruder, dataOperations.getObject);
  const maintainer = roleCaller(maintenance);
  for (let index = 0; index < 20; index++) planted.wait(6).cloud(maintainer, dataOperations.getObject);
  steps.push(
    planted.step('secrets-and-documents', 'Secrets and documents are read', intruder.subject, newKey),
  );

  planted.wait(60).cloud(intruder, identityOperations.stopLogging, {
    failure: {
      code: 'AccessDeniedException',
      message: `User: ${intruder.arn} is not authorized to perform: cloudtrail:StopLogging on resource: arn:aws:cloudtrail:eu-west-1:${production.id}:trail/organization-trail with an explicit deny in a service control policy`,
    },
  });
  steps.push(
    planted.step(
      'stop-logging',
      'An organization policy stops the attempt to end logging',
      intruder.subject,
      newKey,
    ),
  );

  if (withCluster) {
    const inCluster = plantClusterIncident(planted, random, deploy, address);
    steps.push(...inCluster.steps);
    lineage.push(...inCluster.lineage);
  }
  return { address, steps, lineage };
}

const probes: readonly Operation[] = [
  identityOperations.listUsers,
  identityOperations.getAccountAuthorizationDetails,
  identityOperations.listSecrets,
  identityOperations.listClusters,
  managementOperations.listBuckets,
  managementOperations.describeDatabases,
  managementOperations.lookupEvents,
  managementOperations.describeInstances,
];

function session(
  random: Random,
  account: Account,
  roleName: string,
  sessionName: string,
): (startedAt: string) => RoleSession {
  const roleArn = `arn:aws:iam::${account.id}:role/${roleName}`;
  return (startedAt) => ({
    account,
    roleArn,
    roleName,
    roleId: uniqueId(roleArn),
    sessionName,
    accessKeyId: `ASIA${random.upper(16)}`,
    startedAt,
    region: 'eu-west-1',
    address,
    agent,
  });
}

/** Across accounts both receive the event: two copies that share an id, the target's without the caller's ARN. */
function plantAssumeRole(planted: Planted, random: Random, by: Caller, role: RoleSession): void {
  const operation = assumeRole({
    ...role,
    account: role.account.id,
    expires: timeText(Date.parse(role.startedAt) + 3_600_000),
    token: random.base64(240),
  });
  if (role.account.id === by.account.id) {
    planted.cloud(by, operation);
    return;
  }
  const requestId = random.guid();
  const extra = `,"sharedEventID":"${random.guid()}"`;
  planted.cloud(by, operation, { extra, requestId });
  const principal = /"principalId":"([^"]+)"/.exec(by.identity)?.[1] ?? '';
  const foreign: Caller = {
    ...by,
    identity: `{"type":"AWSAccount","principalId":"${principal}","accountId":"${by.account.id}"}`,
    subject: '',
  };
  planted.cloud(foreign, operation, { extra, requestId, recipient: role.account.id });
}
