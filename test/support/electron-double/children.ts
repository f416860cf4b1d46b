import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { double } from './state.ts';

/** Between the double and `parent-port.ts`, which runs in the child. */
export type WireMessage =
  | { readonly type: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly type: 'port'; readonly id: number; readonly data: unknown }
  | { readonly type: 'port-closed'; readonly id: number };

/** An end of a channel. It has no holder until it is sent to a child. */
class MessagePort {
  readonly id: number;
  holder: UtilityProcess | null = null;
  other: MessagePort = this;
  readonly #waiting: WireMessage[] = [];

  constructor(id: number) {
    this.id = id;
  }
  deliver(message: WireMessage): void {
    if (this.holder === null) this.#waiting.push(message);
    else this.holder.send(message);
  }
  giveTo(holder: UtilityProcess): void {
    this.holder = holder;
    holder.ports.add(this);
  }
  /** After the holder knows of the port. */
  flush(): void {
    for (const message of this.#waiting.splice(0)) this.holder?.send(message);
  }
}

let lastPort = 0;

export class MessageChannelMain {
  readonly port1 = new MessagePort(++lastPort);
  readonly port2 = new MessagePort(++lastPort);
  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

interface ForkOptions {
  readonly serviceName: string;
  readonly env: Record<string, string>;
  readonly execArgv: readonly string[];
  readonly cwd?: string;
}

/** A Node process whose `process.parentPort` is the double's. */
class UtilityProcess extends EventEmitter {
  pid: number | undefined;
  readonly serviceName: string;
  readonly options: ForkOptions;
  readonly ports = new Set<MessagePort>();
  readonly #process: ChildProcess;

  constructor(file: string, options: ForkOptions) {
    super();
    this.serviceName = options.serviceName;
    this.options = options;
    this.#process = fork(file, [], {
      serialization: 'advanced',
      execArgv: [...options.execArgv, '--import', join(import.meta.dirname, 'parent-port.ts')],
      env: options.env,
      cwd: options.cwd,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.pid = this.#process.pid;
    double.children.add(this);
    this.#process.on('message', (message) => this.#receive(message as WireMessage));
    this.#process.on('exit', (code) => {
      this.pid = undefined;
      double.children.delete(this);
      for (const { other, id } of this.ports) other.deliver({ type: 'port-closed', id: id });
      this.emit('exit', code ?? 1);
    });
  }
  postMessage(data: unknown, ports: readonly MessagePort[] = []): void {
    for (const port of ports) port.giveTo(this);
    this.send({ type: 'message', data, ports: ports.map(({ id }) => id) });
    for (const port of ports) port.flush();
  }
  send(message: WireMessage): void {
    if (!this.#process.connected) return;
    const addressed =
      message.type === 'message' ? message : { ...message, id: this.#ownIdOf(message.id) ?? message.id };
    this.#process.send(addressed, () => undefined);
  }
  kill(): boolean {
    return this.#process.kill('SIGTERM');
  }
  #receive(message: WireMessage): void {
    if (message.type === 'message') {
      this.emit('message', message.data);
      return;
    }
    const own = [...this.ports].find(({ id }) => id === message.id);
    own?.other.deliver(message);
  }
  /** The id of this process's end, of the sender's end's id. */
  #ownIdOf(senderId: number): number | null {
    return [...this.ports].find(({ other }) => other.id === senderId)?.id ?? null;
  }
}

export const utilityProcess = {
  fork: (file: string, _parameters: readonly string[], options: ForkOptions): UtilityProcess =>
    new UtilityProcess(file, options),
};
