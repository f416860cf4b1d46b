import { createStore } from 'zustand/vanilla';

/** Something the analyst can do by the palette, a key or the host's menu. */
export interface Command {
  /** E.g. `evidence.import`; the host's menu names commands by it. */
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** Key sequences, e.g. `/`, `g e`, `Mod+k` (Mod is ⌘ on a Mac, Ctrl elsewhere). */
  readonly keys?: readonly string[];
  readonly run: () => void;
}

export interface Commands {
  readonly list: readonly Command[];
  /** Adds commands; the returned function takes them away again. Of one id or key the last registered counts. */
  readonly register: (commands: readonly Command[]) => () => void;
  /** False where there is no such command now. */
  readonly run: (id: string) => boolean;
}

export function createCommands() {
  return createStore<Commands>()((set, get) => ({
    list: [],
    register(commands) {
      set(({ list }) => ({ list: [...list, ...commands] }));
      return () => set(({ list }) => ({ list: list.filter((command) => !commands.includes(command)) }));
    },
    run(id) {
      const command = get().list.findLast((candidate) => candidate.id === id);
      command?.run();
      return command !== undefined;
    },
  }));
}
