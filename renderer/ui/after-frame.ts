/** Runs an action when the next frame has been painted; what it answers with calls that off. */
export function afterFrame(action: () => void): () => void {
  let timer: number | undefined;
  // The callback runs before the frame is painted, the task that it sets behind it.
  const frame = requestAnimationFrame(() => {
    timer = window.setTimeout(action);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
