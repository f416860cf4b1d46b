import type { Command } from '../state/commands.ts';

/** The part of a keyboard event that a key's name is made of. */
export interface KeyStroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** A stroke as commands name it: `k`, `?`, `Mod+k`, `Escape`. */
export function strokeName({ key, ctrlKey, metaKey, altKey }: KeyStroke): string {
  const modifiers = `${ctrlKey || metaKey ? 'Mod+' : ''}${altKey ? 'Alt+' : ''}`;
  return modifiers + (key.length === 1 && modifiers !== '' ? key.toLowerCase() : key);
}

/** What the strokes so far mean: a command, the start of one, or nothing. */
export function matchStrokes(
  commands: readonly Command[],
  strokes: readonly string[],
): Command | 'pending' | null {
  const typed = strokes.join(' ');
  const exact = commands.findLast((command) => command.keys?.includes(typed));
  if (exact !== undefined) return exact;
  return commands.some((command) => command.keys?.some((keys) => keys.startsWith(`${typed} `)))
    ? 'pending'
    : null;
}

/** A key as it is printed for people: `Ctrl K` or `⌘ K`. */
export function printedKeys(keys: string, mac: boolean): string {
  return keys
    .split(' ')
    .map((stroke) => stroke.replace('Mod+', mac ? '⌘ ' : 'Ctrl ').replace('Escape', 'Esc'))
    .map((stroke) => (stroke.includes(' ') ? stroke.replace(/.$/, (last) => last.toUpperCase()) : stroke))
    .join(' then ');
}

export const onMac = typeof navigator === 'object' && navigator.platform.startsWith('Mac');
