import { useCallback, useMemo } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import { useAddress, useConsole } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { AddBundleButton } from '../../ui/add-bundle-button.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { BundleChoice } from './bundle-choice.tsx';
import { BundleTimeline } from './bundle-timeline.tsx';
import { Changes } from './changes-part.tsx';
import {
  type DriftSettings,
  formatDriftSettings,
  isComparable,
  pairOf,
  parseDriftSettings,
} from './settings.ts';
import './drift.css';

/** What two versions of policies give differently, to whom, and by which event each difference came. */
export function DriftView() {
  const { address } = useConsole();
  const tab = useAddress((state) => state.tab);
  const settings = useMemo(() => parseDriftSettings(tab), [tab]);
  const change = useCallback(
    (next: Partial<DriftSettings>) =>
      address.getState().go({ tab: formatDriftSettings({ ...settings, ...next }) }),
    [address, settings],
  );
  const { value: bundles, error, reload } = useRequest('bundles.list', {});
  if (error !== null) {
    return <ErrorState what="The bundles could not be listed" error={error} onRetry={reload} />;
  }
  if (bundles === null) return <Loading what="the bundles" />;
  const pair = pairOf(bundles, settings);
  if (pair === null) return <NoPair bundles={bundles} />;
  return (
    <>
      <BundleChoice bundles={bundles} pair={pair} settings={settings} onChange={change} />
      <BundleTimeline bundles={bundles} pair={pair} onChange={change} />
      {pair.from.system !== pair.to.system ? (
        <EmptyState title="Two systems cannot be compared">
          One bundle is of {pair.from.system}, the other of {pair.to.system}. Choose two versions of one
          system.
        </EmptyState>
      ) : (
        <Changes pair={pair} settings={settings} onChange={change} />
      )}
    </>
  );
}

function NoPair({ bundles }: { readonly bundles: readonly CaseBundle[] }) {
  const usable = bundles.filter(isComparable);
  return (
    <>
      <Toolbar title="Drift" />
      <EmptyState
        title={
          usable.length > 0
            ? 'There is one version of each policy set'
            : bundles.length > 0
              ? 'No bundle of which permissions can be listed'
              : 'This case has no policy bundle yet'
        }
        actions={<AddBundleButton />}
      >
        Drift compares two versions of the same policies: AWS account authorization details or Kubernetes RBAC
        objects. Add each with the time from which it was in force, so that changes find the events that made
        them.
      </EmptyState>
    </>
  );
}
