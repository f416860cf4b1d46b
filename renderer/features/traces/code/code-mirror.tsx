import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef, useState } from 'react';
import type { PolicyText } from '#shared/domain/policy-system.ts';
import { editKeys } from './edit-keys.ts';
import { editHistory, fromOutside } from './history.ts';
import { languageOf } from './languages.ts';
import type { LineRange } from '../trace/policy-range.ts';
import { type Marks, bringIntoSight, markedText, showMarks } from './marks.ts';
import { shadowOf } from './shadow.ts';
import { codeLook } from './theme.ts';

export interface CodeMirrorProps extends Marks {
  /** Names the text for screen readers. */
  readonly label: string;
  readonly text: string;
  readonly language: PolicyText['language'];
  /** Called with what was typed; without it the text is read only. */
  readonly onChange?: ((text: string) => void) | undefined;
}

/** A text in CodeMirror. Loaded on demand: see `code.tsx`. */
export default function CodeMirror({ label, text, language, lit, problems, onChange }: CodeMirrorProps) {
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView | null>(null);
  const change = useRef(onChange);
  const isEditable = onChange !== undefined;
  /** The lines that were brought into sight last: it is done once. */
  const seen = useRef<LineRange | null>(null);

  useEffect(() => {
    change.current = onChange;
  }, [onChange]);

  useEffect(() => {
    if (host.current === null) return undefined;
    const root = shadowOf(host.current);
    const made = new EditorView({
      root,
      parent: root,
      extensions: [
        codeLook,
        lineNumbers(),
        languageOf(language),
        markedText,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        isEditable ? editing((now) => change.current?.(now)) : reading,
      ],
    });
    setView(made);
    seen.current = null;
    return () => made.destroy();
  }, [label, language, isEditable]);

  useEffect(() => {
    if (view === null) return;
    const wanted = text.replaceAll('\r\n', '\n');
    if (view.state.doc.toString() !== wanted) {
      const changes = { from: 0, to: view.state.doc.length, insert: wanted };
      view.dispatch({ changes, annotations: fromOutside.of(true) });
      view.scrollDOM.scrollTo({ top: 0 });
    }
    showMarks(view, { lit, problems });
    if (lit !== seen.current) bringIntoSight(view, lit);
    seen.current = lit;
  }, [view, text, lit, problems]);

  return <div ref={host} className="code-host" />;
}

const reading: Extension = [EditorState.readOnly.of(true), EditorView.editable.of(false)];

function editing(onText: (text: string) => void): Extension {
  return [
    editHistory(),
    editKeys,
    EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      const isOwn = transactions.some((each) => each.docChanged && each.annotation(fromOutside) !== true);
      if (docChanged && isOwn) onText(state.doc.toString());
    }),
  ];
}
