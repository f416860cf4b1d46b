/** What a page remembers between visits. Works without storage too (private windows): then nothing is remembered. */
export interface Memory {
  read(key: string): string | null;
  write(key: string, value: string): void;
}

const prefix = 'rescind.';

export function createMemory(page: Window): Memory {
  return {
    read(key) {
      try {
        return page.localStorage.getItem(prefix + key);
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        page.localStorage.setItem(prefix + key, value);
      } catch {
        // Full or forbidden: the console works the same, it only forgets.
      }
    },
  };
}
