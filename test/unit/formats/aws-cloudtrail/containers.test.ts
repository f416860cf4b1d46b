import { describe, expect, test } from 'vitest';
import { decodeRecord } from '#electron/evidence/records/decode.ts';
import type { RecordSlice } from '#electron/evidence/records/record.ts';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';
import { detectSyntax } from '#electron/evidence/records/syntax.ts';
import type { NormalizedEvent } from '#shared/domain/event.ts';
import type { RecordShape } from '#shared/domain/format.ts';
import { isObject, type JsonObject } from '#shared/domain/json.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';
import { records } from './records.ts';

/** The same records in every container: each gives the same events, but for what the container leaves out. */

const plain = eventsOf(JSON.stringify({ Records: records }));

describe('containers that carry whole records', () => {
  const lines = (render: (record: JsonObject) => unknown): string =>
    `${records.map((record) => JSON.stringify(render(record))).join('\n')}\n`;
  const message = (record: JsonObject): JsonObject => ({
    id: '39',
    timestamp: 1772600767091,
    message: JSON.stringify(record),
  });
  const containers: Readonly<Record<string, string>> = {
    'log file, printed over lines': JSON.stringify({ Records: records }, null, 2),
    'JSON Lines': lines((record) => record),
    'one after another, printed over lines': records
      .map((record) => JSON.stringify(record, null, 4))
      .join('\n'),
    'a bare array': JSON.stringify(records, null, 1),
    'CloudWatch Logs export to S3': records
      .map((record) => `2026-03-04T05:06:07.091Z ${JSON.stringify(record)}\n`)
      .join(''),
    'filter-log-events': JSON.stringify(
      {
        events: records.map((record) => ({
          logStreamName: '021345678901_CloudTrail_eu',
          ...message(record),
        })),
      },
      null,
      4,
    ),
    'CloudWatch Logs subscription': JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '999999999999',
      logGroup: 'trail',
      logEvents: records.map(message),
    }),
    'lookup-events': JSON.stringify(
      {
        Events: records.map((record) => ({
          EventId: record['eventID'],
          EventName: record['eventName'],
          ReadOnly: 'true',
          EventTime: '2026-03-04T06:06:07+01:00',
          EventSource: record['eventSource'],
          Username: 'somebody',
          Resources: [{ ResourceType: 'AWS::IAM::User', ResourceName: 'somebody' }],
          CloudTrailEvent: JSON.stringify(record),
        })),
        NextToken: 'x',
      },
      null,
      4,
    ),
    EventBridge: lines((record) => ({
      version: '0',
      id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.s3',
      account: '999999999999',
      time: '2020-01-01T00:00:00Z',
      region: 'us-west-2',
      resources: [],
      detail: record,
    })),
    'CloudTrail Lake eventData': lines((record) => ({
      eventData: record,
      metadata: { ingestionTime: '2026-03-04 05:10:00.000' },
    })),
    'Splunk HEC': lines((record) => ({ time: 1772600767, sourcetype: 'aws:cloudtrail', event: record })),
    'Splunk search export': lines((record) => ({ preview: false, result: { _raw: JSON.stringify(record) } })),
    'Filebeat with the original kept': lines((record) => ({
      '@timestamp': '2026-03-04T05:06:07.000Z',
      event: {
        original: JSON.stringify(record),
        action: record['eventName'],
        provider: record['eventSource'],
      },
      aws: { cloudtrail: { event_version: '1.11' } },
    })),
    'Elasticsearch dump': lines((record) => ({ _index: 'trail', _id: '1', _source: record })),
    'nested values as text': lines((record) =>
      Object.fromEntries(
        Object.entries(record).map(([key, value]) => [key, isObject(value) ? JSON.stringify(value) : value]),
      ),
    ),
    'Logs Insights, as CSV': csv(['@timestamp', '@message'], (record) => [
      '2026-03-04 05:06:07.000',
      JSON.stringify(record),
    ]),
  };
  test.each(Object.entries(containers))('%s', (_, text) => {
    expect(eventsOf(text)).toEqual(plain);
  });

  const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
    'UTF-16 little-endian with mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
    'UTF-16 little-endian without mark': (text) => Buffer.from(text, 'utf16le'),
    'UTF-16 big-endian with mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
    'UTF-8 with mark': (text) => Buffer.from(`\ufeff${text}`),
    'CRLF line ends': (text) => Buffer.from(text.replaceAll('\n', '\r\n')),
  };
  test.each(Object.entries(encodings))('%s', (_, encode) => {
    const texts = ['log file, printed over lines', 'JSON Lines', 'Logs Insights, as CSV'];
    for (const name of texts) expect(eventsOf(encode(containers[name] ?? ''))).toEqual(plain);
  });
});

