import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

interface HoldButtonProps {
  readonly label: string;
  readonly disabled: boolean;
  readonly onHeld: () => void;
}

/** Long enough that nobody holds it by accident. */
const holdMilliseconds = 2_000;

/**
 * A control that works only when it is held: with the pointer, or with Enter or Space. Letting go, leaving it or
 * losing the focus begins anew.
 */
export function HoldButton({ label, disabled, onHeld }: HoldButtonProps) {
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setHeld(false);
  };
  const start = (): void => {
    if (disabled || timer.current !== undefined) return;
    setHeld(true);
    timer.current = setTimeout(() => {
      stop();
      onHeld();
    }, holdMilliseconds);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <button
      type="button"
      className={held ? 'hold-button held' : 'hold-button'}
      disabled={disabled}
      aria-describedby="hold-help"
      onPointerDown={(event) => {
        if (event.button === 0) start();
      }}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onBlur={stop}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isKey(event)) return;
        event.preventDefault();
        // Keys that were down before the control had the focus repeat: only a fresh press begins.
        if (!event.repeat) start();
      }}
      onKeyUp={(event) => {
        if (isKey(event)) stop();
      }}
    >
      <span className="hold-fill" aria-hidden="true" />
      <span className="hold-label">{held ? 'Keep holding …' : label}</span>
    </button>
  );
}

function isKey({ key }: KeyboardEvent): boolean {
  return key === 'Enter' || key === ' ';
}
