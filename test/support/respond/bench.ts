import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authority } from '#electron/respond/approval/authority.ts';
import { publicKeyOf } from '#electron/respond/approval/dsse.ts';
import { systemClock } from '#electron/respond/io/clock.ts';
import { Redactor } from '#electron/respond/io/redactor.ts';
import { ActionJournal } from '#electron/respond/journal/action-journal.ts';
import { buildPlan } from '#electron/respond/plan/build-plan.ts';
import type { Clock } from '#electron/respond/provider.ts';
import { ProviderPool } from '#electron/respond/registry/provider-pool.ts';
import { type ProviderLoaders, ProviderRegistry } from '#electron/respond/registry/registry.ts';
import { type EngineLimits, type EngineTools, defaultLimits } from '#electron/respond/run/context.ts';
import type { Person, Roster } from '#shared/respond/approval.ts';
import type { PlanDocument } from '#shared/respond/plan.ts';
import { playbookNamed } from '#shared/respond/playbook.ts';
import { fakeType } from './fake/provider.ts';

export const canary = 'CANARY-s3cr3t-of-the-operator-9f2c';

interface BenchOptions {
  readonly root?: string;
  readonly clock?: Clock;
  readonly types?: ProviderLoaders;
  readonly limits?: Partial<EngineLimits>;
  readonly stop?: AbortSignal;
  /** Secrets of providers, by their names; the canary for all others. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the engine has in the journal's place. */
  readonly journal?: (journal: ActionJournal) => ActionJournal;
}

/** Everything between a plan and a provider, in a folder of its own. */
export class Bench {
  readonly root: string;
  readonly config: string;
  readonly folder: string;
  readonly journal: ActionJournal;
  readonly registry: ProviderRegistry;
  readonly redactor = new Redactor();
  readonly logged: string[] = [];
  readonly #options: BenchOptions;

  constructor(options: BenchOptions = {}) {
    this.#options = options;
    this.root = options.root ?? mkdtempSync(join(tmpdir(), 'rescind-respond-'));
    this.config = join(this.root, 'config');
    this.folder = join(this.root, 'case', 'journal');
    this.journal = ActionJournal.open(this.folder, this.config, this.clock);
    this.registry = new ProviderRegistry(this.config, options.types ?? { fake: () => fakeType() });
  }

  get clock(): Clock {
    return this.#options.clock ?? systemClock;
  }

  async add(name: string, settings: Readonly<Record<string, string>>, type = 'fake'): Promise<void> {
    this.registry.save(await this.registry.check(name, type, settings));
  }

  /** Opened anew, as another process would. */
  tools(limits: Partial<EngineLimits> = {}): EngineTools {
    const pool = new ProviderPool({
      registry: this.registry,
      secretsOf: (name) => ({
        secret: (field) => Promise.resolve(this.#options.secrets?.[name]?.[field] ?? canary),
        held: () => Promise.resolve(null),
        fingerprint: (text) => Promise.resolve(text),
      }),
      redactor: this.redactor,
      clock: this.clock,
      log: { write: (message, attributes) => void this.logged.push(JSON.stringify({ message, attributes })) },
    });
    return {
      journal: this.#options.journal?.(this.journal) ?? this.journal,
      pool,
      clock: this.clock,
      redactor: this.redactor,
      stop: this.#options.stop ?? new AbortController().signal,
      limits: { ...defaultLimits, settleMs: 2_000, ...this.#options.limits, ...limits },
      onProgress: () => undefined,
    };
  }

  plan(
    names: readonly string[],
    playbook = 'contain',
    providers?: readonly string[],
    since = 1,
  ): Promise<PlanDocument> {
    const { pool, clock, redactor } = this.tools();
    return buildPlan(
      {
        case: { id: 'case-1', name: 'Case' },
        journal: this.journal.id,
        incident: 'INC-1',
        since: new Date(since).toISOString(),
        references: names.map((id, index) => ({
          kind: 'identity',
          id,
          aliases: [],
          account: null,
          credentialType: null,
          group: `i${index + 1}`,
        })),
        providers: providers ?? this.registry.list().map(({ name }) => name),
        playbook: playbookNamed(playbook)!,
        usage: [],
        proposer: 'tester',
      },
      { pool, clock, redactor, signal: new AbortController().signal },
    );
  }

  close(): void {
    this.journal.close();
    if (this.#options.root === undefined) rmSync(this.root, { recursive: true, force: true });
  }
}

/** The right of one person in an emergency, as `authorize` gives it. */
export function emergency(now: number, nonce = `n-${now}-${Math.random()}`): Authority {
  return {
    kind: 'emergency',
    people: ['tester'],
    nonces: [nonce],
    until: now + 900_000,
    requirement: null,
    order: null,
    reason: 'test',
    roster: null,
  };
}

interface Approver extends Person {
  readonly key: KeyObject;
}

/** People with keys of their own. */
export function people(...names: readonly string[]): Approver[] {
  return names.map((id) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return {
      id,
      name: id,
      roles: ['responder'],
      keys: [publicKeyOf(privateKey)],
      identities: [],
      users: [],
      key: privateKey,
    };
  });
}

export function rosterOf(approvers: readonly Approver[], rules: Roster['rules'] = []): Roster {
  return {
    format: 'rescind-roster',
    version: 1,
    quorum: 2,
    people: approvers.map(({ id, name, roles, keys, identities, users }) => ({
      id,
      name,
      roles,
      keys,
      identities,
      users,
    })),
    rules,
    clockSkewSeconds: 60,
  };
}
