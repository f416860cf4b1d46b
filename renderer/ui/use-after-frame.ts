import { useEffect, useState } from 'react';

/** The value as it was until the frame that follows it has been painted: what is read first is drawn first. */
export function useAfterFrame<T>(value: T): T {
  const [shown, setShown] = useState(value);
  useEffect(() => {
    let timer: number | undefined;
    // The callback runs before the frame is painted, the task that it sets behind it.
    const frame = requestAnimationFrame(() => {
      timer = window.setTimeout(() => setShown(value));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [value]);
  return shown;
}
