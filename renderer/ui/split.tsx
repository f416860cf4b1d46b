import type { KeyboardEvent, ReactNode } from 'react';
import { followDrag } from './drag.ts';
import './split.css';

interface SplitProps {
  readonly main: ReactNode;
  /** The part at the side; without it the main part has all the room. */
  readonly side: ReactNode | null;
  /** Pixels. */
  readonly width: number;
  readonly onResize: (width: number) => void;
  readonly label: string;
}

const narrowest = 280;

/** Two parts beside each other; the border moves by pointer and by arrow keys. */
export function Split({ main, side, width, onResize, label }: SplitProps) {
  const resize = (wanted: number): void =>
    onResize(Math.round(Math.max(narrowest, Math.min(window.innerWidth * 0.6, wanted))));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    resize(width + (event.key === 'ArrowLeft' ? 16 : -16));
  };
  return (
    <div className="split">
      <div className="split-main">{main}</div>
      {side === null ? null : (
        <aside className="split-side" aria-label={label} style={{ width }}>
          {/* A separator that can be moved is a control (WAI-ARIA 1.2, separator). */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <div
            role="separator"
            aria-orientation="vertical"
            aria-label={`Width of ${label}`}
            aria-valuenow={width}
            aria-valuemin={narrowest}
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            className="split-handle"
            onPointerDown={(event) => followDrag(event, (distance) => resize(width - distance))}
            onKeyDown={onKeyDown}
          />
          <div className="split-content">{side}</div>
        </aside>
      )}
    </div>
  );
}
