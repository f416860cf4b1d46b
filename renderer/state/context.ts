import { createContext, use, useEffect } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Address } from './address.ts';
import type { Command } from './commands.ts';
import type { Console } from './console.ts';

const ConsoleContext = createContext<Console | null>(null);

export const ConsoleProvider = ConsoleContext.Provider;

export function useConsole(): Console {
  const console = use(ConsoleContext);
  if (console === null) throw new Error('A part of the console stands outside of ConsoleProvider.');
  return console;
}

type StateOf<Store> = Store extends StoreApi<infer State> ? State : never;

export function useAddress<T>(select: (state: StateOf<Console['address']>) => T): T {
  return useStore(useConsole().address, select);
}

/** The address of a change, kept up to date: `<a href={useHref({ view: 'events' })}>`. */
export function useHref(change: Partial<Address>): string {
  return useAddress((state) => state.hrefFor(change));
}

export function useCase<T>(select: (state: StateOf<Console['case']>) => T): T {
  return useStore(useConsole().case, select);
}

export function useJobs<T>(select: (state: StateOf<Console['jobs']>) => T): T {
  return useStore(useConsole().jobs, select);
}

export function usePreferences<T>(select: (state: StateOf<Console['preferences']>) => T): T {
  return useStore(useConsole().preferences, select);
}

export function useNotices<T>(select: (state: StateOf<Console['notices']>) => T): T {
  return useStore(useConsole().notices, select);
}

export function useCommandList(): readonly Command[] {
  return useStore(useConsole().commands, (state) => state.list);
}

/** Offers commands while the component is shown. Give a stable array (`useMemo`, or one outside of the component). */
export function useCommands(commands: readonly Command[]): void {
  const store = useConsole().commands;
  useEffect(() => store.getState().register(commands), [store, commands]);
}
