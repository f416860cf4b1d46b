import { useEffect, useState } from 'react';
import { afterFrame } from './after-frame.ts';

/** The value as it was until the frame that follows it has been painted: what is read first is drawn first. */
export function useAfterFrame<T>(value: T): T {
  const [shown, setShown] = useState(value);
  useEffect(() => afterFrame(() => setShown(value)), [value]);
  return shown;
}
