import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import type { PermissionChange } from '#shared/domain/drift.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import { escapedText } from '../../ui/log-text.ts';
import { formatCount } from '../../ui/numbers.ts';
import { ShortText } from '../../ui/short-text.tsx';
import { shortened } from '../../ui/values.tsx';
import { changeSigns } from '../../ui/change-mark.tsx';
import { kindWords } from '../../ui/change-words.ts';
import { type KindCounts, countsInWords, matrixOf } from './changes.ts';
import { changeKinds } from './settings.ts';

interface DriftMatrixProps {
  readonly changes: readonly PermissionChange[];
  /** A cell was chosen: the identity and the group of actions. */
  readonly onOpen: (subject: string, group: string) => void;
}

/**
 * Identities against groups of actions, each cell with the number and sign of its changes (WAI-ARIA 1.2, grid):
 * arrows, Home and End move between cells, Enter lists a cell's changes.
 */
export function DriftMatrix({ changes, onOpen }: DriftMatrixProps) {
  const prefix = useId();
  const { subjects, groups, hiddenSubjects, hiddenGroups } = useMemo(() => matrixOf(changes), [changes]);
  const [kept, setCell] = useState({ row: 0, column: 0 });
  const cell = {
    row: Math.min(kept.row, subjects.length - 1),
    column: Math.min(kept.column, groups.length - 1),
  };
  const move = (row: number, column: number): void => {
    const next = {
      row: Math.max(0, Math.min(subjects.length - 1, row)),
      column: Math.max(0, Math.min(groups.length - 1, column)),
    };
    setCell(next);
    document.getElementById(`${prefix}${next.row}.${next.column}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { row, column } = cell;
    const whole = event.ctrlKey || event.metaKey;
    const targets: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [row - 1, column],
      k: [row - 1, column],
      ArrowDown: [row + 1, column],
      j: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [whole ? 0 : row, 0],
      End: [whole ? subjects.length - 1 : row, groups.length - 1],
      PageUp: [row - 10, column],
      PageDown: [row + 10, column],
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(...target);
  };
  return (
    <>
      <p className="drift-note">
        {changeKinds.map((kind) => `${changeSigns[kind]} ${kindWords(kind)}`).join(', ')}
        {hiddenSubjects === 0 ? '' : ` · ${formatCount(hiddenSubjects)} more identities with fewer changes`}
        {hiddenGroups === 0 ? '' : ` · ${formatCount(hiddenGroups)} more groups of actions`}
      </p>
      <div className="matrix-place">
        {/* A table whose cells take the focus is a grid (WAI-ARIA 1.2, grid). */}
        <table
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role
          role="grid"
          aria-label="Changes by identity and group of actions"
          aria-rowcount={subjects.length + 1}
          aria-colcount={groups.length + 1}
          className="matrix"
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr>
              <th scope="col">Identity</th>
              {groups.map((group) => (
                <th key={group} scope="col">
                  <ShortText whole={group} shown={shortened(group, 16)} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {subjects.map(({ id, cells }, row) => (
              <tr key={id}>
                <th scope="row" title={escapedText(id)}>
                  <ShortText whole={id} shown={shortened(shortResource(id), 36)} />
                </th>
                {groups.map((group, column) => (
                  <td key={group}>
                    <MatrixCell
                      id={`${prefix}${row}.${column}`}
                      counts={cells.get(group) ?? null}
                      focusable={row === cell.row && column === cell.column}
                      onFocus={() => setCell({ row, column })}
                      onOpen={() => onOpen(id, group)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface MatrixCellProps {
  readonly id: string;
  readonly counts: KindCounts | null;
  readonly focusable: boolean;
  readonly onFocus: () => void;
  readonly onOpen: () => void;
}

function MatrixCell({ id, counts, focusable, onFocus, onOpen }: MatrixCellProps) {
  return (
    <button
      type="button"
      id={id}
      className="matrix-cell"
      tabIndex={focusable ? 0 : -1}
      aria-disabled={counts === null}
      onFocus={onFocus}
      onClick={() => {
        if (counts !== null) onOpen();
      }}
    >
      <span className="visually-hidden">{counts === null ? 'no change' : countsInWords(counts)}</span>
      {counts === null
        ? null
        : changeKinds.map((kind) =>
            counts[kind] === 0 ? null : (
              <span key={kind} aria-hidden="true" className={`change ${kind}`}>
                {changeSigns[kind]}
                {formatCount(counts[kind])}
              </span>
            ),
          )}
    </button>
  );
}
