import { useEffect } from 'react';
import { useConsole } from '../state/context.ts';
import { matchStrokes, strokeName } from '../ui/keys.ts';

/** Milliseconds within which the second key of a sequence such as `g e` must follow. */
const patience = 1_500;

/** Runs commands by their keys. While text is typed only keys with Ctrl or ⌘ count; in dialogs none do. */
export function useKeys(): void {
  const { commands } = useConsole();
  useEffect(() => {
    let strokes: string[] = [];
    let timer = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || ['Shift', 'Control', 'Meta', 'Alt'].includes(event.key)) return;
      // The innermost element: code editors live in shadow trees.
      const [target] = event.composedPath();
      const typing =
        target instanceof Element
          ? target.closest('input, textarea, select, [contenteditable="true"]')
          : null;
      if (document.querySelector('dialog[open]') !== null) return;
      if (typing !== null && !event.ctrlKey && !event.metaKey) return;
      strokes = [...strokes, strokeName(event)];
      clearTimeout(timer);
      const match =
        matchStrokes(commands.getState().list, strokes) ??
        matchStrokes(commands.getState().list, strokes.slice(-1));
      if (match === 'pending') {
        timer = window.setTimeout(() => {
          strokes = [];
        }, patience);
        return;
      }
      strokes = [];
      if (match === null) return;
      event.preventDefault();
      match.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [commands]);
}
