import { createStore } from 'zustand/vanilla';
import type { Client } from '#shared/ipc/client.ts';
import type { AppInfo, CaseSummary } from '#shared/ipc/views.ts';
import type { Failure } from '#shared/util/result.ts';

export interface CaseState {
  readonly status: 'loading' | 'closed' | 'open' | 'failed';
  readonly summary: CaseSummary | null;
  readonly info: AppInfo | null;
  readonly error: Failure | null;
  /** Asks the host what is open. Views keep what they show until the answer is there. */
  refresh(): Promise<void>;
  /** Takes the answer of an operation that opened a case. */
  adopt(summary: CaseSummary): void;
  close(): Promise<void>;
}

export function createCase(client: Client) {
  return createStore<CaseState>()((set) => {
    let latest = 0;
    const refresh = async (): Promise<void> => {
      const turn = ++latest;
      const [info, current] = await Promise.all([
        client.request('app.info', {}),
        client.request('case.current', {}),
      ]);
      // A later question has its own, newer answer.
      if (turn !== latest) return;
      if (!info.ok) set({ status: 'failed', error: info.error });
      else if (!current.ok) set({ status: 'failed', error: current.error, info: info.value });
      else {
        const status = current.value === null ? 'closed' : 'open';
        set({ status, summary: current.value, info: info.value, error: null });
      }
    };
    return {
      status: 'loading',
      summary: null,
      info: null,
      error: null,
      refresh,
      adopt(summary) {
        latest++;
        set({ status: 'open', summary, error: null });
        void refresh();
      },
      async close() {
        await client.request('case.close', {});
        await refresh();
      },
    };
  });
}
