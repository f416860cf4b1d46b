import { useEffect, useState } from 'react';
import { afterFrame } from './after-frame.ts';

/** False until the first frame of a component has been painted: what takes long to draw comes after what is read first. */
export function useAfterPaint(): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => afterFrame(() => setPainted(true)), []);
  return painted;
}
