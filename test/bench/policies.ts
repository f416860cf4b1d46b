import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';

/** What one measurement of a policy system found. */
export interface PolicyMeasurement {
  readonly name: string;
  readonly decisions: number;
  readonly seconds: number;
  readonly perSecond: number;
}

const account = '111122223333';
const user = `arn:aws:iam::${account}:user/analyst`;

/**
 * AWS decisions with their whole trace, one thread: a user with 30 statements, a permissions boundary, and service
 * control policies at three levels. Requests are spread over actions, buckets and addresses; some are denied.
 */
export async function measureAwsIam(decisions = 300_000): Promise<PolicyMeasurement> {
  const bundle = await awsIam.load({ kind: 'inline', document: policySet() }, {});
  const requests = requestsOf(240);
  let allowed = 0;
  const run = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      const request = requests[index % requests.length];
      if (request === undefined) continue;
      const answer = bundle.evaluate(request, { complete: true });
      const { evaluation } = answer instanceof Promise ? await answer : answer;
      if (evaluation.decision === 'allow') allowed++;
    }
  };
  await run(20_000);
  const start = performance.now();
  await run(decisions);
  const seconds = (performance.now() - start) / 1000;
  if (allowed === 0) throw new Error('The benchmark has to allow something.');
  return {
    name: 'aws-iam, full trace, 30 statements, boundary, 3 levels of SCP',
    decisions,
    seconds,
    perSecond: Math.round(decisions / seconds),
  };
}

function document(statements: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: statements };
}

function policySet(): JsonObject {
  const services = ['s3', 'ec2', 'sqs', 'sns', 'lambda', 'logs', 'dynamodb', 'kms', 'ssm', 'iam'];
  const statements = services.flatMap((service, place): JsonObject[] => [
    { Effect: 'Allow', Action: [`${service}:Get*`, `${service}:List*`], Resource: '*' },
    {
      Effect: 'Allow',
      Action: `${service}:Put*`,
      Resource: `arn:aws:${service}:::team-\${aws:username}/*`,
      Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] } },
    },
    {
      Effect: place % 2 === 0 ? 'Deny' : 'Allow',
      Action: `${service}:Delete*`,
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': place % 2 === 0 ? 'false' : 'true' } },
    },
  ]);
  const everything = document([{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  const guard = document([
    { Sid: 'NoLeave', Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' },
    {
      Sid: 'Regions',
      Effect: 'Deny',
      NotAction: ['iam:*', 's3:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
    },
  ]);
  const full = { name: 'FullAWSAccess', policy: everything };
  return {
    system: 'aws-iam',
    identityPolicies: [0, 1, 2].map((part) => ({
      name: `Team${part}`,
      policy: document(statements.slice(part * 10, part * 10 + 10)),
    })),
    permissionBoundaries: [
      { name: 'Boundary', policy: document([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]) },
    ],
    serviceControlPolicies: [
      { level: 'Root', policies: [full, { name: 'Guard', policy: guard }] },
      { level: 'Workloads', policies: [full] },
      { level: 'account', policies: [full] },
    ],
  };
}

function requestsOf(count: number): EvaluationRequest[] {
  const actions = [
    's3:GetObject',
    's3:PutObject',
    's3:DeleteObject',
    'ec2:GetConsoleOutput',
    'sqs:ListQueues',
    'iam:GetUser',
  ];
  return Array.from({ length: count }, (_, index) => ({
    subject: { type: 'user', id: user },
    action: { name: actions[index % actions.length] ?? 's3:GetObject' },
    resource: { type: 'object', id: `arn:aws:s3:::team-analyst/file-${index}`, properties: { account } },
    context: {
      'aws:SourceIp': index % 5 === 0 ? '198.51.100.7' : `10.0.0.${index % 250}`,
      'aws:MultiFactorAuthPresent': index % 3 === 0,
      'aws:RequestedRegion': index % 7 === 0 ? 'us-east-1' : 'eu-central-1',
    },
  }));
}
