import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, createSession } from '#electron/headless/session.ts';
import { valueOf } from '#electron/router/value-of.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';

/** A case with one snapshot of an account and the log of the calls that changed it afterwards. */

const root = mkdtempSync(join(tmpdir(), 'rescind-history-'));
const never = new AbortController().signal;
const account = '111122223333';
let session: Session;

const userOf = (name: string) => ({
  UserName: name,
  UserId: `AIDA${name.toUpperCase().padEnd(16, '0')}`,
  Path: '/',
  Arn: `arn:aws:iam::${account}:user/${name}`,
  UserPolicyList: [],
  AttachedManagedPolicies: [],
  GroupList: [],
});
const allowed = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
});

let number = 0;
function record(minute: number, more: object): object {
  number++;
  return {
    eventVersion: '1.09',
    eventID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    eventTime: `2026-05-01T10:${String(minute).padStart(2, '0')}:00Z`,
    awsRegion: 'us-east-1',
    eventType: 'AwsApiCall',
    recipientAccountId: account,
    sourceIPAddress: '203.0.113.9',
    userAgent: 'aws-cli/2',
    ...more,
  };
}

function iam(minute: number, eventName: string, requestParameters: object, more: object = {}): object {
  const userIdentity = {
    type: 'Root',
    accountId: account,
    arn: `arn:aws:iam::${account}:root`,
    principalId: account,
  };
  return record(minute, {
    eventSource: 'iam.amazonaws.com',
    eventName,
    userIdentity,
    requestParameters,
    ...more,
  });
}

