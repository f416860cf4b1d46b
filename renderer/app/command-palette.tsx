import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Command } from '../state/commands.ts';
import { useCommandList } from '../state/context.ts';
import { fuzzyScore } from '../ui/fuzzy.ts';
import { onMac, printedKeys } from '../ui/keys.ts';
import './command-palette.css';

/** Finds and runs every command: type a few of its letters, choose with the arrows, Enter. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = search(useCommandList(), typed);
  const current = Math.min(chosen, found.length - 1);

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  useEffect(() => {
    document.getElementById(`${id}${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, current]);

  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    // The dialog must be gone before the command moves the focus or opens another one.
    setTimeout(command.run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setChosen((current + 1) % Math.max(1, found.length));
    else if (event.key === 'ArrowUp') setChosen((current - 1 + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[current]);
    else return;
    event.preventDefault();
  };

  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Command palette"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <input
        type="text"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls={`${id}list`}
        aria-activedescendant={found.length === 0 ? undefined : `${id}${current}`}
        placeholder="Type a command"
        className="palette-input"
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}list`} role="listbox" aria-label="Commands" className="palette-list">
        {found.map((command, index) => (
          // The input has the keys (combobox pattern).
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={command.id}
            id={`${id}${index}`}
            role="option"
            aria-selected={index === current}
            className="palette-item"
            onClick={() => run(command)}
          >
            <span className="palette-group">{command.group}</span>
            <span className="palette-title">{command.title}</span>
            {command.keys?.[0] === undefined ? null : <kbd>{printedKeys(command.keys[0], onMac)}</kbd>}
          </div>
        ))}
      </div>
      {found.length === 0 ? <output className="palette-none">No command holds “{typed}”.</output> : null}
    </dialog>
  );
}

/** Commands that answer to what was typed, best first; of one id the last registered. */
function search(commands: readonly Command[], typed: string): Command[] {
  const latest = new Map(commands.map((command) => [command.id, command]));
  return [...latest.values()]
    .map((command) => ({ command, score: fuzzyScore(typed, `${command.group} ${command.title}`) }))
    .filter(({ score }) => score > 0)
    .toSorted((first, second) => second.score - first.score)
    .map(({ command }) => command);
}
