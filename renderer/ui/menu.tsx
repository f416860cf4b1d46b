import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { overlayPlace } from './overlay-place.ts';
import './menu.css';

export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
  /** A word at the end: the key, or the present value. */
  readonly hint?: string;
  readonly checked?: boolean;
  /** For lines that are checked each for itself, or that lead to another menu. */
  readonly staysOpen?: boolean;
  readonly disabled?: boolean;
  /** Draws a line above. */
  readonly separated?: boolean;
}

export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

/** A menu at a place of the window. Arrows, Home, End, first letters; Escape gives the focus back. */
export function Menu({ label, items, place, onClose }: MenuProps) {
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const menu = list.current;
    if (menu === null) return undefined;
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(4, Math.min(place.x, window.innerWidth - width - 4))}px`;
    menu.style.top = `${Math.max(4, Math.min(place.y, window.innerHeight - height - 4))}px`;
    const before = document.activeElement;
    menu.querySelector<HTMLElement>('button:not(:disabled)')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [place]);

  useEffect(() => {
    const leave = (event: Event): void => {
      if (!list.current?.contains(event.target as Node)) onClose();
    };
    window.addEventListener('pointerdown', leave, true);
    window.addEventListener('resize', onClose);
    return () => {
      window.removeEventListener('pointerdown', leave, true);
      window.removeEventListener('resize', onClose);
    };
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('button:not(:disabled)') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const focusAt = (index: number): void => {
      event.preventDefault();
      buttons[(index + buttons.length) % buttons.length]?.focus();
    };
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      onClose();
    } else if (event.key === 'ArrowDown') focusAt(at + 1);
    else if (event.key === 'ArrowUp') focusAt(at - 1);
    else if (event.key === 'Home') focusAt(0);
    else if (event.key === 'End') focusAt(buttons.length - 1);
    else if (event.key.length === 1 && event.key !== ' ') {
      const next = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)].find((button) =>
        button.textContent.toLowerCase().startsWith(event.key.toLowerCase()),
      );
      if (next !== undefined) focusAt(buttons.indexOf(next));
    }
  };

  return createPortal(
    <div ref={list} role="menu" aria-label={label} className="menu" tabIndex={-1} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role={
            item.checked === undefined
              ? 'menuitem'
              : item.staysOpen === true
                ? 'menuitemcheckbox'
                : 'menuitemradio'
          }
          aria-checked={item.checked}
          disabled={item.disabled}
          tabIndex={-1}
          className={item.separated === true ? 'menu-item separated' : 'menu-item'}
          onClick={() => {
            if (item.staysOpen !== true) onClose();
            item.run();
          }}
        >
          <span className="menu-check" aria-hidden="true">
            {item.checked === true ? '✓' : ''}
          </span>
          <span className="menu-label">{item.label}</span>
          {item.hint === undefined ? null : <span className="menu-hint">{item.hint}</span>}
        </button>
      ))}
    </div>,
    overlayPlace(),
  );
}
