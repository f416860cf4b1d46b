import { functions, services } from '../names.ts';
import type { Random } from '../random.ts';
import type { Caller } from './caller.ts';
import type { Exchange, Operation } from './record.ts';

/** Operations that look at or change what runs. */
export const managementOperations = {
  describeInstances: reading('ec2', 'DescribeInstances', 'Client.RequestLimitExceeded', () => ({
    parameters:
      '{"maxResults":1000,"instancesSet":{},"filterSet":{"items":[{"name":"instance-state-name","valueSet":{"items":[{"value":"running"}]}}]}}',
    target: '*',
  })),
  describeSecurityGroups: reading('ec2', 'DescribeSecurityGroups', 'Client.RequestLimitExceeded', () => ({
    parameters: '{"maxResults":1000,"securityGroupSet":{},"securityGroupIdSet":{},"filterSet":{}}',
    target: '*',
  })),
  describeNetworkInterfaces: reading(
    'ec2',
    'DescribeNetworkInterfaces',
    'Client.RequestLimitExceeded',
    (random) => ({
      parameters: `{"networkInterfaceIdSet":{"items":[{"networkInterfaceId":"eni-0${random.hex8()}${random.hex8()}"}]},"filterSet":{}}`,
      target: '*',
    }),
  ),
  describeAlarms: reading('monitoring', 'DescribeAlarms', 'ThrottlingException', (random) => ({
    parameters: `{"stateValue":"ALARM","maxRecords":100,"alarmNamePrefix":"${random.pick(services)}-"}`,
    target: '*',
  })),
  getMetricData: reading('monitoring', 'GetMetricData', 'ThrottlingException', (random, caller) => ({
    parameters: `{"metricDataQueries":[{"id":"m1","metricStat":{"metric":{"namespace":"AWS/ECS","metricName":"CPUUtilization","dimensions":[{"name":"ServiceName","value":"${random.pick(services)}"},{"name":"ClusterName","value":"halden-${caller.account.name}"}]},"period":60,"stat":"Average"},"returnData":true}],"scanBy":"TimestampDescending"}`,
    target: '*',
  })),
  describeLogStreams: reading('logs', 'DescribeLogStreams', 'ThrottlingException', (random, caller) => {
    const group = `/ecs/halden-${random.pick(services)}`;
    return {
      parameters: `{"logGroupName":"${group}","orderBy":"LastEventTime","descending":true,"limit":50}`,
      target: `arn:aws:logs:${caller.region}:${caller.account.id}:log-group:${group}:log-stream:`,
    };
  }),
  startQuery: reading('logs', 'StartQuery', 'LimitExceededException', (random, caller) => {
    const group = `/ecs/halden-${random.pick(services)}`;
    return {
      parameters: `{"logGroupNames":["${group}"],"startTime":1788220800,"endTime":1788224400,"queryString":"HIDDEN_DUE_TO_SECURITY_REASONS","limit":1000}`,
      response: `{"queryId":"${random.guid()}"}`,
      target: `arn:aws:logs:${caller.region}:${caller.account.id}:log-group:${group}`,
    };
  }),
  listFunctions: reading('lambda', 'ListFunctions20150331', 'TooManyRequestsException', () => ({
    parameters: '{"functionVersion":"ALL","maxItems":50}',
    target: '*',
  })),
  getFunction: reading('lambda', 'GetFunction20150331v2', 'ResourceNotFoundException', (random, caller) => {
    const name = `halden-${random.pick(functions)}`;
    return {
      parameters: `{"functionName":"${name}"}`,
      target: `arn:aws:lambda:${caller.region}:${caller.account.id}:function:${name}`,
    };
  }),
  updateFunctionCode: changing(
    'lambda',
    'UpdateFunctionCode20150331v2',
    'ResourceConflictException',
    (random, caller) => {
      const name = `halden-${random.pick(functions)}`;
      const arn = `arn:aws:lambda:${caller.region}:${caller.account.id}:function:${name}`;
      return {
        parameters: `{"functionName":"${name}","s3Bucket":"halden-tooling-build-artifacts","s3Key":"${name}/${random.hex8()}.zip","publish":true,"dryRun":false}`,
        response: `{"functionName":"${name}","functionArn":"${arn}","runtime":"nodejs22.x","handler":"index.handler","codeSize":${200_000 + random.below(900_000)},"timeout":30,"memorySize":512,"version":"${1 + random.below(400)}","packageType":"Zip","architectures":["arm64"]}`,
        target: arn,
      };
    },
  ),
  describeServices: reading('ecs', 'DescribeServices', 'ThrottlingException', (random, caller) => {
    const cluster = `halden-${caller.account.name}`;
    const service = random.pick(services);
    return {
      parameters: `{"cluster":"${cluster}","services":["${service}"],"include":["TAGS"]}`,
      target: `arn:aws:ecs:${caller.region}:${caller.account.id}:service/${cluster}/${service}`,
    };
  }),
  updateService: changing('ecs', 'UpdateService', 'ServiceNotActiveException', (random, caller) => {
    const cluster = `halden-${caller.account.name}`;
    const service = random.pick(services);
    const arn = `arn:aws:ecs:${caller.region}:${caller.account.id}:service/${cluster}/${service}`;
    return {
      parameters: `{"cluster":"${cluster}","service":"${service}","taskDefinition":"${service}:${1 + random.below(900)}","forceNewDeployment":true}`,
      response: `{"service":{"serviceArn":"${arn}","serviceName":"${service}","status":"ACTIVE","desiredCount":3,"runningCount":3,"launchType":"FARGATE"}}`,
      target: arn,
    };
  }),
  describeClusters: reading('eks', 'DescribeCluster', 'ResourceNotFoundException', (random, caller) => {
    const name = random.pick(['halden-production', 'halden-staging']);
    return {
      parameters: `{"name":"${name}"}`,
      target: `arn:aws:eks:${caller.region}:${caller.account.id}:cluster/${name}`,
    };
  }),
  describeDatabases: reading('rds', 'DescribeDBInstances', 'DBInstanceNotFound', (random, caller) => {
    const name = `halden-${random.pick(services)}-db`;
    return {
      parameters: `{"dBInstanceIdentifier":"${name}","maxRecords":100}`,
      target: `arn:aws:rds:${caller.region}:${caller.account.id}:db:${name}`,
    };
  }),
  batchGetImage: reading('ecr', 'BatchGetImage', 'RepositoryNotFoundException', (random, caller) => {
    const name = `halden/${random.pick(services)}`;
    const arn = `arn:aws:ecr:${caller.region}:048261937510:repository/${name}`;
    return {
      parameters: `{"registryId":"048261937510","repositoryName":"${name}","imageIds":[{"imageTag":"release-${1 + random.below(400)}"}],"acceptedMediaTypes":["application/vnd.oci.image.manifest.v1+json","application/vnd.docker.distribution.manifest.v2+json"]}`,
      resources: `{"accountId":"048261937510","ARN":"${arn}"}`,
      target: arn,
    };
  }),
  putImage: changing('ecr', 'PutImage', 'ImageAlreadyExistsException', (random, caller) => {
    const name = `halden/${random.pick(services)}`;
    const arn = `arn:aws:ecr:${caller.region}:${caller.account.id}:repository/${name}`;
    return {
      parameters: `{"registryId":"${caller.account.id}","repositoryName":"${name}","imageManifest":"{\\n  \\"schemaVersion\\": 2\\n}","imageTag":"release-${1 + random.below(400)}","imageManifestMediaType":"application/vnd.oci.image.manifest.v1+json"}`,
      resources: `{"accountId":"${caller.account.id}","ARN":"${arn}"}`,
      target: arn,
    };
  }),
  createLogStream: changing('logs', 'CreateLogStream', 'ResourceAlreadyExistsException', (random, caller) => {
    const group = `/aws/lambda/halden-${random.pick(functions)}`;
    return {
      parameters: `{"logGroupName":"${group}","logStreamName":"[$LATEST]${random.hex16()}${random.hex16()}"}`,
      target: `arn:aws:logs:${caller.region}:${caller.account.id}:log-group:${group}:log-stream:`,
    };
  }),
  describeStacks: reading('cloudformation', 'DescribeStacks', 'ValidationException', (random, caller) => {
    const name = `halden-${random.pick(services)}`;
    return {
      parameters: `{"stackName":"${name}"}`,
      target: `arn:aws:cloudformation:${caller.region}:${caller.account.id}:stack/${name}/*`,
    };
  }),
  getCostAndUsage: {
    ...reading('ce', 'GetCostAndUsage', 'LimitExceededException', (_, caller) => ({
      parameters:
        '{"timePeriod":{"start":"2026-08-01","end":"2026-09-01"},"granularity":"MONTHLY","metrics":["UnblendedCost"],"groupBy":[{"type":"DIMENSION","key":"SERVICE"}]}',
      target: `arn:aws:ce:us-east-1:${caller.account.id}:/GetCostAndUsage`,
    })),
    global: true,
  },
  lookupEvents: reading('cloudtrail', 'LookupEvents', 'ThrottlingException', () => ({
    parameters: '{"maxResults":50,"lookupAttributes":[{"attributeKey":"ReadOnly","attributeValue":"false"}]}',
    target: '*',
  })),
  listBuckets: {
    ...reading('s3', 'ListBuckets', 'SlowDown', (_, caller) => ({
      parameters: `{"Host":"s3.${caller.region}.amazonaws.com","max-buckets":"1000"}`,
      target: 'arn:aws:s3:::*',
    })),
    action: 's3:ListAllMyBuckets',
  },
} satisfies Record<string, Operation>;

type Exchanging = (random: Random, caller: Caller) => Exchange;

export function reading(source: string, name: string, failureCode: string, exchange: Exchanging): Operation {
  return operationOf(source, name, failureCode, true, exchange);
}

export function changing(source: string, name: string, failureCode: string, exchange: Exchanging): Operation {
  return operationOf(source, name, failureCode, false, exchange);
}

/** IAM knows operations without the version that Lambda appends, and CloudWatch as `cloudwatch`. */
function operationOf(
  source: string,
  name: string,
  failureCode: string,
  readOnly: boolean,
  exchange: Exchanging,
): Operation {
  const prefix = source === 'monitoring' ? 'cloudwatch' : source;
  const action = `${prefix}:${name.replace(/20\d{6}(?:v2)?$/, '')}`;
  return { source, name, action, readOnly, failure: [failureCode, failureText(failureCode)], exchange };
}

function failureText(code: string): string {
  if (/Throttl|TooMany|RequestLimit|SlowDown/.test(code)) return 'Rate exceeded';
  if (/NotFound|NotActive/.test(code)) return 'The specified resource was not found.';
  if (/Limit/.test(code)) return 'The limit for this operation was exceeded.';
  return 'The request conflicts with the current state of the resource.';
}
