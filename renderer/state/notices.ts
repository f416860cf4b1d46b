import { createStore } from 'zustand/vanilla';

export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'danger';
  readonly text: string;
  /** What to do next, as a button. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Notices {
  readonly list: readonly Notice[];
  /** Shows a message until it is dismissed; screen readers announce it. */
  readonly show: (notice: Omit<Notice, 'id'>) => void;
  readonly dismiss: (id: number) => void;
}

export function createNotices() {
  let next = 1;
  return createStore<Notices>()((set) => ({
    list: [],
    show: (notice) => set(({ list }) => ({ list: [...list.slice(-3), { ...notice, id: next++ }] })),
    dismiss: (id) => set(({ list }) => ({ list: list.filter((notice) => notice.id !== id) })),
  }));
}