describe('tables', () => {
  const columns = [
    'eventVersion',
    'userIdentity',
    'eventTime',
    'eventSource',
    'eventName',
    'awsRegion',
    'sourceIPAddress',
    'userAgent',
    'errorCode',
    'errorMessage',
    'requestParameters',
    'responseElements',
    'additionalEventData',
    'requestID',
    'eventID',
    'readOnly',
    'resources',
    'eventType',
    'recipientAccountId',
    'sharedEventID',
  ];

  test('Athena: names in lower case, identity and resources as structs, parameters as JSON text', () => {
    const text = csv(
      columns.map((name) => name.toLowerCase()),
      (record) =>
        columns.map((name) => {
          const value = record[name];
          if (name === 'userIdentity' || name === 'resources')
            return value === undefined ? '' : struct(value, true);
          return isObject(value) ? JSON.stringify(value) : textOf(value);
        }),
    );
    expect(eventsOf(text)).toEqual(plain);
  });

  test('CloudTrail Lake: own names, structs throughout, JSON text in some', () => {
    const text = csv(columns, (record) =>
      columns.map((name) => {
        const value = record[name];
        return typeof value === 'object' && value !== null ? struct(value, false) : textOf(value);
      }),
    );
    expect(eventsOf(text)).toEqual(plain);
  });

  test('CloudTrail Lake: one column eventData, as JSON or as a struct', () => {
    expect(eventsOf(csv(['eventData', 'eventJson'], (record) => [JSON.stringify(record), '']))).toEqual(
      plain,
    );
    expect(eventsOf(csv(['eventdata', 'x'], (record) => [struct(record, false), '']))).toEqual(plain);
  });

  test('Microsoft Sentinel: its own column names and times', () => {
    const header = [
      'TenantId',
      'SourceSystem',
      'TimeGenerated [UTC]',
      'AwsEventId',
      'EventVersion',
      'EventTypeName',
      'EventSource',
      'EventName',
      'AwsRegion',
      'SourceIpAddress',
      'UserAgent',
      'ErrorCode',
      'ErrorMessage',
      'RequestParameters',
      'ResponseElements',
      'AdditionalEventData',
      'AwsRequestId_',
      'Resources',
      'RecipientAccountId',
      'SharedEventId',
      'ReadOnly',
      'UserIdentityType',
      'UserIdentityPrincipalid',
      'UserIdentityArn',
      'UserIdentityAccountId',
      'UserIdentityInvokedBy',
      'UserIdentityAccessKeyId',
      'UserIdentityUserName',
      'SessionMfaAuthenticated',
      'SessionCreationDate',
      'SessionIssuerType',
      'SessionIssuerPrincipalId',
      'SessionIssuerArn',
      'SessionIssuerAccountId',
      'SessionIssuerUserName',
      'Type',
    ];
    const table = (time: (iso: string) => string): string =>
      csv(header, (record) => {
        const user = record['userIdentity'] as JsonObject;
        const context = (user['sessionContext'] ?? {}) as JsonObject;
        const issuer = (context['sessionIssuer'] ?? {}) as JsonObject;
        const attributes = (context['attributes'] ?? {}) as JsonObject;
        const json = (value: unknown): string =>
          value === null || value === undefined ? '' : JSON.stringify(value);
        return [
          'b1',
          'OpsManager',
          time(String(record['eventTime'])),
          ...[
            'eventID',
            'eventVersion',
            'eventType',
            'eventSource',
            'eventName',
            'awsRegion',
            'sourceIPAddress',
            'userAgent',
            'errorCode',
            'errorMessage',
          ].map((name) => textOf(record[name])),
          json(record['requestParameters']),
          json(record['responseElements']),
          json(record['additionalEventData']),
          textOf(record['requestID']),
          json(record['resources']),
          textOf(record['recipientAccountId']),
          textOf(record['sharedEventID']),
          textOf(record['readOnly']),
          ...['type', 'principalId', 'arn', 'accountId', 'invokedBy', 'accessKeyId', 'userName'].map((name) =>
            textOf(user[name]),
          ),
          textOf(attributes['mfaAuthenticated']),
          textOf(attributes['creationDate']),
          ...['type', 'principalId', 'arn', 'accountId', 'userName'].map((name) => textOf(issuer[name])),
          'AWSCloudTrail',
        ];
      });
    // Sentinel has no column for the source identity, so the human behind the role is not known.
    const expected = plain.map((event) => ({ ...event, actor: null }));
    expect(eventsOf(table((iso) => iso))).toEqual(expected);
    const milliseconds = expected.map((event) => ({ ...event, time: event.time.replace('Z', '.000Z') }));
    // 4 March: the clock tells the language, and so the order of day and month.
    expect(
      eventsOf(table((iso) => `3/4/2026, ${Number(iso.slice(11, 13))}${iso.slice(13, 19)}.000 AM`)),
    ).toEqual(milliseconds);
    expect(eventsOf(table((iso) => `04/03/2026, ${iso.slice(11, 19)}.000`))).toEqual(milliseconds);
  });

  test('Event history of the console: what it has, and no more is made up', () => {
    const text = csv(
      [
        'Event ID',
        'Event time',
        'User name',
        'Event name',
        'Event source',
        'AWS access key',
        'AWS region',
        'Error code',
        'Source IP address',
        'Resource type',
        'Resource name',
        'Request ID',
        'Read-only',
      ],
      (record) => {
        const user = record['userIdentity'] as JsonObject;
        return [
          ...['eventID', 'eventTime'].map((name) => textOf(record[name])),
          textOf(user['userName'] ?? 'release-7'),
          ...['eventName', 'eventSource'].map((name) => textOf(record[name])),
          textOf(user['accessKeyId']),
          ...['awsRegion', 'errorCode', 'sourceIPAddress'].map((name) => textOf(record[name])),
          'AWS::S3::Bucket',
          'ledger',
          textOf(record['requestID']),
          'true',
        ];
      },
    );
    const events = eventsOf(text);
    expect(events.map(({ outcome }) => outcome)).toEqual(['deny', 'allow', 'unknown', 'allow', 'deny']);
    for (const [index, event] of events.entries()) {
      const full = plain[index];
      expect(event).toMatchObject({
        vendorId: full?.vendorId,
        time: full?.time,
        operation: full?.operation,
        action: full?.action,
        ip: full?.ip,
        region: full?.region,
        credential: full?.credential ?? null,
        resource: { type: 'AWS::S3::Bucket', id: 'ledger' },
      });
      expect(event.subject.id).toBeNull();
    }
  });

  test('a query without the error columns does not say that anything was allowed', () => {
    const some = ['eventtime', 'eventid', 'eventsource', 'eventname', 'awsregion'];
    const names = ['eventTime', 'eventID', 'eventSource', 'eventName', 'awsRegion'];
    const events = eventsOf(csv(some, (record) => names.map((name) => textOf(record[name]))));
    expect(events.map(({ outcome }) => outcome)).toEqual(Array(5).fill('unknown'));
    expect(events.map(({ vendorId }) => vendorId)).toEqual(plain.map(({ vendorId }) => vendorId));
  });

  test('Logs Insights with chosen fields: dots in the names', () => {
    const header = [
      'eventTime',
      'eventID',
      'eventSource',
      'eventName',
      'errorCode',
      'userIdentity.arn',
      'userIdentity.type',
      'userIdentity.sessionContext.sessionIssuer.arn',
      'sourceIPAddress',
    ];
    const events = eventsOf(
      csv(header, (record) => {
        const user = record['userIdentity'] as JsonObject;
        const issuer = ((user['sessionContext'] as JsonObject | undefined)?.['sessionIssuer'] ??
          {}) as JsonObject;
        return [
          ...['eventTime', 'eventID', 'eventSource', 'eventName', 'errorCode'].map((name) =>
            textOf(record[name]),
          ),
          textOf(user['arn']),
          textOf(user['type']),
          textOf(issuer['arn']),
          textOf(record['sourceIPAddress']),
        ];
      }),
    );
    expect(events[0]?.subject.id).toBe('arn:aws:iam::021345678901:role/ci/deployer');
    expect(events[1]?.subject.id).toBe('arn:aws:iam::021345678901:user/people/mara');
  });
});

