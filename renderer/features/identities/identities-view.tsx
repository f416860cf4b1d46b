import { useCallback, useMemo, useRef } from 'react';
import { identityOrders } from '#shared/domain/identity.ts';
import { parseTimeSpan } from '#shared/query/time-span.ts';
import type { Command } from '../../state/commands.ts';
import { useAddress, useCommands, useConsole } from '../../state/context.ts';
import { EmptyState } from '../../ui/states.tsx';
import { IdentitiesTable } from './identities-table.tsx';
import { IdentityPage } from './page/identity-page.tsx';
import { ReviewPage } from './review/review-page.tsx';
import { SettingsBar } from './settings-bar.tsx';
import { type Settings, formatSettings, useSettings } from './settings.ts';
import './identities.css';

/** Everybody and everything that acts in the evidence: when it was last seen, and whether it lies dormant. */
export function IdentitiesView() {
  const { address } = useConsole();
  const settings = useSettings();
  const order = useAddress((state) => state.sort);
  const input = useRef<HTMLInputElement>(null);
  const change = useCallback(
    (next: Partial<Settings>, mode: 'push' | 'replace' = 'push') =>
      address.getState().go({ tab: formatSettings({ ...settings, ...next }) }, mode),
    [address, settings],
  );
  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'identities.text',
          title: 'Filter identities by text',
          group: 'Identities',
          keys: ['/'],
          run: () => input.current?.focus(),
        },
        {
          id: 'identities.dormant',
          title: 'Show dormant identities',
          group: 'Identities',
          run: () => change({ dormancy: 'dormant' }),
        },
        {
          id: 'identities.all',
          title: 'Show all identities',
          group: 'Identities',
          run: () => change({ dormancy: null, text: '', kind: null, orphan: false }),
        },
        {
          id: 'identities.orphans',
          title: 'Show orphaned identities',
          group: 'Identities',
          run: () => change({ orphan: true }),
        },
        {
          id: 'identities.review',
          title: 'Review doubtful matches',
          group: 'Identities',
          run: () => change({ review: true, identity: null }),
        },
      ],
      [change],
    ),
  );

  if (settings.identity !== null) {
    return (
      <IdentityPage key={settings.identity} id={settings.identity} settings={settings} onChange={change} />
    );
  }
  if (settings.review) return <ReviewPage settings={settings} />;
  const readable = settings.asOf === null || parseTimeSpan(settings.asOf) !== null;
  return (
    <>
      <SettingsBar settings={settings} onChange={change} input={input} />
      {readable ? (
        <IdentitiesTable
          settings={settings}
          order={identityOrders.find((candidate) => candidate === order) ?? 'name'}
          onChange={change}
        />
      ) : (
        <EmptyState title="The reference time cannot be read">
          Write a day or a time such as 2026-05-01 or 2026-05-01T10:00Z, or leave it empty for the end of the
          evidence.
        </EmptyState>
      )}
    </>
  );
}
