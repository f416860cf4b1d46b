import { useConsole, usePreferences } from '../../state/context.ts';
import { MenuButton } from '../../ui/menu-button.tsx';
import { eventColumns, usualColumns } from './columns.tsx';

/** Chooses the columns of the events table. */
export function ColumnMenu() {
  const { preferences } = useConsole();
  const kept = usePreferences((state) => state.columns);
  const shown = kept['events'] ?? usualColumns;
  const change = (columns: readonly string[]): void =>
    preferences.getState().change({ columns: { ...kept, events: columns } });
  return (
    <MenuButton
      label="Columns"
      items={[
        ...eventColumns.map(({ id, title }) => ({
          label: title,
          staysOpen: true,
          checked: shown.includes(id),
          // A table without a column would leave nothing to come back from.
          disabled: shown.length === 1 && shown.includes(id),
          run: () => change(shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id]),
        })),
        { label: 'The usual columns', separated: true, run: () => change(usualColumns) },
      ]}
    >
      Columns
    </MenuButton>
  );
}
