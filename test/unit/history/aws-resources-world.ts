import * as fc from 'fast-check';
import type { Json } from '#shared/domain/json.ts';
import { account } from './aws-world.ts';

/** Resources of an account whose policies change by calls, each of which is logged as CloudTrail does. */

export const region = 'eu-west-1';
export const stranger = '444455556666';

export interface ResourceCall {
  readonly source: string;
  readonly name: string;
  readonly parameters: Record<string, Json>;
  readonly response: Json;
  readonly resources: Json;
  readonly failed: boolean;
}

type Statement = Record<string, Json>;

const services = ['s3', 'sqs', 'sns', 'lambda', 'ecr', 'kms', 'secretsmanager'] as const;
type Service = (typeof services)[number];

export const arns: Readonly<Record<Service, string>> = {
  s3: 'arn:aws:s3:::reports',
  sqs: `arn:aws:sqs:${region}:${account}:orders`,
  sns: `arn:aws:sns:${region}:${account}:alerts`,
  lambda: `arn:aws:lambda:${region}:${account}:function:resize`,
  ecr: `arn:aws:ecr:${region}:${account}:repository/shop`,
  kms: `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  secretsmanager: `arn:aws:secretsmanager:${region}:${account}:secret:database-Ab3dEf`,
};

export const actionOf: Readonly<Record<Service, string>> = {
  s3: 's3:ListBucket',
  sqs: 'sqs:SendMessage',
  sns: 'sns:Publish',
  lambda: 'lambda:InvokeFunction',
  ecr: 'ecr:BatchGetImage',
  kms: 'kms:Decrypt',
  secretsmanager: 'secretsmanager:GetSecretValue',
};

export const resourceOperation = fc.record({
  what: fc.constantFrom('Put', 'Put', 'Delete', 'Add', 'Add', 'Remove', 'Gone'),
  service: fc.constantFrom(...services),
  label: fc.constantFrom('one', 'two'),
  effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  who: fc.constantFrom(account, stranger, `arn:aws:iam::${account}:user/ann`),
  /** How the resource is named, where there are several ways. */
  way: fc.nat(3),
  failed: fc.constantFrom(false, false, false, true),
});
export type ResourceOperation = typeof resourceOperation extends fc.Arbitrary<infer T> ? T : never;

/** Services store an account id as its root's ARN. */
function root(who: string): string {
  return who.startsWith('arn:') ? who : `arn:aws:iam::${who}:root`;
}

export class ResourceWorld {
  readonly policies = new Map<Service, Statement[]>([
    ['kms', [{ Effect: 'Allow', Principal: { AWS: root(account) }, Action: 'kms:*', Resource: '*' }]],
    ['sns', [{ Effect: 'Allow', Principal: { AWS: root(stranger) }, Action: 'SNS:Publish', Resource: '*' }]],
  ]);

  /** Does it where it can be done; what was logged, or null. */
  apply({ what, service, label, effect, who, way, failed }: ResourceOperation): ResourceCall | null {
    const held = this.policies.get(service);
    const statement = (principal: string): Statement => ({
      Sid: label,
      Effect: effect,
      Principal: { AWS: principal },
      Action: actionOf[service],
      Resource: service === 'kms' ? '*' : arns[service],
    });
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement(who)] });
    const log = (
      name: string,
      parameters: Record<string, Json>,
      act: () => void,
      response: Json = null,
      resources: Json = null,
    ): ResourceCall => {
      if (!failed) act();
      const answered = failed ? null : response;
      return { source: `${service}.amazonaws.com`, name, parameters, response: answered, resources, failed };
    };
    const put = () => void this.policies.set(service, [statement(root(who))]);
    const drop = () => void this.policies.delete(service);
    const add = (added: Statement) => void this.policies.set(service, [...(held ?? []), added]);
    const remove = (): void => {
      const left = (held ?? []).filter(({ Sid }) => Sid !== label);
      // Lambda has no policy without statements, and the others need none.
      if (left.length > 0) this.policies.set(service, left);
      else this.policies.delete(service);
    };
    const has = held?.some(({ Sid }) => Sid === label) === true;
    const queueUrl = `https://sqs.${region}.amazonaws.com/${account}/orders`;
    const secret =
      [arns.secretsmanager, 'database', arns.secretsmanager.slice(0, -7)][way] ?? arns.secretsmanager;
    const told = way === 3 ? { arn: arns.secretsmanager, name: 'database' } : null;
    const key = way > 1 ? arns.kms : arns.kms.slice(arns.kms.lastIndexOf('/') + 1);
    const named = way === 0 ? [{ ARN: arns[service], accountId: account, type: 'AWS::KMS::Key' }] : null;
    const fn = ['resize', arns.lambda, `${account}:function:resize`, `${account}:resize`][way] ?? 'resize';
    const topic = { topicArn: arns.sns };
    switch (`${service} ${what}`) {
      case 's3 Put':
        return log(
          'PutBucketPolicy',
          { bucketName: 'reports', bucketPolicy: JSON.parse(document) as Json },
          put,
        );
      case 's3 Delete':
        return log('DeleteBucketPolicy', { bucketName: 'reports' }, drop);
      case 'kms Put':
        return log('PutKeyPolicy', { keyId: key, policyName: 'default', policy: document }, put, null, named);
      case 'secretsmanager Put':
        return log('PutResourcePolicy', { secretId: secret, resourcePolicy: document }, put, told);
      case 'secretsmanager Delete':
        return log('DeleteResourcePolicy', { secretId: secret }, drop, told);
      case 'ecr Put':
        return log(
          'SetRepositoryPolicy',
          { repositoryName: 'shop', policyText: document, force: false },
          put,
        );
      case 'ecr Delete':
        return held === undefined ? null : log('DeleteRepositoryPolicy', { repositoryName: 'shop' }, drop);
      case 'sqs Put':
        return log('SetQueueAttributes', { queueUrl, attributes: { Policy: document } }, put);
      case 'sqs Delete':
        return log('SetQueueAttributes', { queueUrl, attributes: { Policy: '', DelaySeconds: '0' } }, drop);
      case 'sqs Gone':
        return log('SetQueueAttributes', { queueUrl, attributes: { VisibilityTimeout: '100' } }, () => {});
      case 'sns Put':
        return log(
          'SetTopicAttributes',
          { ...topic, attributeName: 'Policy', attributeValue: document },
          put,
        );
      case 'sns Gone':
        return log(
          'SetTopicAttributes',
          { ...topic, attributeName: 'DisplayName', attributeValue: 'x' },
          () => {},
        );
      case 'sqs Add':
      case 'sns Add': {
        if (has || who.startsWith('arn:')) return null;
        const granted = { ...statement(root(who)), Effect: 'Allow' };
        const parameters =
          service === 'sqs'
            ? { queueUrl, label, actions: ['SendMessage'], aWSAccountIds: [who] }
            : { ...topic, label, actionName: ['Publish'], aWSAccountId: [who] };
        return log('AddPermission', parameters, () => add(granted));
      }
      case 'sqs Remove':
      case 'sns Remove':
        return has
          ? log('RemovePermission', service === 'sqs' ? { queueUrl, label } : { ...topic, label }, remove)
          : null;
      case 'lambda Add': {
        if (has) return null;
        const granted = { ...statement(root(who)), Effect: 'Allow' };
        const parameters = { functionName: fn, statementId: label, action: actionOf.lambda, principal: who };
        return log('AddPermission20150331v2', parameters, () => add(granted), {
          statement: JSON.stringify(granted),
        });
      }
      case 'lambda Remove':
        return has
          ? log('RemovePermission20150331v2', { functionName: fn, statementId: label }, remove)
          : null;
      case 'lambda Gone':
        return log('DeleteFunction20150331', { functionName: fn }, drop);
      default:
        return null;
    }
  }

  /** The policies by the ARN of the resource. */
  file(): Record<string, Json> {
    return Object.fromEntries(
      [...this.policies].map(([service, Statement]) => [arns[service], { Version: '2012-10-17', Statement }]),
    );
  }
}

export function resourceRecord(call: ResourceCall, time: string): Record<string, Json> {
  return {
    eventVersion: '1.09',
    eventTime: time,
    eventSource: call.source,
    eventName: call.name,
    awsRegion: region,
    recipientAccountId: account,
    userIdentity: { type: 'Root', accountId: account, arn: `arn:aws:iam::${account}:root` },
    requestParameters: call.parameters,
    responseElements: call.response,
    ...(call.resources === null ? {} : { resources: call.resources }),
    ...(call.failed ? { errorCode: 'AccessDenied' } : {}),
  };
}
