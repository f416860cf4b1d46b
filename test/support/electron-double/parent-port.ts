import { EventEmitter } from 'node:events';
import type { WireMessage } from './children.ts';

/**
 * Loaded into a child before its entry: `process.parentPort` as Electron's utility processes have it, over Node's
 * channel to the test's process.
 */
function send(message: WireMessage): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

class Port extends EventEmitter {
  readonly #id: number;
  #started = false;
  readonly #early: unknown[] = [];
  constructor(id: number) {
    super();
    this.#id = id;
  }
  postMessage(data: unknown): void {
    send({ type: 'port', id: this.#id, data });
  }
  receive(data: unknown): void {
    if (this.#started) this.emit('message', { data, ports: [] });
    else this.#early.push(data);
  }
  start(): void {
    this.#started = true;
    for (const data of this.#early.splice(0)) this.emit('message', { data, ports: [] });
  }
  close(): void {
    send({ type: 'port-closed', id: this.#id });
  }
}

const ports = new Map<number, Port>();

class ParentPort extends EventEmitter {
  postMessage(data: unknown): void {
    send({ type: 'message', data, ports: [] });
  }
}
const parentPort = new ParentPort();
const early: WireMessage[] = [];

function receive(message: WireMessage): void {
  if (message.type === 'port') {
    ports.get(message.id)?.receive(message.data);
  } else if (message.type === 'port-closed') {
    ports.get(message.id)?.emit('close');
  } else {
    const received = message.ports.map((id) => {
      const port = new Port(id);
      ports.set(id, port);
      return port;
    });
    parentPort.emit('message', { data: message.data, ports: received });
  }
}

// Like Electron's, it keeps what comes before somebody listens.
parentPort.on('newListener', (name) => {
  if (name === 'message' && parentPort.listenerCount('message') === 0) {
    process.nextTick(() => {
      for (const message of early.splice(0)) receive(message);
    });
  }
});
process.on('message', (message) => {
  if (parentPort.listenerCount('message') === 0 || early.length > 0) early.push(message as WireMessage);
  else receive(message as WireMessage);
});
process.on('disconnect', () => process.exit());
Object.defineProperty(process, 'parentPort', { value: parentPort });
