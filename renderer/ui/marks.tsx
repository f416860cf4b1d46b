import { useCallback, useMemo, useRef, useState } from 'react';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { Command } from '../state/commands.ts';
import { useCommands } from '../state/context.ts';
import type { RevokeTarget } from '../state/feature.ts';
import { useRevoke } from '../state/use-revoke.ts';
import { Button } from './button.tsx';
import { escapedText } from './log-text.ts';
import { formatCount } from './numbers.ts';
import { shortened } from './values.tsx';
import './marks.css';

/** Things that the analyst has marked in a table, to take them away together. They stay when the filter changes. */
export interface Marks {
  readonly targets: readonly RevokeTarget[];
  readonly has: (target: RevokeTarget) => boolean;
  readonly toggle: (target: RevokeTarget) => void;
  readonly clear: () => void;
}

const keyOf = ({ kind, id }: RevokeTarget): string => `${kind} ${id}`;

export function useMarks(): Marks {
  const [marked, setMarked] = useState<ReadonlyMap<string, RevokeTarget>>(new Map());
  const toggle = useCallback((target: RevokeTarget): void => {
    setMarked((before) => {
      const after = new Map(before);
      if (!after.delete(keyOf(target))) after.set(keyOf(target), target);
      return after;
    });
  }, []);
  const clear = useCallback(() => setMarked(new Map()), []);
  return useMemo(
    () => ({
      targets: [...marked.values()],
      has: (target: RevokeTarget) => marked.has(keyOf(target)),
      toggle,
      clear,
    }),
    [marked, toggle, clear],
  );
}

/** The mark of a row. A table has one tab stop: keys mark the row that they are on (`x`). */
export function MarkButton({ marks, target }: { readonly marks: Marks; readonly target: RevokeTarget }) {
  const isMarked = marks.has(target);
  return (
    <button
      type="button"
      tabIndex={-1}
      className="mark-button"
      aria-pressed={isMarked}
      aria-label={`Mark ${escapedText(shortened(shortResource(target.id), 60))}`}
      onClick={(event) => {
        event.stopPropagation();
        marks.toggle(target);
      }}
    >
      <span aria-hidden="true">{isMarked ? '☑' : '☐'}</span>
    </button>
  );
}

interface MarkedBarProps {
  readonly marks: Marks;
  /** What the keys would mark; null where the row has nothing that can be taken away. */
  readonly current: RevokeTarget | null;
}

/** How many are marked, and one plan for all of them. Its keys are there while the table is. */
export function MarkedBar({ marks, current }: MarkedBarProps) {
  const revoke = useRevoke();
  const bar = useRef<HTMLDivElement>(null);
  const { targets, toggle, clear } = marks;
  const possible = revoke !== null;
  const [kind, id] = [current?.kind, current?.id];
  const hasMarks = targets.length > 0;
  useCommands(
    useMemo(
      () =>
        possible && kind !== undefined && id !== undefined ? [markCommand(() => toggle({ kind, id }))] : [],
      [possible, kind, id, toggle],
    ),
  );
  useCommands(
    useMemo(
      () =>
        possible && hasMarks
          ? [
              {
                id: 'marks.revoke',
                title: 'Revoke what is marked …',
                group: 'Respond',
                keys: ['X'],
                run: () => bar.current?.querySelector('button')?.click(),
              },
              { id: 'marks.clear', title: 'Take all marks off', group: 'Respond', run: clear },
            ]
          : [],
      [possible, hasMarks, clear],
    ),
  );
  if (revoke === null || !hasMarks) return null;
  return (
    <div ref={bar} className="marked-bar" role="group" aria-label="Marked">
      <span className="numeric">{formatCount(targets.length)} marked</span>
      <Button look="danger" icon="respond" onClick={() => revoke(targets)}>
        Revoke {targets.length === 1 ? 'it' : `all ${formatCount(targets.length)}`} …
      </Button>
      <Button onClick={clear}>Take the marks off</Button>
    </div>
  );
}

function markCommand(run: () => void): Command {
  return {
    id: 'marks.toggle',
    title: 'Mark the row, to revoke it with others',
    group: 'Respond',
    keys: ['x'],
    run,
  };
}
