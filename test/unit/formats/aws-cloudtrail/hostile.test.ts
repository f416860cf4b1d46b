import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/domain/json.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';
import { parseStruct } from '#shared/formats/aws-cloudtrail/struct-text.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { struct } from './render.ts';

const reader = awsCloudTrail.createReader({ path: '', timeZone: null });
const keys = [
  'eventVersion',
  'eventTime',
  'eventID',
  'eventSource',
  'eventName',
  'eventType',
  'eventCategory',
  'awsRegion',
  'userIdentity',
  'type',
  'arn',
  'principalId',
  'accountId',
  'accessKeyId',
  'userName',
  'invokedBy',
  'sessionContext',
  'sessionIssuer',
  'attributes',
  'creationDate',
  'mfaAuthenticated',
  'sourceIdentity',
  'onBehalfOf',
  'userId',
  'errorCode',
  'errorMessage',
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'serviceEventDetails',
  'resources',
  'ARN',
  'ARNPrefix',
  'bucketName',
  'key',
  'roleName',
  'instancesSet',
  'items',
  'instanceId',
  'names',
  'queueUrl',
  'statement',
  'transactItems',
  'credentials',
  'ConsoleLogin',
  'SwitchFrom',
  'recipientAccountId',
  'CloudTrailEvent',
  'detail',
  'eventData',
  'message',
  'event',
  'original',
  'useridentity',
  'eventname',
  'eventsource',
  'eventid',
  'TimeGenerated [UTC]',
  '__proto__',
  'constructor',
];
const texts = fc.oneof(
  fc.constantFrom(
    'AssumedRole',
    'IAMUser',
    'Root',
    'FederatedUser',
    'AWSAccount',
    'AWSService',
    'SAMLUser',
    'WebIdentityUser',
    'IdentityCenterUser',
    'Unknown',
    's3.amazonaws.com',
    'ec2.amazonaws.com',
    'iam.amazonaws.com',
    'sqs.amazonaws.com',
    'dynamodb.amazonaws.com',
    'signin.amazonaws.com',
    'ExecuteStatement',
    'ConsoleLogin',
    'SwitchRole',
    'AccessDenied',
    'Client.OperationNotPermitted',
    'Client.UnauthorizedOperation',
    'User: x is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b with an explicit deny in a',
    'arn:aws:sts::1:assumed-role/',
    'arn:aws:iam:::',
    'arn:',
    '2026-01-01T00:00:00Z',
    '13/13/2026, 1:00:00 AM',
    '{type=Root, arn=}',
    '{a={b=[{c=',
    '{"eventName":',
    '{',
    'alias/',
    'constructor',
    '__proto__',
    '/',
  ),
  fc.string(),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    texts,
    fc.constantFrom(null, true, 0, -1, 21345678901, 1772600767.5, 1e308),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 10 }),
  ),
}));
const record = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 16 });
const named = fc.record({
  eventSource: fc.constantFrom(
    's3.amazonaws.com',
    'ec2.amazonaws.com',
    'iam.amazonaws.com',
    'sqs.amazonaws.com',
    'ecs.amazonaws.com',
    'dynamodb.amazonaws.com',
    'x.amazonaws.com',
  ),
  eventName: texts,
  eventTime: fc.constant('2026-01-01T00:00:00Z'),
  userIdentity: value,
  requestParameters: value,
  responseElements: value,
  resources: value,
  errorCode: value,
  errorMessage: value,
});

