import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView, highlightSpecialChars } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { escapedText } from '../../../ui/log-text.ts';

/** Tokens reach into the shadow tree by inheritance; the console's style sheets do not. */
const look = EditorView.theme({
  '&': {
    flex: 'var(--code-grow, 0) 1 auto',
    minHeight: '0',
    color: 'var(--text)',
    backgroundColor: 'var(--surface-0)',
  },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono)',
    fontSize: 'var(--text-size-small)',
    lineHeight: '20px',
    overflow: 'auto',
  },
  '.cm-content': { padding: '0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 var(--space-3) 0 var(--space-1)', borderLeft: '3px solid transparent' },
  '.cm-gutters': {
    border: '0',
    color: 'var(--text-faint)',
    backgroundColor: 'var(--surface-0)',
    fontVariantNumeric: 'tabular-nums',
  },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '36px', padding: '0 var(--space-2) 0 var(--space-1)' },
  '.cm-selectionBackground, .cm-content ::selection': { backgroundColor: 'var(--accent-surface)' },
  '.lit': { borderLeftColor: 'var(--accent)', backgroundColor: 'var(--accent-surface)' },
  '.escaped': {
    border: '1px solid var(--warning)',
    borderRadius: 'var(--radius)',
    color: 'var(--warning)',
  },
  '.code-problem': {
    padding: '0 var(--space-3) 0 calc(var(--space-1) + 3px)',
    fontFamily: 'var(--font-ui)',
    whiteSpace: 'pre-wrap',
  },
  '.code-problem.error': { color: 'var(--danger)' },
  '.code-problem.warning': { color: 'var(--warning)' },
  '.problem-place.error': { textDecoration: 'underline wavy var(--danger)' },
  '.problem-place.warning': { textDecoration: 'underline wavy var(--warning)' },
  '.cm-collapsedLines': {
    padding: '2px var(--space-3)',
    color: 'var(--text-muted)',
    background: 'var(--surface-2)',
    fontFamily: 'var(--font-ui)',
  },
  '.cm-changedLine': { backgroundColor: 'var(--allow-surface) !important' },
  '.cm-deletedChunk, .cm-merge-a .cm-changedLine, &.cm-merge-a .cm-changedLine': {
    backgroundColor: 'var(--deny-surface) !important',
  },
  '.cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'none !important',
    textDecoration: 'none',
    fontWeight: '600',
  },
  '.cm-changedLineGutter': { background: 'var(--allow) !important' },
  '.cm-deletedLineGutter, &.cm-merge-a .cm-changedLineGutter': { background: 'var(--deny) !important' },
});

/** No outcome's colour: they mean something. */
const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.keyword, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--challenge)' },
  { tag: [tags.comment, tags.meta], color: 'var(--text-faint)' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--text-muted)' },
]);

/** As `hidden` of `ui/log-text.ts`, but for what an editor shows by itself. */
const hidden =
  /(?![\t\n])(?:[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5)/gu;

function markOf(code: number): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'escaped';
  mark.title = 'Character that does not show';
  mark.textContent = escapedText(String.fromCodePoint(code));
  return mark;
}

/** A text in which nothing can hide, for where it is only drawn. */
export function visibleText(text: string): string {
  return text.replace(hidden, (character) => escapedText(character));
}

/**
 * How code looks, in both themes.
 * SECURITY: characters that draw nothing or turn the reading direction are shown by their code.
 */
export const codeLook: Extension = [
  look,
  syntaxHighlighting(colours),
  highlightSpecialChars({ specialChars: hidden, render: markOf }),
];
