import type { ReadChange } from '../domain/policy-change.ts';
import { changeQuery as awsQuery, readChange as readAws } from './aws-iam/history/changes.ts';
import { changeQuery as gcpQuery, readChange as readGcp } from './gcp-iam/history/changes.ts';
import {
  changeQuery as kubernetesQuery,
  readChange as readKubernetes,
} from './kubernetes-rbac/history/changes.ts';

/** How the changes of a policy system are found in a log, and read. */
export interface ChangeReader {
  /** Of the log format that tells them. */
  readonly format: string;
  /** Finds at least the events that change policies. */
  readonly query: string;
  readonly read: ReadChange;
}

const readers: Readonly<Record<string, ChangeReader>> = {
  'aws-iam': { format: 'aws-cloudtrail', query: awsQuery, read: readAws },
  'gcp-iam': { format: 'gcp-audit', query: gcpQuery, read: readGcp },
  'kubernetes-rbac': { format: 'kubernetes-audit', query: kubernetesQuery, read: readKubernetes },
};

/** Undefined where no log format tells changes of the system. */
export function changeReaderOf(system: string): ChangeReader | undefined {
  return Object.hasOwn(readers, system) ? readers[system] : undefined;
}
