/** Runs work when all that was given before has ended, however it ended. */
export type Alone = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A queue for work that reads a document and writes it changed: of two at once, one would be lost, or refused because
 * the document has moved on.
 */
export function oneAtATime(): Alone {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
