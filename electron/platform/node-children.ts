import { type ChildProcess, fork } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { type Child, type ChildLauncher, type PeerNotice, childEnvironment } from './children.ts';
import { entryFile } from './entries.ts';
import { peerDescriptor } from './frames.ts';
import type { Port } from './port.ts';

/** V8 takes four times as much for what is new by itself, in every process, and is hardly faster for it. */
const youngSpace = '--max-semi-space-size=16';

interface NodeChild extends Child {
  /** The host's end of its pipe; null where another child has that end. */
  readonly peer: Duplex | null;
}

/**
 * Starts children with `child_process.fork`. Two children talk through a socket of their own. Where a child cannot be
 * given the end of another one's (`relays`, by default on Windows), each has a pipe, and the host copies bytes from one
 * to the other: it parses none, and a full pipe slows the sender down. `fileOf` is replaced by tests.
 */
export function createNodeLauncher(
  fileOf: typeof entryFile = entryFile,
  relays: boolean = process.platform === 'win32',
): ChildLauncher {
  const started = new WeakMap<Child, NodeChild>();
  return {
    start(name, { standardInput = false, workingFolder, peer } = {}) {
      const other = peer === undefined ? undefined : started.get(peer);
      if (peer !== undefined && other === undefined) throw new Error(`${peer.name} was not started here`);
      const process_ = fork(fileOf(name), [], {
        serialization: 'advanced',
        execArgv: [youngSpace],
        env: childEnvironment(process.env),
        cwd: workingFolder,
        stdio: [
          standardInput ? 'inherit' : 'ignore',
          'ignore',
          'inherit',
          'ipc',
          other === undefined || relays ? 'pipe' : other.peer,
        ],
      });
      const exit = exitOf(process_);
      const child: NodeChild = {
        name,
        port: hostSide(process_, exit),
        onExit: exit,
        kill: () => void process_.kill('SIGKILL'),
        peer: process_.stdio[peerDescriptor] as Duplex | null,
      };
      // A broken pipe is the end of the child, which is told by its exit.
      child.peer?.on('error', () => child.peer?.destroy());
      started.set(child, child);
      if (other !== undefined) connect(other, child);
      return child;
    },
  };
}

function connect(one: NodeChild, other: NodeChild): void {
  const [near, far] = [one.peer, other.peer];
  if (near !== null && far !== null) {
    near.pipe(far);
    far.pipe(near);
    // A pipe ends its target at its end only; a child that died must not leave the other waiting.
    one.onExit(() => far.destroy());
    other.onExit(() => near.destroy());
  } else {
    // The end that the host had is the other child's now: nobody has written to it so far.
    near?.destroy();
  }
  one.port.post({ type: 'peer', name: other.name } satisfies PeerNotice);
  other.port.post({ type: 'peer', name: one.name } satisfies PeerNotice);
}

/** Registers listeners for the end of a process, also when it never started. */
function exitOf(child: ChildProcess): (listener: () => void) => void {
  const listeners: (() => void)[] = [];
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    for (const listener of listeners) listener();
  };
  child.once('exit', end);
  child.once('error', end);
  return (listener) => {
    if (ended) listener();
    else listeners.push(listener);
  };
}

function hostSide(child: ChildProcess, onExit: (listener: () => void) => void): Port {
  return {
    post: (message) => {
      // A message to a child that is just ending is lost; its exit says so.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: onExit,
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}
