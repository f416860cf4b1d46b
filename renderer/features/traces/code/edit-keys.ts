import type { Extension } from '@codemirror/state';
import { type Command, EditorView, keymap } from '@codemirror/view';

/**
 * Keys that change a text. Left to itself the browser joins lines by elements with styles of their own, which the
 * page's content security policy refuses. Tab leaves the editor, as everywhere.
 */
export const editKeys: Extension = [
  keymap.of([
    { key: 'Enter', run: breakLine, shift: breakLine },
    { key: 'Backspace', run: erase(false, 'character'), shift: erase(false, 'character') },
    { key: 'Delete', run: erase(true, 'character') },
    { key: 'Mod-Backspace', mac: 'Alt-Backspace', run: erase(false, 'word') },
    { key: 'Mod-Delete', mac: 'Alt-Delete', run: erase(true, 'word') },
    { key: 'Mod-a', run: selectAll },
  ]),
  EditorView.domEventHandlers({
    beforeinput({ inputType, data }, view) {
      if (inputType !== 'insertText' || data === null || view.state.selection.main.empty) return false;
      view.dispatch(view.state.replaceSelection(data), { scrollIntoView: true, userEvent: 'input.type' });
      return true;
    },
  }),
];

/** A new line, indented as the one before. */
function breakLine(view: EditorView): boolean {
  const { doc, selection } = view.state;
  const line = doc.lineAt(selection.main.from);
  const indent = /^[ \t]*/.exec(line.text)?.[0].slice(0, selection.main.from - line.from) ?? '';
  view.dispatch(view.state.replaceSelection(`\n${indent}`), { scrollIntoView: true, userEvent: 'input' });
  return true;
}

function erase(forward: boolean, by: 'character' | 'word'): Command {
  return (view) => {
    const { main } = view.state.selection;
    const move = by === 'word' ? view.moveByGroup(main, forward) : view.moveByChar(main, forward);
    const [from, to] = main.empty
      ? [Math.min(main.head, move.head), Math.max(main.head, move.head)]
      : [main.from, main.to];
    view.dispatch({ changes: { from, to }, scrollIntoView: true, userEvent: 'delete' });
    return true;
  };
}

function selectAll(view: EditorView): boolean {
  view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
  return true;
}
