import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createSession } from '#electron/headless/session.ts';
import { valueOf } from '#electron/router/value-of.ts';
import { projectRoot } from '../support/imports.ts';

export interface ReplayFigures {
  readonly events: number;
  readonly requests: number;
  readonly seconds: number;
}

const account = '111122223333';
const users = 100;
const objects = 100;
const eventsInFile = 50_000;
const never = new AbortController().signal;
const arnOf = (name: string): string => `arn:aws:iam::${account}:user/${name}`;

/** CloudTrail of that many events which come to 10,000 distinct requests, as the records follow one another in logs. */
function writeLogs(folder: string, events: number): void {
  mkdirSync(folder, { recursive: true });
  for (let start = 0; start < events; start += eventsInFile) {
    const records = Array.from({ length: Math.min(eventsInFile, events - start) }, (_, index) =>
      record(start + index),
    );
    const name = `${String(start / eventsInFile).padStart(4, '0')}.json.gz`;
    writeFileSync(join(folder, name), gzipSync(`{"Records":[${records.join(',')}]}`, { level: 1 }));
  }
}

function record(number: number): string {
  // A step that shares no factor with 10,000 visits every pair of user and object.
  const pair = (number * 7_919) % (users * objects);
  const [user, object] = [`user-${Math.floor(pair / objects)}`, `report-${pair % objects}.csv`];
  return JSON.stringify({
    eventVersion: '1.09',
    eventID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    eventTime: new Date(Date.UTC(2026, 4, 1) + number * 1_000).toISOString().replace('.000', ''),
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    eventType: 'AwsApiCall',
    awsRegion: 'us-east-1',
    sourceIPAddress: `203.0.113.${number % 250}`,
    userAgent: 'aws-cli/2',
    recipientAccountId: account,
    userIdentity: {
      type: 'IAMUser',
      accountId: account,
      arn: arnOf(user),
      userName: user,
      principalId: `AIDA${user}`,
      accessKeyId: `AKIA${user.toUpperCase()}`,
    },
    requestParameters: { bucketName: 'amzn-s3-demo-bucket', key: object },
    resources: [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::amzn-s3-demo-bucket/${object}` }],
    ...(pair % 10 === 0 ? { errorCode: 'AccessDenied', errorMessage: 'Access Denied' } : {}),
  });
}

const statement = (at: number) => ({
  Effect: at % 7 === 6 ? 'Deny' : 'Allow',
  Action: ['s3:GetObject', 's3:ListBucket', 'sqs:*'],
  Resource: `arn:aws:s3:::amzn-s3-demo-bucket/report-${at}*`,
});

const document = (from: number) => ({
  Version: '2012-10-17',
  Statement: Array.from({ length: 10 }, (_, index) => statement(from + index)),
});

/** Users with ten statements each, and a group with more. */
function details(): object {
  return {
    UserDetailList: Array.from({ length: users }, (_, index) => ({
      UserName: `user-${index}`,
      UserId: `AIDAUSER${index}`,
      Path: '/',
      Arn: arnOf(`user-${index}`),
      UserPolicyList: [{ PolicyName: 'own', PolicyDocument: document(index % 50) }],
      AttachedManagedPolicies: [],
      GroupList: ['all'],
    })),
    GroupDetailList: [
      {
        GroupName: 'all',
        Arn: `arn:aws:iam::${account}:group/all`,
        GroupPolicyList: [{ PolicyName: 'shared', PolicyDocument: document(50) }],
        AttachedManagedPolicies: [],
      },
    ],
    RoleDetailList: [],
    Policies: [],
  };
}

/** A replay of the whole log under a bundle, once the case is loaded. The case is kept between runs of the benchmark. */
export async function benchReplay(events: number): Promise<ReplayFigures> {
  const home = join(projectRoot, '.cache', 'bench', `replay-${events}`);
  const folder = join(home, 'case');
  const done = join(home, 'complete');
  const session = createSession({ folders: { config: join(home, 'config'), data: join(home, 'data') } });
  try {
    if (!existsSync(done)) {
      rmSync(home, { recursive: true, force: true });
      console.error(`Generating ${events.toLocaleString('en')} events of 10,000 requests …`);
      writeLogs(join(home, 'logs'), events);
      writeFileSync(join(home, 'details.json'), JSON.stringify(details()));
      const request = { paths: [join(home, 'logs')], format: null, timeZone: null, workers: 0 };
      const context = { signal: never, onProgress: () => undefined };
      await session.engine.importInto(folder, 'Replay', request, context);
      const bundle = { path: join(home, 'details.json'), system: null, inForceFrom: null };
      await session.engine.addBundleInto(folder, 'Replay', bundle, never);
      writeFileSync(done, '');
    }
    await session.engine.openCase(folder);
    // The first question loads the columns.
    const count = { query: '', from: null, to: null, by: ['outcome', 'subject.id'], bucket: null, limit: 10 };
    await session.engine.read('events.count', { ...count, bucket: 'day' }, {});
    const [bundle] = valueOf(await session.client.request('bundles.list', {}));
    const started = performance.now();
    const { summary } = valueOf(
      await session.client.request('policy.replay', { bundle: bundle?.id ?? '', limit: 10_000 }),
    );
    const seconds = (performance.now() - started) / 1000;
    return { events: summary.events, requests: summary.requests, seconds };
  } finally {
    session.close();
  }
}
