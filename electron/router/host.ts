import type { HostEvent } from '#shared/ipc/client.ts';
import type { PickPurpose } from '#shared/ipc/pick-purposes.ts';

/** What differs between the hosts. Everything else does not know which one it runs under. */
export interface Host {
  readonly kind: 'electron' | 'headless';
  /** Whether `pick` can open the system's own dialog. */
  readonly nativeDialogs: boolean;
  /** Paths that the analyst chose; empty when the dialog was left. */
  pick(purpose: PickPurpose): Promise<readonly string[]>;
  /** Where the analyst wants a new file in the system's dialog; null when the dialog was left or there is none. */
  pickTarget(name: string): Promise<string | null>;
  /** Opens the confirm surface for a ticket. Throws kind `unsupported` where nobody could look at it. */
  confirm(ticket: string): ConfirmPlace;
  /** Tells the page. */
  notify(event: HostEvent): void;
  readonly secrets: SecretVault;
}

/** Where a confirm surface stands: a window, or a page that the browser opens. */
export interface ConfirmPlace {
  /** For the asking page to open; null where the host has opened a window by itself. */
  readonly address: string | null;
  /** Settles when the surface is gone, as far as the host can see it. */
  readonly closed: Promise<void>;
  /** A key file in the system's dialog; empty where it was left or there is none. */
  pickKey(): Promise<readonly string[]>;
  close(): void;
}

/** Keeps provider secrets. A secret goes in once and is only ever read by the process that makes the call. */
export interface SecretVault {
  /** How secrets are kept, for `doctor`. `memory` forgets them at exit. */
  readonly backend: () => Promise<'system' | 'passphrase' | 'memory'>;
  set(name: string, secret: string): Promise<void>;
  get(name: string): Promise<string | null>;
  remove(name: string): Promise<void>;
}