describe('shippers that rename fields', () => {
  test('Logstash: the time stands in @timestamp', () => {
    const text = records
      .map(({ eventTime, ...record }) =>
        JSON.stringify({ ...record, '@timestamp': eventTime, '@version': '1' }),
      )
      .join('\n');
    expect(eventsOf(text)).toEqual(plain);
  });

  test('Elastic integration: ECS fields and aws.cloudtrail', () => {
    const text = records
      .map((record) => {
        const user = record['userIdentity'] as JsonObject;
        const context = (user['sessionContext'] ?? {}) as JsonObject;
        const attributes = (context['attributes'] ?? {}) as JsonObject;
        return JSON.stringify({
          '@timestamp': `${String(record['eventTime']).slice(0, 19)}.000Z`,
          event: {
            action: record['eventName'],
            provider: record['eventSource'],
            id: record['eventID'],
            outcome: record['errorCode'] === undefined ? 'success' : 'failure',
          },
          cloud: { region: record['awsRegion'], account: { id: record['recipientAccountId'] } },
          source: { address: record['sourceIPAddress'] },
          user_agent: { original: record['userAgent'] },
          user: { name: user['userName'] ?? 'deployer' },
          aws: {
            cloudtrail: {
              event_version: '1.11',
              event_type: record['eventType'],
              error_code: record['errorCode'],
              error_message: record['errorMessage'],
              request_id: record['requestID'],
              shared_event_id: record['sharedEventID'],
              recipient_account_id: record['recipientAccountId'],
              request_parameters:
                record['requestParameters'] === null ? undefined : struct(record['requestParameters'], false),
              response_elements:
                record['responseElements'] === null ? undefined : struct(record['responseElements'], false),
              additional_eventdata:
                record['additionalEventData'] === undefined
                  ? undefined
                  : struct(record['additionalEventData'], false),
              resources: record['resources'],
              user_identity: {
                type: user['type'],
                arn: user['arn'],
                access_key_id: user['accessKeyId'],
                invoked_by: user['invokedBy'],
                account_id: user['accountId'],
                principal_id: user['principalId'],
                user_name: user['userName'],
                session_context: {
                  mfa_authenticated: attributes['mfaAuthenticated'],
                  creation_date: attributes['creationDate'],
                  source_identity: context['sourceIdentity'],
                  session_issuer: snakeCased(context['sessionIssuer'] as JsonObject | undefined),
                },
              },
            },
          },
        });
      })
      .join('\n');
    const expected = plain.map((event) => ({ ...event, time: event.time.replace('Z', '.000Z') }));
    expect(eventsOf(text)).toEqual(expected);
  });
});

