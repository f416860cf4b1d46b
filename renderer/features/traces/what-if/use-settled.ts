import { useEffect, useState } from 'react';

/** Milliseconds of rest after which what is typed is asked. */
const rest = 250;

/** The last value that was not null and has rested; the first at once. */
export function useSettled<T>(value: T | null): T | null {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (value === null) return undefined;
    const timer = setTimeout(() => setSettled(value), rest);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
