import { useState } from 'react';
import type { EventRow } from '#shared/ipc/views.ts';
import type { FieldName } from '#shared/domain/dimensions.ts';
import { useConsole } from '../../state/context.ts';
import { useEntityMenu } from '../../ui/entity-link.tsx';
import { escapedText } from '../../ui/log-text.ts';
import { Menu, type MenuPlace } from '../../ui/menu.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { shortened } from '../../ui/values.tsx';
import { citationOf } from './detail/citation.ts';

interface RowMenuProps {
  readonly row: EventRow;
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

/** The menu of a row, by keys too: first the thing of the row, then what can be done with it. */
export function RowMenu({ row, place, onClose }: RowMenuProps) {
  const { address, bridge, notices } = useConsole();
  const copy = useCopy();
  const cite = async (): Promise<void> => {
    const result = await bridge.request('events.get', { id: row.id });
    if (result.ok) copy(citationOf(result.value), 'Citation');
    else notices.getState().show({ tone: 'danger', text: result.error.message });
  };
  const [chosen, setChosen] = useState<Thing | null>(null);
  if (chosen !== null) return <ThingMenu thing={chosen} place={place} onClose={onClose} />;
  return (
    <Menu
      label="Event"
      place={place}
      onClose={onClose}
      items={[
        {
          label: 'Open the event',
          run: () => address.getState().go({ selected: { kind: 'event', id: row.id } }),
        },
        { label: 'Cite the event as evidence', run: () => void cite() },
        ...thingsOf(row).map((thing, at) => ({
          label: `${thing.title} ${escapedText(shortened(thing.value, 36))}`,
          hint: '▸',
          separated: at === 0,
          staysOpen: true,
          run: () => setChosen(thing),
        })),
      ]}
    />
  );
}

interface Thing {
  readonly title: string;
  readonly field: FieldName;
  readonly value: string;
}

function ThingMenu({ thing, place, onClose }: { readonly thing: Thing } & Omit<RowMenuProps, 'row'>) {
  const items = useEntityMenu(thing.field, thing.value);
  return (
    <Menu
      label={`${thing.title} ${escapedText(thing.value)}`}
      items={items}
      place={place}
      onClose={onClose}
    />
  );
}

function thingsOf({
  subject,
  actor,
  action,
  operation,
  resource,
  ip,
  credential,
  session,
  outcome,
}: EventRow): Thing[] {
  const things: readonly (readonly [string, FieldName, string | null | undefined])[] = [
    ['Subject', 'subject.id', subject.id],
    ['Behind it', 'actor.id', actor?.id],
    ['Action', 'action', action],
    ['Operation', 'operation', action === null ? operation : null],
    ['Resource', 'resource.id', resource?.id],
    ['Source', 'ip', ip],
    ['Credential', 'credential.id', credential?.id],
    ['Session', 'session.id', session?.id],
    ['Outcome', 'outcome', outcome],
  ];
  return things.flatMap(([title, field, value]) =>
    value === null || value === undefined ? [] : { title, field, value },
  );
}
