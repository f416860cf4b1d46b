import { useEffect } from 'react';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import type { PageBridge } from '../../bridge/bridge.ts';
import { useConsole } from '../../state/context.ts';
import { type Loaded, useRequest, useRevision } from '../../state/use-request.ts';

/** As many as are looked through by hand. */
const keptTraces = 50;

const traces = new WeakMap<PageBridge, Map<string, DecisionTrace>>();

/** The decision trace of an event. What the event's panel has shown is there at once on the trace's own page. */
export function useTrace(event: string): Loaded<DecisionTrace> {
  const { bridge } = useConsole();
  const key = `${useRevision()} ${event}`;
  const loaded = useRequest('policy.explain', { event }, traces.get(bridge)?.get(key) ?? null);
  const { value, error, loading } = loaded;
  useEffect(() => {
    if (value !== null && error === null && !loading) keep(bridge, key, value);
  }, [bridge, key, value, error, loading]);
  return loaded;
}

function keep(bridge: PageBridge, key: string, trace: DecisionTrace): void {
  const kept = traces.get(bridge) ?? new Map<string, DecisionTrace>();
  traces.set(bridge, kept.set(key, trace));
  for (const oldest of kept.keys()) {
    if (kept.size <= keptTraces) return;
    kept.delete(oldest);
  }
}
