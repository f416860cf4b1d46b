import { isPeerNotice } from './children.ts';
import { writeCompiledCode } from './compiled-code.ts';
import { peerSocketPort } from './frames.ts';
import type { Port } from './port.ts';
import { type ParentPort, portOfMessagePort } from './utility-port.ts';

/** A child's ends of its ports, in whichever kind of process it runs. */
interface ChildSide {
  readonly host: Port;
  peer(name: string): Promise<Port>;
}

let side: ChildSide | null = null;

/** In a child: the port to the host. */
export function hostPort(): Port {
  return childSide().host;
}

/** In a child: the port to the child of this name, once the host has connected the two. */
export function peerPort(name: string): Promise<Port> {
  return childSide().peer(name);
}

function childSide(): ChildSide {
  if (side === null) {
    // Electron's utility processes have a parent port; Node's forked ones a channel of the process itself.
    const { parentPort } = process as { parentPort?: ParentPort };
    side = parentPort === undefined ? forkedSide() : utilitySide(parentPort);
  }
  return side;
}

function forkedSide(): ChildSide {
  if (process.send === undefined) throw new Error('This file is started by Rescind, not by hand.');
  // Ctrl-C reaches every process of the terminal; the host decides what becomes of the work.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  writeCompiledCode();
  const peers = createPeers();
  const inbox = createInbox();
  process.on('message', (message: unknown) => {
    if (isPeerNotice(message)) {
      peers.add(message.name, peerSocketPort());
      return;
    }
    inbox.put(message);
  });
  return {
    host: {
      post: (message) => void process.send?.(message, undefined, undefined, () => undefined),
      onMessage: inbox.onMessage,
      onClose: (listener) => void process.on('disconnect', listener),
      close: () => process.disconnect(),
    },
    peer: peers.get,
  };
}

function utilitySide(parent: ParentPort): ChildSide {
  const peers = createPeers();
  const inbox = createInbox();
  parent.on('message', ({ data, ports }) => {
    const [port] = ports;
    if (isPeerNotice(data) && port !== undefined) {
      peers.add(data.name, portOfMessagePort(port));
      return;
    }
    inbox.put(data);
  });
  return {
    host: {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: the port has one receiver
      post: (message) => parent.postMessage(message),
      onMessage: inbox.onMessage,
      // A utility process does not outlive its parent.
      onClose: () => undefined,
      close: () => process.exit(),
    },
    peer: peers.get,
  };
}

interface Peers {
  readonly add: (name: string, port: Port) => void;
  readonly get: (name: string) => Promise<Port>;
}

/** Ports by the name of the peer, whichever comes first: the port or the one who asks for it. */
function createPeers(): Peers {
  const peers = new Map<string, PromiseWithResolvers<Port>>();
  const entry = (name: string): PromiseWithResolvers<Port> => {
    const known = peers.get(name) ?? Promise.withResolvers<Port>();
    peers.set(name, known);
    return known;
  };
  return { add: (name, port) => entry(name).resolve(port), get: (name) => entry(name).promise };
}

interface Inbox {
  readonly put: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
}

/** Keeps what the host sends until the child listens: it may be waiting for its peer first. */
function createInbox(): Inbox {
  const listeners: ((message: unknown) => void)[] = [];
  const early: unknown[] = [];
  return {
    put(message) {
      if (listeners.length === 0) early.push(message);
      for (const listener of listeners) listener(message);
    },
    onMessage(listener) {
      listeners.push(listener);
      for (const message of early.splice(0)) listener(message);
    },
  };
}
