import type { Child, ChildLauncher } from '#electron/platform/children.ts';
import { type Log, logIds } from '#electron/platform/log.ts';
import { type CallOptions, type Caller, createCaller } from '#electron/platform/rpc.ts';
import type { PolicyService } from '#electron/platform/services.ts';
import { FailureError } from '#shared/util/result.ts';
import { endWhenStuck } from './end-when-stuck.ts';
import { valueOf } from './value-of.ts';

type InputOf<K extends keyof PolicyService> = Parameters<PolicyService[K]>[0];
type OutputOf<K extends keyof PolicyService> = Awaited<ReturnType<PolicyService[K]>>;

/** A cancelled job ends its threads by itself; a process that does not come back is ended. */
const cancellingTime = 5_000;
/** Compiled bundles cost memory: a process that nobody has asked for so long is ended. */
const idleTime = 5 * 60_000;

interface PolicyProcess {
  readonly child: Child;
  readonly caller: Caller<PolicyService>;
  calls: number;
}

export interface PolicyCallOptions extends CallOptions {
  /** The process reads the host's standard input, and so is one of its own. */
  readonly standardInput?: boolean;
}

/** The policy process: started when it is first asked, kept with its compiled bundles, started again after a crash. */
export class PolicyLink {
  readonly #launcher: ChildLauncher;
  readonly #log: Log;
  #process: PolicyProcess | null = null;
  #idle: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(launcher: ChildLauncher, log: Log) {
    this.#launcher = launcher;
    this.#log = log;
  }

  /** Throws the failures of the policy process; kind `crashed` where it died, `cancelled` after the end of the program. */
  async call<K extends keyof PolicyService>(
    method: K,
    input: InputOf<K>,
    options: PolicyCallOptions,
  ): Promise<OutputOf<K>> {
    // A job that is late must not start a process that nobody would end.
    if (this.#closed) throw new FailureError('cancelled', 'The program is ending.');
    const ownsInput = options.standardInput === true;
    const process = ownsInput ? this.#start(true) : this.#running();
    process.calls++;
    const stopWaiting = endWhenStuck(process.child, options.signal, cancellingTime);
    try {
      const result = await process.caller.call(method, input as never, options);
      if (!result.ok && result.error.kind === 'crashed') {
        this.#log.write('error', logIds.policyCrashed, 'The policy process has ended by itself.');
      }
      return valueOf(result) as OutputOf<K>;
    } finally {
      stopWaiting();
      process.calls--;
      if (ownsInput) process.child.kill();
      else this.#rest();
    }
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  #end(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#process?.child.kill();
    this.#process = null;
  }

  #running(): PolicyProcess {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#process ??= this.#start(false);
    return this.#process;
  }

  #start(standardInput: boolean): PolicyProcess {
    const child = this.#launcher.start('policy', { standardInput });
    const started = { child, caller: createCaller<PolicyService>(child.port), calls: 0 };
    child.onExit(() => {
      if (this.#process === started) this.#process = null;
    });
    return started;
  }

  #rest(): void {
    if (this.#process === null || this.#process.calls > 0) return;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#end(), idleTime);
    this.#idle.unref();
  }
}
