import { type RefObject, useLayoutEffect, useRef } from 'react';

/** The value of the last rendering, for handlers: who is given this need not be drawn again when the value changes. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
