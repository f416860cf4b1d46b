import { type RefObject, useLayoutEffect, useRef } from 'react';

/** A control that is disabled while it works loses the focus to nowhere: it has it back as soon as it can be used again. */
export function useKeptFocus<T extends HTMLElement>(disabled: boolean): RefObject<T | null> {
  const element = useRef<T>(null);
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    // The browser takes the focus away later, when it draws.
    if (disabled) hadFocus.current ||= document.activeElement === element.current;
    else if (hadFocus.current) {
      hadFocus.current = false;
      if (document.activeElement === document.body) element.current?.focus();
    }
  }, [disabled]);
  return element;
}
