import type { ReportContent } from './content.ts';

/** A report as headed parts, for every form that it is written in. */
export interface ReportPart {
  readonly heading: string;
  readonly text: readonly string[];
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

const citedEvents = 5;

export function reportParts(content: ReportContent): ReportPart[] {
  return [summary(content), findings(content), identities(content), bundles(content), evidence(content)];
}

function summary({ case: about, outcomes, custody }: ReportContent): ReportPart {
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`);
  const { checkpoint } = custody;
  return {
    heading: `Case ${about.name}`,
    text: [
      `${about.events} events from ${about.files} files, ${about.from ?? 'none'} to ${about.to ?? 'none'}; ${about.rejected} records were rejected and are kept with their reasons.`,
      `Outcomes: ${counts.join(', ')}.`,
      checkpoint === null
        ? `The custody journal has ${custody.entries} entries and no checkpoint yet.`
        : `The custody journal has ${custody.entries} entries; its last checkpoint (${checkpoint.time}) signs the first ${checkpoint.size} as ${checkpoint.rootHash} with key ${checkpoint.key}.`,
    ],
  };
}

function findings({ findings: found, unanswered }: ReportContent): ReportPart {
  const unknown = unanswered.map(({ what, why }) => `${what}: not known. ${why}`);
  if (found.length === 0) {
    return { heading: 'Findings', text: ['The rules that come with the program found nothing.', ...unknown] };
  }
  return {
    heading: 'Findings',
    text: [
      'Each line names the events that show it: rescind event --case … ID --raw gives the record.',
      ...unknown,
    ],
    table: {
      head: ['severity', 'finding', 'subject', 'events', 'first', 'last', 'what to do', 'cited'],
      rows: found.map((finding) => [
        finding.severity,
        finding.title,
        finding.subject ?? '',
        String(finding.count),
        finding.first ?? '',
        finding.last ?? '',
        finding.advice ?? '',
        finding.events.slice(0, citedEvents).join(' '),
      ]),
    },
  };
}

function identities({ identities: counts, dormant, asOf, dormantAfterDays }: ReportContent): ReportPart {
  const told = Object.entries(counts).map(([dormancy, count]) => `${dormancy} ${count}`);
  return {
    heading: 'Identities',
    text: [
      `Judged at ${asOf ?? 'no time'}, with ${dormantAfterDays} days of silence as dormancy: ${told.join(', ')}. “cannot-know” means that the logs do not reach far enough.`,
    ],
    ...(dormant.length === 0
      ? {}
      : {
          table: {
            head: ['dormant identity', 'account', 'last seen', 'by', 'coverage'],
            rows: dormant.map(({ id, account, lastSeen, lastSeenBasis, coverage }) => [
              id,
              account ?? '',
              lastSeen ?? 'never',
              lastSeenBasis ?? '',
              `${coverage.daysWithEvents} of ${coverage.days} days`,
            ]),
          },
        }),
  };
}

function bundles({ bundles: kept }: ReportContent): ReportPart {
  if (kept.length === 0)
    return { heading: 'Policy bundles', text: ['The case has none: decisions are as recorded.'] };
  return {
    heading: 'Policy bundles',
    text: [],
    table: {
      head: ['id', 'system', 'in force from', 'policies', 'digest'],
      rows: kept.map(({ id, system, inForceFrom, policies, digest }) => [
        id,
        system,
        inForceFrom ?? 'not known',
        String(policies),
        digest,
      ]),
    },
  };
}

function evidence({ evidence: files }: ReportContent): ReportPart {
  return {
    heading: 'Evidence',
    text: ['Every file as it came, by the SHA-256 of its bytes.'],
    table: {
      head: ['path', 'format', 'events', 'rejected', 'from', 'to', 'SHA-256'],
      rows: files.map(({ path, format, events, rejected, from, to, sha256 }) => [
        path,
        format ?? '',
        String(events),
        String(rejected),
        from ?? '',
        to ?? '',
        sha256,
      ]),
    },
  };
}
