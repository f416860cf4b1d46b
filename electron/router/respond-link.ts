import { createHmac, randomBytes } from 'node:crypto';
import type { Child, ChildLauncher } from '#electron/platform/children.ts';
import { type Log, logIds } from '#electron/platform/log.ts';
import type { RespondService, SecretService } from '#electron/platform/respond-service.ts';
import { type CallOptions, type Caller, createCaller, serveService } from '#electron/platform/rpc.ts';
import { FailureError } from '#shared/util/result.ts';
import type { SecretVault } from './host.ts';
import { valueOf } from './value-of.ts';

type InputOf<K extends keyof RespondService> = Parameters<RespondService[K]>[0];
type OutputOf<K extends keyof RespondService> = Awaited<ReturnType<RespondService[K]>>;

interface RespondProcess {
  readonly child: Child;
  readonly caller: Caller<RespondService>;
}

/** The methods that change something at a provider. */
const acts = new Set<keyof RespondService>(['execute', 'resume']);

const fingerprintKey = 'respond/fingerprint-key';

/**
 * The respond process: started when it is first needed and again when it has died. SECURITY: it gets secrets only by
 * asking for them here, one at a time, by the name of a provider and a field.
 */
export class RespondLink {
  readonly #launcher: ChildLauncher;
  readonly #configFolder: string;
  readonly #vault: SecretVault;
  readonly #log: Log;
  #process: RespondProcess | null = null;
  /** Nothing is started any more: a call that comes late would leave a process behind. */
  #isClosed = false;
  #fingerprintKey: Promise<Buffer> | null = null;
  /** Runs of plans that are under way. */
  readonly #acting = new Set<Promise<unknown>>();

  constructor(launcher: ChildLauncher, configFolder: string, vault: SecretVault, log: Log) {
    this.#launcher = launcher;
    this.#configFolder = configFolder;
    this.#vault = vault;
    this.#log = log;
  }

  async call<K extends keyof RespondService>(
    method: K,
    input: InputOf<K>,
    options: CallOptions = {},
  ): Promise<OutputOf<K>> {
    if (this.#isClosed) throw new FailureError('cancelled', 'The program is ending.');
    const { caller } = this.#process ?? (await this.#start());
    const answer = caller.call(method, input as never, options);
    if (acts.has(method)) {
      this.#acting.add(answer);
      void answer.finally(() => this.#acting.delete(answer));
    }
    return valueOf(await answer) as OutputOf<K>;
  }

  /** Whether something is being changed at a provider right now. */
  get isActing(): boolean {
    return this.#acting.size > 0;
  }

  /** Ends in order: the action under way is finished and journalled, none is begun after it. */
  async finish(): Promise<void> {
    if (this.isActing) {
      await this.#process?.caller.call('stop', {});
      await Promise.all(this.#acting);
    }
    this.close();
  }

  /** Keeps a provider's secrets; an empty one is left out. */
  async keepSecrets(provider: string, secrets: Readonly<Record<string, string>>): Promise<void> {
    if (Object.keys(secrets).length > 0 && (await this.#vault.backend()) === 'memory') {
      this.#log.write('warning', logIds.secretsInMemory, 'Secrets are kept in memory until the end.');
    }
    for (const [field, secret] of Object.entries(secrets)) {
      if (secret !== '') await this.#vault.set(secretName(provider, field), secret);
    }
  }

  async hasSecret(provider: string, field: string): Promise<boolean> {
    return (await this.#vault.get(secretName(provider, field))) !== null;
  }

  async forgetSecrets(provider: string, fields: readonly string[]): Promise<void> {
    for (const field of fields) await this.#vault.remove(secretName(provider, field));
  }

  /** Keeps a credential that the operator holds; answers with the fingerprint that it goes by from here on. */
  async hold(provider: string, credential: string): Promise<string> {
    const fingerprint = await this.#fingerprint(credential);
    await this.#vault.set(heldName(provider, fingerprint), credential);
    return fingerprint;
  }

  close(): void {
    this.#isClosed = true;
    this.#process?.child.kill();
    this.#process = null;
  }

  async #start(): Promise<RespondProcess> {
    const child = this.#launcher.start('respond');
    const started = { child, caller: createCaller<RespondService>(child.port) };
    this.#process = started;
    serveService(child.port, this.#secretService());
    child.onExit(() => {
      if (this.#process !== started) return;
      this.#process = null;
      this.#log.write('error', logIds.respondCrashed, 'The respond process has ended by itself.');
    });
    valueOf(await started.caller.call('start', { configFolder: this.#configFolder }));
    return started;
  }

  #secretService(): SecretService {
    return {
      secret: async ({ provider, field }) => {
        const secret = await this.#vault.get(secretName(provider, field));
        if (secret !== null) return secret;
        throw new FailureError(
          'not-found',
          `The vault has no secret “${field}” of ${provider}. Set the provider up again.`,
        );
      },
      held: ({ provider, fingerprint }) => this.#vault.get(heldName(provider, fingerprint)),
      fingerprint: ({ credential }) => this.#fingerprint(credential),
    };
  }

  /** Keyed for this installation, so that nobody can tell a token from its fingerprint by trying tokens. */
  async #fingerprint(credential: string): Promise<string> {
    // Made once, also when several ask at the same time: what went by another key would not be found again.
    this.#fingerprintKey ??= this.#madeKey().catch((thrown: unknown) => {
      this.#fingerprintKey = null;
      throw thrown;
    });
    const code = createHmac('sha256', await this.#fingerprintKey)
      .update(credential)
      .digest('hex');
    return `fp_${code.slice(0, 32)}`;
  }

  async #madeKey(): Promise<Buffer> {
    const known = await this.#vault.get(fingerprintKey);
    if (known !== null) return Buffer.from(known, 'base64');
    const key = randomBytes(32);
    await this.#vault.set(fingerprintKey, key.toString('base64'));
    return key;
  }
}

function secretName(provider: string, field: string): string {
  return `provider/${provider}/${field}`;
}

function heldName(provider: string, fingerprint: string): string {
  return `held/${provider}/${fingerprint}`;
}
