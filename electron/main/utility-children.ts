import { MessageChannelMain, type UtilityProcess, utilityProcess } from 'electron';
import {
  type Child,
  type ChildLauncher,
  type PeerNotice,
  childEnvironment,
} from '#electron/platform/children.ts';
import { entryFile } from '#electron/platform/entries.ts';
import { FailureError } from '#shared/util/result.ts';

/**
 * Starts children as Electron's utility processes. Two children get the ends of one message channel, so that what
 * they tell each other does not pass through the host. `fileOf` is replaced by tests.
 */
export function createUtilityLauncher(fileOf: typeof entryFile = entryFile): ChildLauncher {
  const started = new WeakMap<Child, UtilityProcess>();
  return {
    start(name, { standardInput = false, workingFolder, peer } = {}) {
      if (standardInput) {
        throw new FailureError(
          'unsupported',
          'An installed Rescind does not read standard input: write it to a file and import that.',
        );
      }
      const process_ = utilityProcess.fork(fileOf(name), [], {
        serviceName: `Rescind ${name}`,
        env: childEnvironment(process.env),
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit'],
        ...(workingFolder === undefined ? {} : { cwd: workingFolder }),
      });
      const exit = exitOf(process_);
      const child: Child = {
        name,
        port: {
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: the port has one receiver
          post: (message) => process_.postMessage(message),
          onMessage: (listener) => void process_.on('message', listener),
          onClose: exit,
          close: () => void process_.kill(),
        },
        onExit: exit,
        kill: () => endAtOnce(process_),
      };
      started.set(child, process_);
      if (peer !== undefined) {
        const other = started.get(peer);
        if (other === undefined) throw new Error(`${peer.name} was not started here`);
        const { port1, port2 } = new MessageChannelMain();
        other.postMessage({ type: 'peer', name } satisfies PeerNotice, [port1]);
        process_.postMessage({ type: 'peer', name: peer.name } satisfies PeerNotice, [port2]);
      }
      return child;
    },
  };
}

/** Registers listeners for the end of a process, also when it has ended already. */
function exitOf(process_: UtilityProcess): (listener: () => void) => void {
  const listeners: (() => void)[] = [];
  let ended = false;
  process_.once('exit', () => {
    ended = true;
    for (const listener of listeners) listener();
  });
  return (listener) => {
    if (ended) listener();
    else listeners.push(listener);
  };
}

/** `UtilityProcess.kill` asks with SIGTERM; a process in the middle of a query would only hear it afterwards. */
function endAtOnce(process_: UtilityProcess): void {
  const { pid } = process_;
  if (pid === undefined) {
    process_.kill();
    return;
  }
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
