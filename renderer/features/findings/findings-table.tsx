import { useMemo, useState } from 'react';
import type { Finding } from '#shared/domain/finding.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { useAddress, useConsole } from '../../state/context.ts';
import type { RevokeTarget } from '../../state/feature.ts';
import { useRevoke } from '../../state/use-revoke.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { type Marks, MarkButton, MarkedBar, useMarks } from '../../ui/marks.tsx';
import { Menu, type MenuPlace } from '../../ui/menu.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { ShortText } from '../../ui/short-text.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { Count, Time, shortened } from '../../ui/values.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { mappingOf } from './mappings.ts';
import { type FindingRow, type Grouping, findingRows } from './settings.ts';

const columns: readonly Column<FindingRow>[] = [
  {
    id: 'severity',
    title: 'Severity',
    width: 116,
    render: (row) => <SeverityMark severity={row.type === 'group' ? row.worst : row.finding.severity} />,
  },
  {
    id: 'title',
    title: 'Finding',
    width: 320,
    grows: true,
    render: (row) =>
      row.type === 'group' ? (
        <span className="findings-group">
          <span className={row.closed ? 'findings-twist' : 'findings-twist open'}>
            <Icon name="right" />
          </span>
          <ShortText whole={row.name} shown={shortened(groupName(row.name), 60)} />
          <span className="muted numeric">{formatCount(row.count)}</span>
        </span>
      ) : (
        <LogText text={row.finding.title} />
      ),
  },
  {
    id: 'subject',
    title: 'Subject',
    width: 180,
    render: (row) => {
      if (row.type === 'group') return null;
      const { subject } = row.finding;
      return subject === null ? (
        <span className="muted">no identity</span>
      ) : (
        <EntityLink field="subject.id" value={subject} label={shortResource(subject)} length={28} inGrid />
      );
    },
  },
  {
    id: 'count',
    title: 'Events',
    width: 72,
    align: 'end',
    render: (row) =>
      row.type === 'group' ? null : row.finding.count === 0 ? '–' : <Count value={row.finding.count} />,
  },
  {
    id: 'first',
    title: 'First',
    width: 148,
    render: (row) => (row.type === 'group' ? null : <Moment value={row.finding.first} />),
  },
  {
    id: 'last',
    title: 'Last',
    width: 148,
    render: (row) => (row.type === 'group' ? null : <Moment value={row.finding.last} />),
  },
  {
    id: 'tags',
    title: 'Mappings',
    width: 160,
    render: (row) =>
      row.type === 'group' ? null : (
        <span className="muted">{row.finding.tags.map((tag) => mappingOf(tag).id).join(', ')}</span>
      ),
  },
];

function Moment({ value }: { readonly value: string | null }) {
  return value === null ? '–' : <Time value={value} to="minute" />;
}

function groupName(name: string): string {
  const { framework, id, title } = mappingOf(name);
  if (framework !== 'tag') return `${framework} ${id}${title === null ? '' : ` ${title}`}`;
  return shortResource(name);
}

interface FindingsTableProps {
  /** In the order in which they are shown. */
  readonly findings: readonly Finding[];
  readonly group: Grouping | null;
}

/** The findings, below their groups where there are groups; a row opens beside, a group folds. */
export function FindingsTable({ findings, group }: FindingsTableProps) {
  const { address } = useConsole();
  const selected = useAddress((state) => (state.selected?.kind === 'finding' ? state.selected.id : null));
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(0);
  const [menu, setMenu] = useState<{ readonly finding: Finding; readonly place: MenuPlace } | null>(null);
  const rows = useMemo(() => findingRows(findings, group, closed), [findings, group, closed]);
  const marks = useMarks();
  const isRevocable = useRevoke() !== null;
  const shown = useMemo(
    () => (isRevocable ? [markColumn(marks), ...columns] : columns),
    [isRevocable, marks],
  );
  const cursor = Math.min(at, rows.length - 1);
  const show = (row: FindingRow | undefined, mode: 'push' | 'replace'): void => {
    if (row?.type === 'finding') {
      address.getState().go({ selected: { kind: 'finding', id: row.finding.id } }, mode);
    }
  };
  const fold = (name: string): void => {
    const next = new Set(closed);
    if (!next.delete(name)) next.add(name);
    setClosed(next);
  };
  return (
    <>
      <MarkedBar marks={marks} current={targetOf(rows[cursor])} />
      <VirtualTable
        id="findings"
        label="Findings"
        columns={shown}
        total={rows.length}
        rowAt={(index) => rows[index]}
        cursor={cursor}
        onCursor={(index) => {
          setAt(index);
          if (selected !== null) show(rows[index], 'replace');
        }}
        onOpen={(row) => {
          if (row.type === 'group') fold(row.name);
          else show(row, 'push');
        }}
        onMenu={(row, place) => {
          if (row.type === 'finding') setMenu({ finding: row.finding, place });
        }}
        isSelected={(row) => row.type === 'finding' && row.finding.id === selected}
      />
      {menu === null ? null : <FindingMenu {...menu} onClose={() => setMenu(null)} />}
    </>
  );
}

/** Whose access would be taken away: that of the finding's subject. */
function targetOf(row: FindingRow | undefined): RevokeTarget | null {
  if (row?.type !== 'finding' || row.finding.subject === null) return null;
  return { kind: 'identity', id: row.finding.subject };
}

function markColumn(marks: Marks): Column<FindingRow> {
  return {
    id: 'mark',
    title: 'Mark',
    width: 60,
    render: (row) => {
      const target = targetOf(row);
      return target === null ? null : <MarkButton marks={marks} target={target} />;
    },
  };
}

interface FindingMenuProps {
  readonly finding: Finding;
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

function FindingMenu({ finding: { id, title, subject }, place, onClose }: FindingMenuProps) {
  const { address } = useConsole();
  const revoke = useRevoke();
  const copy = useCopy();
  return (
    <Menu
      label="Finding"
      place={place}
      onClose={onClose}
      items={[
        {
          label: 'Open the finding',
          run: () => address.getState().go({ selected: { kind: 'finding', id } }),
        },
        { label: 'Cite as evidence', run: () => copy(`${title} (finding ${id})`, 'Citation') },
        ...(subject === null
          ? []
          : [
              {
                label: 'Open its subject',
                separated: true,
                run: () =>
                  address.getState().go({ view: 'identities', selected: { kind: 'identity', id: subject } }),
              },
              ...(revoke === null
                ? []
                : [
                    {
                      label: 'Revoke its subject …',
                      run: () => revoke([{ kind: 'identity' as const, id: subject }]),
                    },
                  ]),
            ]),
      ]}
    />
  );
}
