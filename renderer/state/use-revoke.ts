import { useConsole } from './context.ts';
import type { RevokeTarget } from './feature.ts';

/** Begins to take things away; null where no part of the console can. */
export function useRevoke(): ((targets: readonly RevokeTarget[]) => void) | null {
  const console = useConsole();
  const revoke = console.features.find((feature) => feature.revoke !== undefined)?.revoke;
  return revoke === undefined ? null : (targets) => revoke(targets, console);
}
