import type { EntryName } from './entries.ts';
import type { Port } from './port.ts';

/** A process that the host has started. */
export interface Child {
  readonly name: EntryName;
  readonly port: Port;
  /** Called once, also for a child that has ended already. */
  onExit(listener: () => void): void;
  /** Ends the process at once, whatever it does. */
  kill(): void;
}

export interface StartOptions {
  /** Whether the child reads the host's standard input. */
  readonly standardInput?: boolean;
  /** Folder that relative paths start from; the host's own by default. */
  readonly workingFolder?: string;
  /** Another child, with which it gets a port to each other. A child has one peer in its life. */
  readonly peer?: Child;
}

/** Starts child processes: forked ones under Node, utility processes under Electron. */
export interface ChildLauncher {
  start(name: EntryName, options?: StartOptions): Child;
}

interface StartedAhead {
  readonly launcher: ChildLauncher;
  /** Ends the child if nobody has asked for it. */
  release(): void;
}

/**
 * Starts children before anybody asks for them: who first does gets the one that is there. Each is the peer of the one
 * before it.
 */
export function startAhead(launcher: ChildLauncher, names: readonly EntryName[]): StartedAhead {
  const waiting: { readonly child: Child; readonly peer: Child | undefined }[] = [];
  for (const name of names) {
    const peer = waiting.at(-1)?.child;
    const child = peer === undefined ? launcher.start(name) : launcher.start(name, { peer });
    waiting.push({ child, peer });
  }
  return {
    launcher: {
      start(asked, options = {}) {
        const { standardInput = false, workingFolder, peer } = options;
        const isPlain = !standardInput && workingFolder === undefined;
        const at = waiting.findIndex(({ child, peer: known }) => child.name === asked && known === peer);
        const [found] = isPlain && at !== -1 ? waiting.splice(at, 1) : [];
        return found?.child ?? launcher.start(asked, options);
      },
    },
    release() {
      for (const { child } of waiting.splice(0)) child.kill();
    },
  };
}

interface EndableLauncher {
  readonly launcher: ChildLauncher;
  /** Ends every child that was started and still runs, whatever it does. */
  readonly endAll: () => void;
}

/** Remembers the children that run, so that all can be ended at once: a busy one does not hear that it should. */
export function endableLauncher(launcher: ChildLauncher): EndableLauncher {
  const running = new Set<Child>();
  return {
    launcher: {
      start(name, options) {
        const child = launcher.start(name, options);
        running.add(child);
        child.onExit(() => running.delete(child));
        return child;
      },
    },
    endAll() {
      for (const child of running) child.kill();
    },
  };
}

/** What a child hears of its peer, on the port to the host. */
export interface PeerNotice {
  readonly type: 'peer';
  readonly name: EntryName;
}

export function isPeerNotice(message: unknown): message is PeerNotice {
  return (message as { type?: unknown } | null)?.type === 'peer';
}

/** Variables that a child may see; everything else of the host's environment is kept from it. */
const passedVariables = [
  'HOME',
  'LANG',
  'LC_ALL',
  // Where compiled code is kept, as this process has set it.
  'NODE_COMPILE_CACHE',
  'PATH',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'TMPDIR',
  'TZ',
  'USERPROFILE',
];

/** SECURITY: the environment of a child: no NODE_OPTIONS, no tokens, nothing that the host was started with by chance. */
export function childEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of passedVariables) {
    const value = environment[name];
    if (value !== undefined) passed[name] = value;
  }
  return passed;
}
