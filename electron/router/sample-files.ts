import { FailureError } from '#shared/util/result.ts';

/** Writes the sample's logs into a folder; answers with their paths. */
export function writeSampleLogs(_folder: string, _signal: AbortSignal): Promise<readonly string[]> {
  throw new FailureError('unsupported', 'The sample case is not part of this build.');
}
