import { describe, expect, test } from 'vitest';
import { isObject } from '#shared/domain/json.ts';
import { csv, eventsOf, lines, message } from './render.ts';
import { records } from './records.ts';

/** The same records in every container: each gives the same events, but for what the container leaves out. */

const plain = eventsOf(JSON.stringify({ Records: records }));

describe('containers that carry whole records', () => {
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
    // https://grafana.com/docs/loki/latest/query/logcli/getting-started/
    'logcli, output jsonl': lines((record) => ({
      labels: { job: 'cloudtrail' },
      line: JSON.stringify(record),
      timestamp: '2026-03-04T05:06:07Z',
    })),
    // https://docs.datadoghq.com/logs/log_configuration/archives/
    'Datadog archive': lines((record) => ({ _id: 'AQ', date: '2026-03-04T05:06:07Z', attributes: record })),
    'Datadog logs API': lines((record) => ({
      id: 'AQ',
      type: 'log',
      attributes: { tags: [], attributes: record },
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
