import { type ReactNode, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { overlayPlace } from './overlay-place.ts';
import './tooltip.css';

interface TooltipProps {
  readonly text: string;
  readonly children: ReactNode;
  /** Set for text that is longer than a line, such as ids. */
  readonly mono?: boolean;
}

/** Shows text beside its child while it is pointed at or focused; Escape hides it. */
export function Tooltip({ text, children, mono = false }: TooltipProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  const timer = useRef<number>(undefined);
  const [place, setPlace] = useState<{ x: number; y: number; above: boolean } | null>(null);

  const show = (delay: number): void => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      const box = anchor.current?.firstElementChild?.getBoundingClientRect();
      if (box === undefined) return;
      const above = box.bottom + 60 > window.innerHeight;
      setPlace({ x: Math.min(box.left, window.innerWidth - 320), y: above ? box.top : box.bottom, above });
    }, delay);
  };
  const hide = (): void => {
    clearTimeout(timer.current);
    setPlace(null);
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <span
      role="presentation"
      ref={anchor}
      className="tooltip-anchor"
      onPointerEnter={() => show(400)}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => {
        if (event.target.matches(':focus-visible')) show(0);
      }}
      onBlur={hide}
      onKeyDown={hide}
    >
      {children}
      {place === null
        ? null
        : createPortal(
            <span
              role="tooltip"
              className={`tooltip ${mono ? 'mono' : ''} ${place.above ? 'above' : ''}`}
              style={{ left: Math.max(4, place.x), top: place.y }}
            >
              {text}
            </span>,
            overlayPlace(),
          )}
    </span>
  );
}
