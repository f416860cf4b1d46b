import { useCallback, useMemo, useState } from 'react';
import type { Identity, IdentityOrder } from '#shared/domain/identity.ts';
import { useAddress, useCase, useConsole, useHref, usePreferences } from '../../state/context.ts';
import type { RevokeTarget } from '../../state/feature.ts';
import { useRequest } from '../../state/use-request.ts';
import { useRevoke } from '../../state/use-revoke.ts';
import { useSharedRequest } from '../../state/use-shared-request.ts';
import { Button } from '../../ui/button.tsx';
import { useEntityMenu } from '../../ui/entity-link.tsx';
import { escapedText } from '../../ui/log-text.ts';
import { type Marks, MarkButton, MarkedBar, useMarks } from '../../ui/marks.tsx';
import { Menu, type MenuPlace } from '../../ui/menu.tsx';
import { NoEvents } from '../../ui/no-events.tsx';
import { formatTime } from '../../ui/moments.ts';
import { formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { usePages } from '../../ui/use-pages.ts';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { identityColumns } from './identity-columns.tsx';
import { type Settings, formatSettings } from './settings.ts';

interface IdentitiesTableProps {
  readonly settings: Settings;
  readonly order: IdentityOrder;
  readonly onChange: (change: Partial<Settings>) => void;
}

/** The identities that the settings ask for, whatever their number. */
export function IdentitiesTable({ settings, order, onChange }: IdentitiesTableProps) {
  const { address, bridge } = useConsole();
  const zone = usePreferences((state) => state.timeZone);
  const revision = useCase((state) => state.summary?.revision ?? 0);
  const selected = useAddress((state) => (state.selected?.kind === 'identity' ? state.selected.id : null));
  const findings = useSharedRequest('findings.run', {});
  const marks = useMarks();
  const isRevocable = useRevoke() !== null;
  const columns = useMemo(
    () => [...(isRevocable ? [markColumn(marks)] : []), ...identityColumns(findings.value?.findings ?? [])],
    [isRevocable, marks, findings.value],
  );
  const [asOf, setAsOf] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ readonly identity: Identity; readonly place: MenuPlace } | null>(null);
  const load = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const { text, dormancy, asOf: at, dormantAfterDays, kind } = settings;
      const orphan = settings.orphan ? true : null;
      const input = { text, dormancy, kind, orphan, asOf: at, dormantAfterDays, sort: order, offset, limit };
      const result = await bridge.request('identities.list', input, { signal });
      if (result.ok && !signal.aborted) setAsOf(result.value.asOf);
      return result;
    },
    [bridge, settings, order],
  );
  const { total, error, rowAt, onVisible, reload } = usePages<Identity>(load, revision);

  const hasNoEvents = useCase((state) => state.summary?.events === 0);
  const question = JSON.stringify([settings, order]);
  const [kept, setCursor] = useState({ of: question, at: 0 });
  const cursor = kept.of === question ? Math.min(kept.at, Math.max(0, (total ?? 1) - 1)) : 0;
  const show = (identity: Identity | undefined, mode: 'push' | 'replace'): void => {
    if (identity !== undefined)
      address.getState().go({ selected: { kind: 'identity', id: identity.id } }, mode);
  };

  if (error !== null) {
    return <ErrorState what="The identities could not be listed" error={error} onRetry={reload} />;
  }
  if (total === null) return <Loading what="the identities" />;
  if (total === 0 && hasNoEvents && isUnfiltered(settings)) {
    return (
      <NoEvents>
        Identities come from the logs, where they act or are acted for, and from exports of directories.
      </NoEvents>
    );
  }
  if (total === 0) return <NoMatch settings={settings} onChange={onChange} />;
  return (
    <>
      <p className="identities-note">
        {formatCount(total)} {total === 1 ? 'identity' : 'identities'}
        {asOf === null ? '' : ` · judged at ${formatTime(asOf, zone)}`} · silence of{' '}
        {formatCount(settings.dormantAfterDays)} days is dormancy, where the logs reach that far
        <ReviewLink settings={settings} />
      </p>
      <MarkedBar marks={marks} current={targetOf(rowAt(cursor))} />
      <VirtualTable
        id="identities"
        label="Identities"
        columns={columns}
        total={total}
        rowAt={rowAt}
        onVisible={onVisible}
        cursor={cursor}
        onCursor={(at) => {
          setCursor({ of: question, at });
          if (selected !== null) show(rowAt(at), 'replace');
        }}
        onOpen={(identity) => show(identity, 'push')}
        onMenu={(identity, place) => setMenu({ identity, place })}
        isSelected={({ id }) => id === selected}
        sort={{
          column: order.replace('-', ''),
          descending: order.startsWith('-'),
          onSort: (column) => address.getState().go({ sort: nextOrder(order, column) }),
        }}
      />
      {menu === null ? null : <IdentityMenu {...menu} onClose={() => setMenu(null)} />}
    </>
  );
}

function targetOf(identity: Identity | undefined): RevokeTarget | null {
  return identity === undefined ? null : { kind: 'identity', id: identity.id };
}

function markColumn(marks: Marks): Column<Identity> {
  return {
    id: 'mark',
    title: 'Mark',
    width: 60,
    render: ({ id }) => <MarkButton marks={marks} target={{ kind: 'identity', id }} />,
  };
}

/** How many matches wait for somebody to decide. */
function ReviewLink({ settings }: Pick<IdentitiesTableProps, 'settings'>) {
  const { value } = useRequest('identities.review', { limit: 1 });
  const href = useHref({ tab: formatSettings({ ...settings, review: true }), selected: null });
  if (value === null || value.total === 0) return null;
  return (
    <>
      {' '}
      ·{' '}
      <a href={href}>
        {formatCount(value.total)} doubtful {value.total === 1 ? 'match' : 'matches'} to review
      </a>
    </>
  );
}

/** Counts and times begin with the largest, names with the first; the same column again turns the order round. */
function nextOrder(order: IdentityOrder, column: string): string | null {
  if (order.replace('-', '') === column) return order.startsWith('-') ? column : `-${column}`;
  return column === 'name' ? null : `-${column}`;
}

interface IdentityMenuProps {
  readonly identity: Identity;
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

function IdentityMenu({ identity: { id }, place, onClose }: IdentityMenuProps) {
  const items = useEntityMenu('subject.id', id);
  return <Menu label={escapedText(id)} items={items} place={place} onClose={onClose} />;
}

function isUnfiltered({ text, dormancy, kind, orphan }: Settings): boolean {
  return text === '' && dormancy === null && kind === null && !orphan;
}

function NoMatch({ settings, onChange }: Pick<IdentitiesTableProps, 'settings' | 'onChange'>) {
  return (
    <EmptyState
      title="No identity is like that"
      actions={
        <Button onClick={() => onChange({ text: '', dormancy: null, kind: null, orphan: false })}>
          Show all identities
        </Button>
      }
    >
      {settings.dormancy === 'dormant'
        ? `None was silent for ${formatCount(settings.dormantAfterDays)} days in logs that reach that far. ` +
          'A shorter time may show more; what cannot be known is a filter of its own.'
        : 'Change the text or the dormancy that is asked for.'}
    </EmptyState>
  );
}
