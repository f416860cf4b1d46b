import type { Detection, LogFormat, RecordShape } from '../../domain/format.ts';
import type { JsonObject } from '../../domain/json.ts';
import { ColumnReader } from './columns.ts';
import { lineage } from './lineage.ts';
import { CloudTrailParts } from './parts.ts';
import { CloudTrailReader } from './reader.ts';
import { aggregatedReason, digestReason, insightReason, unwrap } from './unwrap.ts';

/**
 * AWS CloudTrail: log files of trails, and the containers of lookup-events, EventBridge, CloudWatch Logs, Athena,
 * CloudTrail Lake, the console, and of other products that carry its records.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html
 */
export const awsCloudTrail: LogFormat = {
  name: 'aws-cloudtrail',
  title: 'AWS CloudTrail',
  // Log file; lookup-events; CloudWatch filter-log-events; CloudWatch subscription.
  containerKeys: ['Records', 'records', 'Events', 'events', 'logEvents', 'hits'],
  detect,
  skipPath,
  createReader: (context) => new CloudTrailReader(context),
  createParts: () => new CloudTrailParts(),
  native,
  lineage,
  sigma: { product: 'aws', service: 'cloudtrail', operationField: 'eventName' },
};

function detect(record: JsonObject, shape: RecordShape): Detection {
  const found = unwrap(record, shape, new ColumnReader());
  if (found.kind === 'record') return { confidence: 'eventVersion' in found.record ? 1 : 0.9 };
  if (found.kind === 'broken') return { confidence: 0.8 };
  return found.kind === 'other' ? { confidence: 0.9, skip: found.reason } : { confidence: 0 };
}

function native(record: JsonObject, shape: RecordShape): JsonObject {
  const found = unwrap(record, shape, new ColumnReader());
  return found.kind === 'record' ? found.record : record;
}

/** Folders that CloudTrail writes beside its log files. */
const folders: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[/\\_])CloudTrail-Digest[/\\_]/, digestReason],
  [/(?:^|[/\\_])CloudTrail-Insight[/\\_]/, insightReason],
  [/(?:^|[/\\_])CloudTrail-Aggregated[/\\_]/, aggregatedReason],
];

function skipPath(path: string): string | null {
  for (const [folder, reason] of folders) if (folder.test(path)) return reason;
  return null;
}
