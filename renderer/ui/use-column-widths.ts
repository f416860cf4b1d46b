import { useMemo } from 'react';
import { useConsole, usePreferences } from '../state/context.ts';

interface Sized {
  readonly id: string;
  readonly width: number;
  readonly grows?: boolean;
}

const narrowest = 48;
const widest = 1_600;

/** The widths of a table's columns, as the analyst left them. */
export function useColumnWidths(table: string, columns: readonly Sized[]) {
  const { preferences } = useConsole();
  const kept = usePreferences((state) => state.columnWidths);
  return useMemo(() => {
    const widthOf = (column: Sized): number => kept[`${table}.${column.id}`] ?? column.width;
    const growing = columns.findIndex(({ grows }) => grows === true);
    const template = columns
      .map((column, index) =>
        index === (growing < 0 ? columns.length - 1 : growing)
          ? `minmax(${widthOf(column)}px, 1fr)`
          : `${widthOf(column)}px`,
      )
      .join(' ');
    return {
      widthOf,
      template,
      width: columns.reduce((sum, column) => sum + widthOf(column), 0),
      resize: (column: string, width: number): void => {
        const columnWidths = {
          ...preferences.getState().columnWidths,
          [`${table}.${column}`]: Math.round(Math.max(narrowest, Math.min(widest, width))),
        };
        preferences.getState().change({ columnWidths });
      },
    };
  }, [table, columns, kept, preferences]);
}
