import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { PolicyText } from '#shared/domain/policy-system.ts';
import { languageOf } from './languages.ts';
import { shadowOf } from './shadow.ts';
import { codeLook, visibleText } from './theme.ts';

export interface CodeMergeProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly language: PolicyText['language'];
  /** Beside each other rather than below. */
  readonly sides: boolean;
}

const collapseUnchanged = { margin: 4, minSize: 6 };
/** Beyond it the comparison gives up being exact: it must not hold up the page. */
const diffConfig = { scanLimit: 2_000, timeout: 400 };

/** What differs between two texts. Loaded on demand: see `code.tsx`. */
export default function CodeMerge({ label, before, after, language, sides }: CodeMergeProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return undefined;
    const root = shadowOf(host.current);
    const [old, now] = [visibleText(before), visibleText(after)];
    const extensions = (name: string): Extension[] => [
      codeLook,
      lineNumbers(),
      languageOf(language),
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ 'aria-label': name, tabindex: '0' }),
    ];
    const view = sides
      ? new MergeView({
          root,
          parent: root,
          a: { doc: old, extensions: extensions(`${label}, before`) },
          b: { doc: now, extensions: extensions(`${label}, after`) },
          collapseUnchanged,
          diffConfig,
        })
      : new EditorView({
          root,
          parent: root,
          doc: now,
          extensions: [
            extensions(label),
            unifiedMergeView({ original: old, mergeControls: false, collapseUnchanged, diffConfig }),
          ],
        });
    return () => view.destroy();
  }, [label, before, after, language, sides]);
  return <div ref={host} className="code-host" />;
}
