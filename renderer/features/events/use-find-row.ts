import { useEffect } from 'react';
import type { PageBridge } from '../../bridge/bridge.ts';
import { useConsole } from '../../state/context.ts';
import type { Question } from './question.ts';

/** Events that may share one moment with the wanted one and still be told apart. */
const neighbours = 200;

/**
 * Tells where an event stands among the rows of a question, so that a reload or a link finds its row again. A null id
 * asks nothing; `onFound` must be stable and is not called where the event is not among them.
 */
export function useFindRow(
  question: Question,
  sort: 'time' | '-time',
  id: string | null,
  onFound: (at: number) => void,
): void {
  const { bridge } = useConsole();
  useEffect(() => {
    if (id === null) return undefined;
    const controller = new AbortController();
    const find = async (): Promise<void> => {
      const at = await positionOf(bridge, question, sort, id, controller.signal);
      if (at !== null && !controller.signal.aborted) onFound(at);
    };
    void find();
    return () => controller.abort();
  }, [bridge, question, sort, id, onFound]);
}

/** Counts what comes up to the event's own time, then looks for it at the end of that. */
async function positionOf(
  bridge: PageBridge,
  question: Question,
  sort: 'time' | '-time',
  id: string,
  signal: AbortSignal,
): Promise<number | null> {
  const event = await bridge.request('events.get', { id }, { signal });
  if (!event.ok) return null;
  const { time } = event.value;
  if (!isWithin(time, question)) return null;
  const upToIt = { ...question, sort, ...(sort === '-time' ? { from: time } : { to: time }) };
  const count = await bridge.request('events.page', { ...upToIt, limit: 1 }, { signal });
  if (!count.ok) return null;
  const offset = Math.max(0, count.value.total - neighbours);
  const page = await bridge.request('events.page', { ...upToIt, offset, limit: neighbours }, { signal });
  if (!page.ok) return null;
  const at = page.value.rows.findIndex((row) => row.id === id);
  return at < 0 ? null : offset + at;
}

function isWithin(time: string, { from, to }: Question): boolean {
  const moment = Date.parse(time);
  return (from === null || moment >= Date.parse(from)) && (to === null || moment <= Date.parse(to));
}
