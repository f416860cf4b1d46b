import type { FormatName, LogFormat } from '../domain/format.ts';
import { awsCloudTrail } from './aws-cloudtrail/index.ts';
import { cerbosAudit } from './cerbos-audit/index.ts';
import { gcpAudit } from './gcp-audit/index.ts';
import { kubernetesAudit } from './kubernetes-audit/index.ts';
import { opaDecisionLog } from './opa-decision-log/index.ts';

/** Every log format that is known. A new one is a folder here and a line in this list. */
export const formats: readonly LogFormat[] = [
  awsCloudTrail,
  cerbosAudit,
  gcpAudit,
  kubernetesAudit,
  opaDecisionLog,
];

/** The format of that name, or undefined. */
export function formatByName(name: FormatName): LogFormat | undefined {
  return formats.find((format) => format.name === name);
}
