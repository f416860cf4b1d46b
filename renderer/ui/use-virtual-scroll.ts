import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Scale, rowHeight, scaleOf, topToShow, visibleRows } from './virtual-window.ts';

export interface VirtualScroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly scale: Scale;
  readonly first: number;
  readonly last: number;
  /** Height of the part that shows rows. */
  readonly viewport: number;
  /** Where a row lies inside of the scroll area, in pixels. */
  readonly offsetOf: (row: number) => number;
  readonly show: (row: number) => void;
}

/** Scrolls any number of rows: pixel for pixel by wheel and keys, in proportion by the scroll bar. */
export function useVirtualScroll(rows: number, headHeight: number): VirtualScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState(600);
  const [position, setPosition] = useState({ top: 0, scrollTop: 0 });
  const current = useRef(position);
  const scale = scaleOf(rows, viewport);

  const move = useCallback((top: number, scrollTop: number) => {
    current.current = { top, scrollTop };
    setPosition(current.current);
  }, []);

  const moveTo = useCallback(
    (wanted: number) => {
      const top = Math.max(0, Math.min(wanted, rows * rowHeight - viewport));
      const element = scroller.current;
      if (element === null) return;
      element.scrollTop = Math.round(top / scale.ratio);
      // Read back: browsers clamp and round, and a pixel here is many pixels of rows.
      move(top, element.scrollTop);
    },
    [rows, viewport, scale.ratio, move],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => setViewport(Math.max(rowHeight, element.clientHeight - headHeight));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [headHeight]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const onScroll = (): void => {
      // A position that this code has set itself carries more precision than the scroll bar gives back.
      if (Math.abs(element.scrollTop - current.current.scrollTop) < 1) return;
      move(element.scrollTop * scale.ratio, element.scrollTop);
    };
    const onWheel = (event: WheelEvent): void => {
      if (scale.ratio === 1 || event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? rowHeight : event.deltaMode === 2 ? viewport : 1;
      moveTo(current.current.top + event.deltaY * unit);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
    };
  }, [scale.ratio, viewport, move, moveTo]);

  const show = useCallback(
    (row: number) => {
      const top = topToShow(row, current.current.top, viewport);
      if (top !== current.current.top) moveTo(top);
    },
    [viewport, moveTo],
  );

  const top = Math.min(position.top, Math.max(0, rows * rowHeight - viewport));
  return {
    scroller,
    scale,
    viewport,
    ...visibleRows(top, viewport, rows),
    offsetOf: (row) => (scale.ratio === 1 ? row * rowHeight : position.scrollTop + row * rowHeight - top),
    show,
  };
}
