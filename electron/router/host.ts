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
  /** Tells the page. */
  notify(event: HostEvent): void;
  readonly secrets: SecretVault;
}

/** Keeps provider secrets. A secret goes in once and is only ever read by the process that makes the call. */
export interface SecretVault {
  /** How secrets are kept, for `doctor`. `memory` forgets them at exit. */
  readonly backend: () => Promise<'system' | 'passphrase' | 'memory'>;
  set(name: string, secret: string): Promise<void>;
  get(name: string): Promise<string | null>;
  remove(name: string): Promise<void>;
}
