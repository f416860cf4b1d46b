import { EventEmitter } from 'node:events';
import { double } from './state.ts';

type Handler = (...parameters: never[]) => unknown;
type RequestListener = (details: { url: string }, callback: (answer: { cancel: boolean }) => void) => void;

class Protocol {
  readonly handlers = new Map<string, (request: Request) => Promise<Response>>();
  registerSchemesAsPrivileged(schemes: typeof double.schemes): void {
    double.order.push('registerSchemesAsPrivileged');
    double.schemes.push(...schemes);
  }
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    this.handlers.set(scheme, handler);
  }
}
export const protocol = new Protocol();

class Session extends EventEmitter {
  readonly handlers = new Map<string, Handler>();
  readonly protocol: Protocol;
  constructor(own: Protocol = new Protocol()) {
    super();
    this.protocol = own;
  }
  beforeRequest: RequestListener | null = null;
  readonly webRequest = {
    onBeforeRequest: (listener: RequestListener): void => {
      this.beforeRequest = listener;
    },
  };

  /** Whether the session lets a request of this address through. */
  allows(url: string): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.beforeRequest === null) resolve(true);
      else this.beforeRequest({ url }, ({ cancel }) => resolve(!cancel));
    });
  }
  setPermissionRequestHandler(handler: Handler): void {
    this.handlers.set('permission-request', handler);
  }
  setPermissionCheckHandler(handler: Handler): void {
    this.handlers.set('permission-check', handler);
  }
  setDevicePermissionHandler(handler: Handler): void {
    this.handlers.set('device-permission', handler);
  }
  setDisplayMediaRequestHandler(handler: Handler): void {
    this.handlers.set('display-media', handler);
  }
}
const partitions = new Map<string, Session>();

export const session = {
  defaultSession: new Session(protocol),
  fromPartition(name: string): Session {
    const known = partitions.get(name) ?? new Session();
    partitions.set(name, known);
    return known;
  },
};
export type { Session };
