import { useStore } from 'zustand';
import { useConsole } from '../../state/context.ts';
import { draftOf } from './draft.ts';

/** How much waits for somebody: what was added to the plan, plans without a run, runs that are not over. */
export function RespondMark() {
  const draft = draftOf(useConsole());
  const count = useStore(draft, ({ references, waiting }) => references.length + waiting);
  if (count === 0) return null;
  return (
    <span className="respond-mark numeric" title={`${count} waiting`}>
      <span aria-hidden="true">●</span>
      {count}
      <span className="visually-hidden"> waiting</span>
    </span>
  );
}
