import type { PointerEvent } from 'react';

/** Follows a pointer that went down on a handle until it is let go; tells how far it has come, in pixels. */
export function followDrag(event: PointerEvent<HTMLElement>, onMove: (distance: number) => void): void {
  const handle = event.currentTarget;
  const start = event.clientX;
  const move = ({ clientX }: { readonly clientX: number }): void => onMove(clientX - start);
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener('pointermove', move);
  handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
    once: true,
  });
}
