import { type ReactNode, Suspense, lazy, useMemo } from 'react';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { OutputOf } from '#shared/ipc/contract.ts';
import { parseTimeSpan } from '#shared/query/time-span.ts';
import type { Command } from '../../../state/commands.ts';
import { useAddress, useCommands } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { escapedText } from '../../../ui/log-text.ts';
import { RevokeButton } from '../../../ui/revoke-button.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { Toolbar } from '../../../ui/toolbar.tsx';
import { shortened } from '../../../ui/values.tsx';
import { DecideMenu } from '../decide/decide-menu.tsx';
import { type Settings, type StoryPart, formatSettings, storyParts } from '../settings.ts';
import { StorySections } from './story-sections.tsx';

const PermissionsPart = lazy(() =>
  import('./permissions-part.tsx').then((module) => ({ default: module.PermissionsPart })),
);
const BehaviourPart = lazy(() =>
  import('./behaviour-part.tsx').then((module) => ({ default: module.BehaviourPart })),
);
const ProposalPart = lazy(() =>
  import('./proposal-part.tsx').then((module) => ({ default: module.ProposalPart })),
);
const ReachPart = lazy(() => import('./reach-part.tsx').then((module) => ({ default: module.ReachPart })));
const PathsPart = lazy(() => import('./paths-part.tsx').then((module) => ({ default: module.PathsPart })));

const titles: Readonly<Record<StoryPart, string>> = {
  story: 'Story',
  permissions: 'Granted and used',
  paths: 'Grant paths',
  reach: 'Reach',
  behaviour: 'Behaviour',
  proposal: 'Smallest policy',
};

interface IdentityPageProps {
  readonly id: string;
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
}

/** An identity's whole story, with the room of the view. */
export function IdentityPage({ id, settings, onChange }: IdentityPageProps) {
  const { part, dormantAfterDays } = settings;
  const asOf = settings.asOf !== null && parseTimeSpan(settings.asOf) !== null ? settings.asOf : null;
  const { value, error, reload } = useRequest('identities.list', { id, asOf, dormantAfterDays });
  const back = useAddress((state) => state.hrefFor({ tab: formatSettings({ ...settings, identity: null }) }));
  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'identity.back',
          title: 'Back to all identities',
          group: 'Identities',
          keys: ['u'],
          run: () => onChange({ identity: null }),
        },
        ...storyParts.map((each, at) => ({
          id: `identity.${each}`,
          title: `Show the identity’s ${titles[each].toLowerCase()}`,
          group: 'Identities',
          keys: [String(at + 1)],
          run: () => onChange({ part: each }),
        })),
      ],
      [onChange],
    ),
  );

  const [first] = value?.rows ?? [];
  return (
    <>
      <Toolbar title={escapedText(shortened(first?.name ?? shortResource(id), 60))}>
        <a className="button" href={back}>
          All identities
        </a>
        <DecideMenu identity={first} />
        <RevokeButton targets={[{ kind: 'identity', id }]} />
      </Toolbar>
      {error === null ? null : (
        <ErrorState what="The identity could not be read" error={error} onRetry={reload} />
      )}
      {value === null && error === null ? <Loading what="the identity" /> : null}
      {value === null ? null : (
        <Tabs
          label="The identity"
          current={part}
          onChange={(next) => onChange({ part: storyParts.find((each) => each === next) ?? 'story' })}
          tabs={storyParts.map((each) => ({ id: each, title: titles[each] }))}
        >
          {value.rows.length === 0 && part === 'story' ? (
            <EmptyState title="Not in the inventory">
              No event up to the reference time has an identity with this id. A policy or a finding may name
              it all the same.
            </EmptyState>
          ) : null}
          <Suspense fallback={<Loading what={titles[part]} />}>
            <Part part={part} id={id} inventory={value} asOf={asOf} />
          </Suspense>
        </Tabs>
      )}
    </>
  );
}

interface PartProps {
  readonly part: StoryPart;
  readonly id: string;
  readonly inventory: OutputOf<'identities.list'>;
  readonly asOf: string | null;
}

function Part({ part, id, inventory, asOf }: PartProps) {
  const parts: Record<StoryPart, () => ReactNode> = {
    story: () => <StorySections id={id} rows={inventory.rows} asOf={inventory.asOf} />,
    permissions: () => <PermissionsPart subject={id} asOf={asOf} />,
    paths: () => <PathsPart subject={id} asOf={asOf} />,
    reach: () => <ReachPart subject={id} asOf={asOf} />,
    behaviour: () => <BehaviourPart subject={id} asOf={asOf} />,
    proposal: () => <ProposalPart subject={id} asOf={asOf} />,
  };
  return parts[part]();
}
