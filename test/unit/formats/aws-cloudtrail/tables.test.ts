import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject } from '#shared/domain/json.ts';
import { csv, eventsOf, json, snakeCased, struct, textOf } from './render.ts';
import { records } from './records.ts';

/** Tables and documents with other names give the same events, but for what they leave out. */

const plain = eventsOf(JSON.stringify({ Records: records }));

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
      'SessionCreationDate [UTC]',
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
        return [
          'b1',
          'OpsManager',
          time(textOf(record['eventTime'])),
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
          '@timestamp': `${textOf(record['eventTime']).slice(0, 19)}.000Z`,
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