function read(minute: number, userName: string, isAllowed: boolean): object {
  const arn = `arn:aws:iam::${account}:user/${userName}`;
  const key = `AKIA${userName.toUpperCase().padEnd(16, '0')}`;
  return record(minute, {
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    userIdentity: {
      type: 'IAMUser',
      accountId: account,
      arn,
      userName,
      accessKeyId: key,
      principalId: `AIDA${userName}`,
    },
    requestParameters: { bucketName: 'amzn-s3-demo-bucket', key: 'report.csv' },
    resources: [
      { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::amzn-s3-demo-bucket/report.csv' },
      { type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::amzn-s3-demo-bucket', accountId: account },
    ],
    ...(isAllowed ? {} : { errorCode: 'AccessDenied', errorMessage: 'Access Denied' }),
  });
}

const log = [
  read(1, 'ann', false),
  iam(10, 'PutUserPolicy', { userName: 'ann', policyName: 'reports', policyDocument: allowed }),
  iam(
    12,
    'PutUserPolicy',
    { userName: 'bob', policyName: 'reports', policyDocument: allowed },
    { errorCode: 'AccessDenied' },
  ),
  read(15, 'ann', true),
  read(16, 'bob', false),
  iam(20, 'DeleteUserPolicy', { userName: 'ann', policyName: 'reports' }),
  read(25, 'ann', false),
  iam(30, 'PutUserPolicy', { userName: 'bob', policyName: 'reports', policyDocument: allowed.slice(0, 40) }),
  read(35, 'bob', true),
  read(40, 'eve', true),
];

beforeAll(async () => {
  session = createSession({ folders: { config: join(root, 'config'), data: join(root, 'data') } });
  const { engine } = session;
  mkdirSync(join(root, 'bundle'));
  writeFileSync(
    join(root, 'bundle', 'details.json'),
    JSON.stringify({
      UserDetailList: [userOf('ann'), userOf('bob')],
      GroupDetailList: [],
      RoleDetailList: [],
      Policies: [],
    }),
  );
  writeFileSync(join(root, 'log.json'), JSON.stringify({ Records: log }));
  const request = { paths: [join(root, 'log.json')], format: null, timeZone: null, workers: 1 };
  await engine.importInto(join(root, 'case'), 'Case', request, {
    signal: never,
    onProgress: () => undefined,
  });
  await engine.addBundleInto(
    join(root, 'case'),
    'Case',
    { path: join(root, 'bundle'), system: null, inForceFrom: '2026-05-01T10:00:00Z' },
    never,
  );
  await engine.openCase(join(root, 'case'));
}, 120_000);
afterAll(() => {
  session.close();
  rmSync(root, { recursive: true, force: true });
});

async function explained(minute: number, query: string): Promise<DecisionTrace> {
  const time = `2026-05-01T10:${String(minute).padStart(2, '0')}:00Z`;
  const { rows } = valueOf(await session.client.request('events.page', { query, from: time, to: time }));
  return valueOf(await session.client.request('policy.explain', { event: rows[0]?.id ?? '' }));
}

describe('an event is judged by the policy of its second', () => {
  test('before, between and after two logged calls', async () => {
    const before = await explained(1, 'action:"s3:GetObject"');
    expect(before).toMatchObject({ evaluation: { decision: 'deny' } });
    expect(before).not.toHaveProperty('divergence');
    const between = await explained(15, 'action:"s3:GetObject"');
    expect(between).toMatchObject({
      recorded: { decision: 'allow' },
      evaluation: { decision: 'allow', determining: ['reports'] },
      bundle: { rebuilt: { at: '2026-05-01T10:15:00Z', changes: 1, elements: 1, unknown: 0 } },
    });
    expect(between).not.toHaveProperty('divergence');
    expect(between.bundle?.digest).not.toBe(before.bundle?.digest);
    const after = await explained(25, 'action:"s3:GetObject"');
    expect(after).toMatchObject({ evaluation: { decision: 'deny' } });
    // The account is again what it was.
    expect(after.bundle?.digest).toBe(before.bundle?.digest);
  });

  test('a call that failed changed nothing', async () => {
    expect(await explained(16, 'action:"s3:GetObject"')).toMatchObject({ evaluation: { decision: 'deny' } });
  });

  test('a document that the log does not hold makes the answer unknown, and says so', async () => {
    const trace = await explained(35, 'action:"s3:GetObject"');
    expect(trace).toMatchObject({
      evaluation: { decision: 'indeterminate' },
      divergence: { likelyCause: 'policy-unknown-at-that-time' },
      bundle: { rebuilt: { unknown: 1 } },
    });
    expect(JSON.stringify(trace.evaluation?.layers)).toContain('not whole in the log');
  });
});

test('a principal that the bundle does not have is one whose policy is not known', async () => {
  expect(await explained(40, 'action:"s3:GetObject"')).toMatchObject({
    evaluation: { decision: 'indeterminate' },
    divergence: {
      likelyCause: 'policy-unknown-at-that-time',
      why: expect.stringContaining('user/eve is not in the bundle') as string,
    },
  });
});

test('the policies of a moment are asked for like a bundle', async () => {
  const [early, late] = ['aws-iam@2026-05-01T10:05:00Z', 'aws-iam@2026-05-01T10:15:00Z'];
  const diff = valueOf(await session.client.request('bundles.diff', { from: early, to: late }));
  const ann = `arn:aws:iam::${account}:user/ann`;
  expect(diff).toMatchObject([
    { policyId: `${ann}#assigned`, change: 'changed' },
    { policyId: `${ann}#reports`, change: 'added' },
  ]);
  const { changes } = valueOf(await session.client.request('drift.run', { from: early, to: late }));
  expect(changes).toMatchObject([
    {
      kind: 'gained',
      subject: { id: `arn:aws:iam::${account}:user/ann` },
      attribution: [{ operation: 'PutUserPolicy' }],
    },
  ]);
  expect(await session.client.request('bundles.text', { id: 'aws-iam@yesterday' })).toMatchObject({
    ok: false,
    error: { kind: 'invalid-input' },
  });
});

test('the agreement with the log is told per source, with the causes, and kept', async () => {
  const { client, engine } = session;
  expect(valueOf(await client.request('policy.knownAgreement', {}))).toBeNull();
  const report = valueOf(await client.request('policy.agreement', {}));
  const [source] = report.sources;
  // Of six reads four are decided as recorded; two fall to policies that are not known. The root user may do the rest.
  expect(source).toMatchObject({
    format: 'aws-cloudtrail',
    system: 'aws-iam',
    bundles: 1,
    events: 10,
    undecided: 2,
  });
  expect(source?.causes).toMatchObject([
    { cause: 'policy-unknown-at-that-time', events: 2, requests: 2 },
    { cause: 'log-disagrees', events: 1 },
  ]);
  expect([source?.compared, source?.agreed]).toEqual([8, 7]);
  expect(valueOf(await client.request('policy.knownAgreement', {}))).toEqual(report);
  const summary = await engine.current();
  expect(report.revision).toBe(summary?.revision);
});