describe('what is no event', () => {
  const reader = awsCloudTrail.createReader({ path: '', timeZone: null });

  test('digests, Insights, aggregated events and control messages are passed over with a reason', () => {
    const others: readonly JsonObject[] = [
      { awsAccountId: '021345678901', digestStartTime: '2026-03-04T05:00:00Z', logFiles: [] },
      {
        eventVersion: '1.07',
        eventTime: '2026-03-04T05:00:00Z',
        eventID: 'a',
        eventType: 'AwsCloudTrailInsight',
        eventCategory: 'Insight',
        insightDetails: { state: 'Start', eventSource: 's3.amazonaws.com', eventName: 'GetObject' },
      },
      { version: '0', 'detail-type': 'AWS Insight via CloudTrail', detail: { insightDetails: {} } },
      {
        eventVersion: '1.0',
        accountId: '021345678901',
        eventType: 'AwsAggregatedEvent',
        eventCategory: 'Aggregated',
        eventSource: 's3.amazonaws.com',
      },
      { id: '', timestamp: 1, message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' },
    ];
    for (const record of others) {
      expect(reader.read(record, 'json')).toMatchObject({ kind: 'skip', reason: expect.stringMatching(/./) });
      expect(awsCloudTrail.detect(record, 'json').skip).toBeDefined();
    }
    const insight = {
      eventtime: '2026-03-04T05:00:00Z',
      eventname: 'GetObject',
      eventsource: 's3.amazonaws.com',
      eventcategory: 'Insight',
    };
    expect(reader.read(insight, 'row').kind).toBe('skip');
  });

  test('folders of digests and Insights', () => {
    const digest =
      'logs/AWSLogs/021345678901/CloudTrail-Digest/eu-central-1/2026/03/04/021345678901_CloudTrail-Digest_eu.json.gz';
    expect(awsCloudTrail.skipPath?.(digest)).toContain('digest');
    expect(awsCloudTrail.skipPath?.('AWSLogs/021345678901/CloudTrail-Insight/x.json.gz')).toContain(
      'Insight',
    );
    expect(awsCloudTrail.skipPath?.('AWSLogs/021345678901/CloudTrail/eu/x.json.gz')).toBeNull();
    expect(awsCloudTrail.skipPath?.('notes about CloudTrail-Digest.txt')).toBeNull();
  });

  test('records of others', () => {
    const others: readonly JsonObject[] = [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'eu',
        eventTime: '2026-03-04T05:00:00Z',
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'A' },
        s3: {},
      },
      { kind: 'Event', apiVersion: 'audit.k8s.io/v1', auditID: 'a', stage: 'ResponseComplete', verb: 'get' },
      {
        event: { action: 'user.session.start', provider: 'okta', id: '1' },
        '@timestamp': '2026-03-04T05:00:00Z',
        source: { ip: '192.0.2.1' },
        cloud: { region: 'eu' },
      },
      {
        uuid: 'a',
        published: '2026-03-04T05:00:00Z',
        eventType: 'user.session.start',
        outcome: { result: 'SUCCESS' },
      },
    ];
    for (const record of others) expect(awsCloudTrail.detect(record, 'json').confidence).toBe(0);
  });

  test('a record whose text an export has cut is a problem, not another format', () => {
    const cut = { timestamp: 1, message: JSON.stringify(records[0]).slice(0, 400) };
    expect(awsCloudTrail.detect(cut, 'json').confidence).toBeGreaterThan(0.5);
    expect(reader.read(cut, 'json')).toMatchObject({
      kind: 'problem',
      reason: expect.stringContaining('does not parse'),
    });
  });
});

