import { useMemo, useState } from 'react';
import { parseTimeSpan } from '#shared/query/time-span.ts';
import { formatInstant } from '#shared/util/instant.ts';
import type { Address } from '../state/address.ts';
import type { Command } from '../state/commands.ts';
import { useAddress, useCase, useCommands, useConsole, usePreferences } from '../state/context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { formatTime } from '../ui/moments.ts';
import { formatSpan } from '../ui/time-axis.ts';

const hour = 3_600_000;
const presets: readonly (readonly [id: string, label: string, milliseconds: number])[] = [
  ['hour', 'Last hour', hour],
  ['day', 'Last 24 hours', 24 * hour],
  ['week', 'Last 7 days', 7 * 24 * hour],
];

/** The stretch of time that every view looks at. “Last” counts back from the last event, never from today. */
export function TimeRange() {
  const { address } = useConsole();
  const from = useAddress((state) => state.from);
  const to = useAddress((state) => state.to);
  const end = useCase((state) => state.summary?.to ?? null);
  const zone = usePreferences((state) => state.timeZone);
  const [editing, setEditing] = useState(false);

  const choices = useMemo(() => {
    const go = (range: Pick<Address, 'from' | 'to'>) => (): void => address.getState().go(range);
    const last = end === null ? null : Date.parse(end);
    return [
      { id: 'whole', label: 'Whole case', run: go({ from: null, to: null }) },
      ...presets.flatMap(([id, label, length]) =>
        last === null
          ? []
          : { id, label, run: go({ from: new Date(last - length).toISOString(), to: null }) },
      ),
      { id: 'choose', label: 'From … to …', run: () => setEditing(true) },
    ];
  }, [address, end]);
  useCommands(
    useMemo(
      (): readonly Command[] =>
        choices.map(({ id, label, run }) => ({
          id: `time.${id}`,
          title: `Time range: ${label}`,
          group: 'Time',
          ...(id === 'whole' ? { keys: ['z'] } : {}),
          run,
        })),
      [choices],
    ),
  );

  const text =
    from === null && to === null
      ? 'Whole case'
      : from !== null && to !== null
        ? formatSpan(Date.parse(from), Date.parse(to), zone)
        : from === null
          ? `until ${formatTime(to ?? '', zone)}`
          : `since ${formatTime(from, zone)}`;
  return (
    <>
      <MenuButton label="Time range" className="time-range" items={choices}>
        <span className="visually-hidden">Time range: </span>
        <span className="ellipsis numeric">{text}</span>
      </MenuButton>
      {editing ? <RangeDialog from={from} to={to} onClose={() => setEditing(false)} /> : null}
    </>
  );
}

interface RangeDialogProps extends Pick<Address, 'from' | 'to'> {
  readonly onClose: () => void;
}

function RangeDialog({ from, to, onClose }: RangeDialogProps) {
  const { address } = useConsole();
  const [typed, setTyped] = useState({ from: from ?? '', to: to ?? '' });
  const [first, last] = [momentOf(typed.from, 'from'), momentOf(typed.to, 'to')];
  const isReversed = typeof first === 'string' && typeof last === 'string' && first > last;
  const usable = first !== undefined && last !== undefined && !isReversed;
  return (
    <Dialog
      title="Time range"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={!usable}
            onClick={() => {
              if (usable) address.getState().go({ from: first, to: last });
              onClose();
            }}
          >
            Use this range
          </Button>
        </>
      }
    >
      <Field
        label="From"
        hint="Year, month, day, hour … UTC, or with an offset. Empty for open."
        error={wrong(first)}
      >
        {(attributes) => (
          <Input
            {...attributes}
            value={typed.from}
            onChange={({ target }) => setTyped({ ...typed, from: target.value })}
          />
        )}
      </Field>
      <Field
        label="To, inclusive"
        error={wrong(last) ?? (isReversed ? 'The end lies before the start.' : null)}
      >
        {(attributes) => (
          <Input
            {...attributes}
            value={typed.to}
            onChange={({ target }) => setTyped({ ...typed, to: target.value })}
          />
        )}
      </Field>
    </Dialog>
  );
}

function wrong(moment: string | null | undefined): string | null {
  return moment === undefined ? 'This is no time. Write e.g. 2026-05-01 10:00.' : null;
}

/** The first or last moment of what was typed: `2026-05` ends with May. Null for nothing, undefined for no time. */
function momentOf(typed: string, end: 'from' | 'to'): string | null | undefined {
  const text = typed.trim();
  if (text === '') return null;
  const span = parseTimeSpan(text);
  if (span === null) return undefined;
  if (end === 'from') return formatInstant({ ...span.from, digits: 9 });
  const { micros, nanos } = span.to;
  return formatInstant(
    nanos === 0 ? { micros: micros - 1, nanos: 999, digits: 9 } : { micros, nanos: nanos - 1, digits: 9 },
  );
}
