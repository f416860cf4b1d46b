import type { ChildLauncher } from '#electron/platform/children.ts';
import { type Log, logIds } from '#electron/platform/log.ts';
import { type CallOptions, createCaller } from '#electron/platform/rpc.ts';
import type { PolicyService } from '#electron/platform/services.ts';
import { valueOf } from './value-of.ts';

type InputOf<K extends keyof PolicyService> = Parameters<PolicyService[K]>[0];
type OutputOf<K extends keyof PolicyService> = Awaited<ReturnType<PolicyService[K]>>;

/** A cancelled job ends its threads by itself; a process that does not come back is ended. */
const cancellingTime = 5_000;

/** Starts the policy process for one question and ends it afterwards. Throws its failures. */
export async function runPolicyJob<K extends keyof PolicyService>(
  launcher: ChildLauncher,
  log: Log,
  method: K,
  input: InputOf<K>,
  options: CallOptions & { readonly standardInput?: boolean } = {},
): Promise<OutputOf<K>> {
  const child = launcher.start('policy', { standardInput: options.standardInput ?? false });
  let timer: NodeJS.Timeout | null = null;
  const onAbort = (): void => {
    timer = setTimeout(() => child.kill(), cancellingTime);
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const result = await createCaller<PolicyService>(child.port).call(method, input as never, options);
    if (!result.ok && result.error.kind === 'crashed') {
      log.write('error', logIds.policyCrashed, 'The policy process has ended by itself.');
    }
    return valueOf(result) as OutputOf<K>;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    if (timer !== null) clearTimeout(timer);
    child.kill();
  }
}