describe('hostile records', () => {
  test('no JSON makes the reader throw, and every event has a time that reads', () => {
    fc.assert(
      fc.property(fc.oneof(record, named), fc.constantFrom('json', 'row'), (input, shape) => {
        const given = JSON.parse(JSON.stringify(input)) as JsonObject;
        const result = reader.read(given, shape);
        expect(awsCloudTrail.detect(given, shape).confidence).toBeGreaterThanOrEqual(0);
        expect(
          result.kind === 'event' ? parseInstant(result.event.time) : 'reason' in result && result.reason,
        ).toBeTruthy();
      }),
      { numRuns: 2000 },
    );
  });

  test('what was read before does not change what is read', () => {
    fc.assert(
      fc.property(fc.oneof(record, named), (input) => {
        const given = JSON.parse(JSON.stringify(input)) as JsonObject;
        const fresh = awsCloudTrail.createReader({ path: '', timeZone: null });
        expect(reader.read(given, 'json')).toEqual(fresh.read(given, 'json'));
      }),
      { numRuns: 500 },
    );
  });

  test('fields are bounded', () => {
    const long = 'x'.repeat(3_000_000);
    const result = reader.read(
      {
        eventSource: 's3.amazonaws.com',
        eventName: 'GetObject',
        eventTime: '2026-01-01T00:00:00Z',
        eventID: long,
        userAgent: long,
        sourceIPAddress: long,
        awsRegion: long,
        errorCode: 'AccessDenied',
        errorMessage: `User: ${long} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::${long}`,
        userIdentity: { type: 'IAMUser', arn: long, userName: long, accessKeyId: long },
        requestParameters: { bucketName: long, key: long },
      },
      'json',
    );
    expect(result.kind).toBe('event');
    expect(JSON.stringify(result).length).toBeLessThan(70_000);
  });

  test('endless lists are cut', () => {
    const resources = Array.from({ length: 5000 }, (_, index) => ({ ARN: `arn:aws:s3:::bucket-${index}` }));
    const items = resources.map((_, index) => ({ instanceId: `i-${String(index).padStart(17, '0')}` }));
    const plain = {
      eventTime: '2026-01-01T00:00:00Z',
      awsRegion: 'eu-west-1',
      recipientAccountId: '021345678901',
    };
    for (const given of [
      { ...plain, eventSource: 's3.amazonaws.com', eventName: 'PutObject', resources },
      {
        ...plain,
        eventSource: 'ec2.amazonaws.com',
        eventName: 'StopInstances',
        requestParameters: { instancesSet: { items } },
      },
    ]) {
      const result = reader.read(given, 'json');
      expect(result.kind === 'event' && result.event.resources.length).toBe(50);
    }
  });

  test('wrappers within wrappers end', () => {
    let wrapped: JsonObject = {
      eventName: 'x',
      eventSource: 's3.amazonaws.com',
      eventTime: '2026-01-01T00:00:00Z',
    };
    for (let depth = 0; depth < 2000; depth++) wrapped = { message: wrapped, log: wrapped, event: wrapped };
    expect(reader.read(wrapped, 'json').kind).toBe('problem');
  });

  test('texts that look like structs cost no more than their length', () => {
    const started = performance.now();
    for (const text of ['{a=', '{a={', '[{', '{a=b, ', '{"', '{a={"b":[']) parseStruct(text.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('struct text', () => {
  const word = fc.stringMatching(/^[a-z0-9/:.@-]{1,12}$/).filter((text) => text !== 'null');
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z]{0,8}$/), tie('tree'), { maxKeys: 4 }),
    ),
  }));

  test('what Athena prints comes back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z]{0,8}$/), tree, { maxKeys: 5 }), (input) => {
        const given = JSON.parse(JSON.stringify(input)) as JsonObject;
        expect(JSON.parse(JSON.stringify(parseStruct(struct(given, false))))).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['{user=a=b, c=d}', { user: 'a=b', c: 'd' }],
    ['{text=one, two, c=d}', { text: 'one, two', c: 'd' }],
    ['{policy={"a":[1,{"b":"}, x="}]}, c=null}', { policy: { a: [1, { b: '}, x=' }] }, c: null }],
    ['{a=, b=}', { a: '', b: '' }],
    [
      '[{arn=arn:aws:s3:::b/k, accountid=null, type=AWS::S3::Object}]',
      [{ arn: 'arn:aws:s3:::b/k', accountid: null, type: 'AWS::S3::Object' }],
    ],
    ['no struct', undefined],
    ['{a=b', undefined],
  ])('%s', (text, expected) => {
    const value = parseStruct(text);
    expect(value === undefined ? undefined : JSON.parse(JSON.stringify(value))).toEqual(expected);
  });
});
