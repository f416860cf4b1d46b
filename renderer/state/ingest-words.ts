import type { IngestProgress, IngestReport } from '#shared/ipc/views.ts';
import { formatCount } from '../ui/numbers.ts';
import type { JobProgress } from './jobs.ts';

/** An import's title among the jobs: it is the one that adds events while they are looked at. */
export const importTitle = 'Importing';

/** An import's progress in the terms of the bottom bar. */
export function ingestProgress(item: IngestProgress): JobProgress {
  const { phase, bytesDone, bytesTotal, events, eventsPerSecond, secondsLeft, filesDone, filesTotal } = item;
  if (phase === 'listing') return { fraction: null, note: 'listing files' };
  return {
    fraction: bytesTotal === 0 ? null : Math.min(1, bytesDone / bytesTotal),
    bytesDone,
    bytesTotal,
    events,
    eventsPerSecond,
    secondsLeft,
    note:
      phase === 'finishing' ? 'finishing' : filesTotal > 1 ? `file ${filesDone + 1} of ${filesTotal}` : null,
  };
}

/** Whether an import found nothing that it could take in, which is no success. */
export function tookNothing({ files, records, skipped, cancelled }: IngestReport): boolean {
  return !cancelled && files === 0 && records === 0 && skipped.length > 0;
}

/** What came of an import, so that in = events + duplicates + rejected can be checked at a glance. */
export function ingestSummary(report: IngestReport): string {
  const { files, records, events, duplicates, rejected, skipped, cancelled } = report;
  const left = `${counted(skipped.length, 'entry', 'entries')} skipped`;
  if (tookNothing(report)) return `Nothing could be imported: ${left}`;
  const parts = [
    `${counted(events, 'new event')} from ${counted(files, 'file')}`,
    `${counted(records, 'record')} = ${formatCount(events)} + ${counted(duplicates, 'duplicate')} + ${formatCount(rejected)} rejected`,
  ];
  if (skipped.length > 0) parts.push(left);
  return `${cancelled ? 'Import cancelled; kept so far' : 'Imported'}: ${parts.join(' · ')}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
