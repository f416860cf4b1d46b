import { useMemo } from 'react';
import type { Command } from '../../state/commands.ts';
import { useCommands, useConsole, usePreferences } from '../../state/context.ts';
import { MenuButton } from '../../ui/menu-button.tsx';
import { eventColumns, usualColumns } from './columns.tsx';

/** Chooses the columns of the events table. */
export function ColumnMenu() {
  const { preferences } = useConsole();
  const shown = usePreferences((state) => state.columns['events']) ?? usualColumns;
  const items = useMemo(() => {
    const change = (events: readonly string[]): void => {
      const { columns, change: keep } = preferences.getState();
      keep({ columns: { ...columns, events } });
    };
    return [
      ...eventColumns.map(({ id, title }) => ({
        label: title,
        staysOpen: true,
        checked: shown.includes(id),
        // A table without a column would leave nothing to come back from.
        disabled: shown.length === 1 && shown.includes(id),
        run: () => change(shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id]),
      })),
      { label: 'The usual columns', separated: true, run: () => change(usualColumns) },
    ];
  }, [preferences, shown]);
  useCommands(
    useMemo(
      (): readonly Command[] =>
        items.map(({ label, run, ...item }) => ({
          id: `events.column.${label}`,
          title: 'checked' in item ? `${item.checked ? 'Hide' : 'Show'} the column ${label}` : label,
          group: 'Events',
          run,
        })),
      [items],
    ),
  );
  return (
    <MenuButton label="Columns" items={items}>
      Columns
    </MenuButton>
  );
}
