import { createStore } from 'zustand/vanilla';

interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'danger';
  readonly text: string;
  /** What to do next, as a button. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Notices {
  readonly list: readonly Notice[];
  /**
   * Shows a message, which screen readers announce. A failure and a message with an action stay until they are
   * dismissed; others leave by themselves.
   */
  readonly show: (notice: Omit<Notice, 'id'>) => void;
  readonly dismiss: (id: number) => void;
}

/** Milliseconds that a message stays. */
const patience = 8_000;

export function createNotices() {
  let next = 1;
  return createStore<Notices>()((set, get) => ({
    list: [],
    show(notice) {
      const id = next++;
      set(({ list }) => ({ list: [...list.slice(-3), { ...notice, id }] }));
      if (notice.tone !== 'danger' && notice.action === undefined) {
        setTimeout(() => get().dismiss(id), patience);
      }
    },
    dismiss: (id) => set(({ list }) => ({ list: list.filter((notice) => notice.id !== id) })),
  }));
}
