/**
 * Whether an engine of WebAssembly came to its end: a trap or an overflow of the stack leaves its memory as it was in
 * the middle of the work, so that nothing it says afterwards can be trusted. The thread has to end with it.
 */
export function isBrokenEngine(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const inside = thrown.stack?.includes('wasm') === true;
  return inside && (thrown.name === 'RuntimeError' || thrown instanceof RangeError);
}
