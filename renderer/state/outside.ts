import { createStore } from 'zustand/vanilla';
import type { OperationName } from '#shared/ipc/contract.ts';

/** Operations that call a provider: after one, something has left this machine. */
const outward = new Set<OperationName>([
  'provider.test',
  'respond.plan',
  'respond.dryRun',
  'respond.execute',
  'respond.resume',
  'respond.verify',
  'respond.restore',
]);

interface Outside {
  readonly called: boolean;
  /** Takes note of an operation that the page asks for. */
  readonly note: (name: OperationName) => void;
}

/** Whether this page has had a provider called. */
export function createOutside() {
  return createStore<Outside>()((set) => ({
    called: false,
    note: (name) => {
      if (outward.has(name)) set({ called: true });
    },
  }));
}
