import { type ReadName, readOperations } from '../read-operations.ts';
import type { HandlerContext, HandlerServices, Handlers } from './handler.ts';

/** Hands the reader's operations on, and takes apart the groups in which it sends the items of a stream. */
export function readHandlers({ engine }: HandlerServices): Handlers<ReadName> {
  const handlers = readOperations.map((name) => [
    name,
    (input: never, { signal, emit }: HandlerContext<unknown>) =>
      engine.read(name, input, {
        signal,
        onItem: async (item) => {
          for (const single of Array.isArray(item) ? (item as unknown[]) : [item]) {
            const taken = emit(single);
            if (taken !== undefined) await taken;
          }
        },
      }),
  ]);
  return Object.fromEntries(handlers) as Handlers<ReadName>;
}
