import type { LocalClient } from '#electron/router/client.ts';
import { valueOf } from '#electron/router/value-of.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { Identity } from '#shared/domain/identity.ts';
import type { CaseSummary, CustodyView, EvidenceItem, Overview } from '#shared/ipc/views.ts';

/** Everything that a report says, each with what it rests on. */
export interface ReportContent {
  readonly case: Pick<CaseSummary, 'id' | 'name' | 'events' | 'files' | 'rejected' | 'from' | 'to'>;
  readonly outcomes: Overview['outcomes'];
  readonly findings: readonly Finding[];
  /** Analyses that could not be made. */
  readonly unanswered: readonly { readonly what: string; readonly why: string }[];
  /** Dormancy at the end of the evidence. */
  readonly asOf: string | null;
  readonly dormantAfterDays: number;
  readonly identities: Readonly<Record<Identity['dormancy'], number>>;
  readonly dormant: readonly Identity[];
  readonly bundles: readonly CaseBundle[];
  readonly evidence: readonly EvidenceItem[];
  readonly custody: { readonly entries: number; readonly checkpoint: CustodyView['checkpoint'] };
}

const dormantAfterDays = 90;
const most = 1_000_000;

/** Asks the open case. The same case gives the same content. */
export async function reportContent(client: LocalClient, signal: AbortSignal): Promise<ReportContent> {
  const summary = valueOf(await client.request('case.current', {}, { signal }));
  if (summary === null) throw new Error('The case is not open.');
  const { outcomes } = valueOf(await client.request('overview.get', {}, { signal }));
  const { findings, unanswered } = valueOf(await client.request('findings.run', {}, { signal }));
  const listed = valueOf(
    await client.request('identities.list', { dormantAfterDays, limit: most }, { signal }),
  );
  const { total, checkpoint } = valueOf(await client.request('evidence.custody', { limit: 1 }, { signal }));
  const identities = { active: 0, dormant: 0, 'never-seen': 0, 'cannot-know': 0 };
  for (const { dormancy } of listed.rows) identities[dormancy]++;
  const { id, name, events, files, rejected, from, to } = summary;
  return {
    case: { id, name, events, files, rejected, from, to },
    outcomes,
    findings,
    unanswered,
    asOf: listed.asOf,
    dormantAfterDays,
    identities,
    dormant: listed.rows.filter(({ dormancy }) => dormancy === 'dormant'),
    bundles: valueOf(await client.request('bundles.list', {}, { signal })),
    evidence: valueOf(await client.request('evidence.list', {}, { signal })),
    custody: { entries: total, checkpoint },
  };
}
