import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#shared/domain/json.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';
import { records } from './records.ts';

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
