import { EventEmitter } from 'node:events';
import { PreventableEvent, double } from './state.ts';

class App extends EventEmitter {
  /** As in a package: no words of the developer's start in front of the arguments, no developer tools. */
  readonly isPackaged = true;
  whenReady(): Promise<void> {
    return Promise.resolve().then(() => void double.order.push('ready'));
  }
  enableSandbox(): void {
    double.order.push('enableSandbox');
  }
  requestSingleInstanceLock(additionalData: unknown): boolean {
    double.order.push('requestSingleInstanceLock');
    double.handedOver = structuredClone(additionalData);
    return double.locked;
  }
  disableHardwareAcceleration(): void {
    double.order.push('disableHardwareAcceleration');
  }
  setPath(name: string, path: string): void {
    double.order.push(`setPath ${name}`);
    double.paths.set(name, path);
  }
  /** Closes the windows, each of which may refuse, then ends. */
  quit(): void {
    this.emit('before-quit', new PreventableEvent());
    for (const window of double.windows.filter((one) => !one.isDestroyed())) {
      if (!window.close()) return;
    }
    const event = new PreventableEvent();
    this.emit('will-quit', event);
    if (!event.defaultPrevented) this.exit(0);
  }
  exit(code = 0): void {
    if (double.exitCode !== null) return;
    double.exitCode = code;
    this.emit('exited');
  }
}
export const app = new App();