/** Every event of a container, through the splitter, each also read again from its bytes alone. */
function eventsOf(container: string | Buffer): readonly NormalizedEvent[] {
  const bytes = Buffer.from(container);
  const { syntax, markLength } = detectSyntax(bytes);
  const shape: RecordShape = syntax.kind === 'table' ? 'row' : 'json';
  const splitter = new RecordSplitter(syntax, markLength, new Set(awsCloudTrail.containerKeys));
  const reader = awsCloudTrail.createReader({ path: '', timeZone: null });
  const take = (slice: RecordSlice): NormalizedEvent => {
    if (slice.kind !== 'record') throw new Error(JSON.stringify(slice));
    expect(awsCloudTrail.detect(slice.record, shape).confidence).toBeGreaterThanOrEqual(0.5);
    const result = reader.read(slice.record, shape);
    if (result.kind !== 'event') throw new Error(JSON.stringify(result));
    const again = decodeRecord(bytes.subarray(slice.offset, slice.offset + slice.length), syntax);
    if (!('record' in again)) throw new Error(again.problem);
    const fresh = awsCloudTrail.createReader({ path: '', timeZone: null });
    expect(fresh.read(again.record, again.shape)).toEqual(result);
    return result.event;
  };
  return [...Array.from(splitter.push(bytes), take), ...Array.from(splitter.end(), take)];
}

function csv(header: readonly string[], row: (record: JsonObject) => readonly string[]): string {
  const line = (cells: readonly string[]): string =>
    cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  return `${[header, ...records.map(row)].map(line).join('\n')}\n`;
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

/** As Athena and Java print structures. */
function struct(value: unknown, isLowerCased: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => struct(item, isLowerCased)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(
    ([key, inner]) => `${isLowerCased ? key.toLowerCase() : key}=${struct(inner, isLowerCased)}`,
  );
  return `{${members.join(', ')}}`;
}

function snakeCased(object: JsonObject | undefined): JsonObject | undefined {
  if (object === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
