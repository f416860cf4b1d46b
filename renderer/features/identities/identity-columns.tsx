import { displayName } from '#shared/domain/event-sentence.ts';
import type { Finding } from '#shared/domain/finding.ts';
import { severities } from '#shared/domain/finding.ts';
import type { Identity } from '#shared/domain/identity.ts';
import { formatTitle } from '../../ui/format-title.ts';
import { LogText } from '../../ui/log-line.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { ShortText } from '../../ui/short-text.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { Count, Time, shortened } from '../../ui/values.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { DormancyMark, basisWords } from './dormancy-mark.tsx';

const none = <span className="muted">–</span>;

const usual: readonly Column<Identity>[] = [
  {
    id: 'name',
    title: 'Identity',
    width: 240,
    grows: true,
    sortable: true,
    render: ({ id, name }) => <ShortText whole={id} shown={shortened(displayName({ id, name }), 48)} />,
  },
  { id: 'type', title: 'Type', width: 76, render: ({ type }) => type },
  {
    id: 'kind',
    title: 'Kind',
    width: 84,
    render: ({ kind }) => kind ?? <span className="muted">not known</span>,
  },
  {
    id: 'account',
    title: 'Account',
    width: 124,
    render: ({ account }) => (account === null ? none : <LogText text={account} />),
  },
  {
    id: 'dormancy',
    title: 'Dormancy',
    width: 136,
    render: ({ dormancy, coverage }) => <DormancyMark dormancy={dormancy} coverage={coverage} />,
  },
  {
    id: 'lastSeen',
    title: 'Last seen',
    width: 220,
    sortable: true,
    render: ({ lastSeen, lastSeenBasis }) =>
      lastSeen === null ? (
        none
      ) : (
        <>
          <Time value={lastSeen} to="minute" />
          {lastSeenBasis === null ? null : <span className="muted"> {basisWords(lastSeenBasis)}</span>}
        </>
      ),
  },
  {
    id: 'firstSeen',
    title: 'First seen',
    width: 148,
    sortable: true,
    render: ({ firstSeen }) => (firstSeen === null ? none : <Time value={firstSeen} to="minute" />),
  },
  {
    id: 'events',
    title: 'Events',
    width: 80,
    align: 'end',
    sortable: true,
    render: ({ events }) => <Count value={events} />,
  },
  {
    id: 'denied',
    title: 'Denied',
    width: 72,
    align: 'end',
    sortable: true,
    render: ({ denied }) => <Count value={denied} />,
  },
  {
    id: 'credentials',
    title: 'Credentials',
    width: 148,
    render: ({ credentials, sessionCredentials }) => credentialWords(credentials.length, sessionCredentials),
  },
  {
    id: 'orphan',
    title: 'Orphan',
    width: 84,
    render: ({ orphan }) =>
      orphan === null ? (
        <span className="muted" title="No directory in the case says anything of identities of this kind">
          not known
        </span>
      ) : orphan ? (
        'orphan'
      ) : (
        'no'
      ),
  },
  {
    id: 'owner',
    title: 'Owner',
    width: 104,
    render: ({ owner }) => (owner === null ? none : <LogText text={owner} />),
  },
  {
    id: 'sources',
    title: 'Sources',
    width: 160,
    render: ({ sources }) => <span className="muted">{sources.map(formatTitle).join(', ')}</span>,
  },
];

/** The table's columns; the findings come by themselves, later. */
export function identityColumns(findings: readonly Finding[]): readonly Column<Identity>[] {
  const bySubject = Map.groupBy(findings, ({ subject }) => subject);
  return usual.toSpliced(5, 0, {
    id: 'findings',
    title: 'Findings',
    width: 128,
    render: ({ id }) => {
      const own = bySubject.get(id) ?? [];
      const worst = severities.findLast((severity) => own.some((finding) => finding.severity === severity));
      if (worst === undefined) return none;
      return (
        <>
          <SeverityMark severity={worst} />
          {own.length === 1 ? null : <span className="muted"> {formatCount(own.length)}</span>}
        </>
      );
    },
  });
}

function credentialWords(kept: number, sessions: number) {
  const words = [
    ...(kept === 0 ? [] : [`${formatCount(kept)} kept`]),
    ...(sessions === 0 ? [] : [`${formatCount(sessions)} of sessions`]),
  ];
  return words.length === 0 ? none : words.join(', ');
}
