import { createStore } from 'zustand/vanilla';
import type { Console } from '../../state/console.ts';
import type { RevokeTarget } from '../../state/feature.ts';

/** What is to be taken away, before a plan is made of it. */
export type DraftReference = RevokeTarget;

interface Draft {
  readonly references: readonly DraftReference[];
  /** The analyst comes from “Revoke …”: the next key is for the plan. */
  readonly begun: boolean;
  /** Plans without a run and runs that are not over, as the case last said. */
  readonly waiting: number;
  /** The plan that goes to execution as soon as it is shown: the analyst has asked for that already. */
  readonly toConfirm: string | null;
  readonly add: (reference: DraftReference) => void;
  readonly remove: (reference: DraftReference) => void;
  /** Adds these and leads to the plan. */
  readonly begin: (references: readonly DraftReference[]) => void;
  readonly arrive: () => void;
  readonly clear: () => void;
  readonly confirm: (plan: string | null) => void;
  readonly setWaiting: (waiting: number) => void;
}

function createDraft() {
  return createStore<Draft>()((set, get) => ({
    references: [],
    begun: false,
    waiting: 0,
    toConfirm: null,
    add: (added) =>
      set(({ references }) => ({
        references: [...references.filter((each) => !isSame(each, added)), added],
      })),
    remove: (removed) =>
      set(({ references }) => ({ references: references.filter((each) => !isSame(each, removed)) })),
    begin: (references) => {
      for (const reference of references) get().add(reference);
      set({ begun: true });
    },
    arrive: () => set({ begun: false }),
    clear: () => set({ references: [] }),
    confirm: (toConfirm) => set({ toConfirm }),
    setWaiting: (waiting) => set({ waiting }),
  }));
}

function isSame(first: DraftReference, second: DraftReference): boolean {
  return first.kind === second.kind && first.id === second.id;
}

const drafts = new WeakMap<Console, ReturnType<typeof createDraft>>();

/** The draft of a console. Another case begins with an empty one: an identity of one case means nothing in another. */
export function draftOf(console: Console): ReturnType<typeof createDraft> {
  const known = drafts.get(console);
  if (known !== undefined) return known;
  const draft = createDraft();
  drafts.set(console, draft);
  console.case.subscribe(({ summary }, before) => {
    if (summary?.id !== before.summary?.id) draft.setState({ references: [], waiting: 0 });
  });
  return draft;
}
