import { Annotation, type ChangeSet, type Extension, StateField, Transaction } from '@codemirror/state';
import { type Command, keymap } from '@codemirror/view';

interface Past {
  /** Each leads back by one step, the last first. */
  readonly done: readonly ChangeSet[];
  readonly undone: readonly ChangeSet[];
  /** When the last was typed; null where the next is a step of its own. */
  readonly typedAt: number | null;
}

const nothing: Past = { done: [], undone: [], typedAt: null };
const steps = 500;
/** Milliseconds within which what is typed is one step. */
const together = 600;

const direction = Annotation.define<'undo' | 'redo'>();
/** Marks a text that came from outside: there is nothing before it. */
export const fromOutside = Annotation.define<true>();

const past = StateField.define<Past>({
  create: () => nothing,
  update(before, change) {
    if (change.annotation(fromOutside) === true) return nothing;
    if (!change.docChanged) return before;
    const back = change.changes.invert(change.startState.doc);
    const { done, undone } = before;
    const way = change.annotation(direction);
    if (way === 'undo') return { done: done.slice(0, -1), undone: [...undone, back], typedAt: null };
    if (way === 'redo') return { done: [...done, back], undone: undone.slice(0, -1), typedAt: null };
    const time = change.annotation(Transaction.time) ?? 0;
    const isTyped = change.isUserEvent('input.type') || change.isUserEvent('delete');
    const last = done.at(-1);
    const joins =
      isTyped && last !== undefined && before.typedAt !== null && time - before.typedAt < together;
    return {
      done: joins ? [...done.slice(0, -1), back.compose(last)] : [...done.slice(-steps), back],
      undone: [],
      typedAt: isTyped ? time : null,
    };
  },
});

function step(way: 'undo' | 'redo'): Command {
  return (view) => {
    const { state } = view;
    if (state.readOnly) return false;
    const { done, undone } = state.field(past);
    const changes = (way === 'undo' ? done : undone).at(-1);
    if (changes === undefined) return false;
    view.dispatch(state.update({ changes, annotations: direction.of(way), scrollIntoView: true }));
    return true;
  };
}

/** Undo and redo, with their keys. */
export function editHistory(): Extension {
  return [
    past,
    keymap.of([
      { key: 'Mod-z', run: step('undo'), preventDefault: true },
      { key: 'Mod-y', run: step('redo'), preventDefault: true },
      { key: 'Mod-Shift-z', run: step('redo'), preventDefault: true },
    ]),
  ];
}
