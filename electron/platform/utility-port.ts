import type { Port } from './port.ts';

/** The parts of Electron's classes that are used here; written out because only the Electron shell may import them. */
interface MessagePortMain {
  postMessage(message: unknown, transfer: readonly MessagePortMain[]): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export interface ParentPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly MessagePortMain[] }) => void,
  ): unknown;
}

/** A port over an end of Electron's `MessageChannelMain`. */
export function portOfMessagePort(channel: MessagePortMain): Port {
  return {
    post: (message) => channel.postMessage(message, []),
    onMessage: (listener) => {
      channel.on('message', ({ data }) => listener(data));
      // Messages wait until the port is started.
      channel.start();
    },
    onClose: (listener) => void channel.on('close', listener),
    close: () => channel.close(),
  };
}
