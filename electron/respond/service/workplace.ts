import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { SecretService, RespondCase, PlanRef } from '#electron/platform/respond-service.ts';
import type { Caller } from '#electron/platform/rpc.ts';
import type { Roster } from '#shared/respond/approval.ts';
import type { PlanDocument } from '#shared/respond/plan.ts';
import { FailureError, type Result } from '#shared/util/result.ts';
import { OrderStore } from '../approval/order-store.ts';
import { RosterStore } from '../approval/roster-store.ts';
import { systemClock } from '../io/clock.ts';
import type { SecretSource } from '../io/provider-io.ts';
import { Redactor } from '../io/redactor.ts';
import { ActionJournal } from '../journal/action-journal.ts';
import { JournalHeads } from '../journal/heads.ts';
import { JournalReader } from '../journal/journal-reader.ts';
import type { Clock, ProviderLog } from '../provider.ts';
import { ProviderPool } from '../registry/provider-pool.ts';
import { type ProviderLoaders, ProviderRegistry } from '../registry/registry.ts';
import { type EngineLimits, type EngineTools, defaultLimits } from '../run/context.ts';
import { planFile, readPlan, writePlan } from './plan-files.ts';

export interface WorkplaceOptions {
  readonly configFolder: string;
  readonly secrets: Caller<SecretService>;
  readonly types: ProviderLoaders;
  readonly log: ProviderLog;
  readonly clock?: Clock;
  readonly limits?: EngineLimits;
}

/** Everything that the service works with: settings of the workstation, and the journals of its cases. */
export class Workplace {
  readonly configFolder: string;
  readonly clock: Clock;
  readonly redactor = new Redactor();
  readonly registry: ProviderRegistry;
  readonly rosters: RosterStore;
  readonly orders: OrderStore;
  readonly user = userInfo().username;
  readonly #options: WorkplaceOptions;
  readonly #heads: JournalHeads;
  /** Runs under way in this process. */
  readonly stops = new Set<AbortController>();

  constructor(options: WorkplaceOptions) {
    this.#options = options;
    this.configFolder = options.configFolder;
    this.clock = options.clock ?? systemClock;
    this.registry = new ProviderRegistry(options.configFolder, options.types);
    this.rosters = new RosterStore(options.configFolder);
    this.orders = new OrderStore(options.configFolder);
    this.#heads = new JournalHeads(options.configFolder);
  }

  roster(): Roster | null {
    return this.rosters.get();
  }

  /** Providers, open for one operation. */
  async withPool<T>(work: (pool: ProviderPool) => Promise<T>): Promise<T> {
    const pool = new ProviderPool({
      registry: this.registry,
      secretsOf: (name) => secretsOf(this.#options.secrets, name),
      redactor: this.redactor,
      clock: this.clock,
      log: this.#options.log,
    });
    try {
      return await work(pool);
    } finally {
      await pool.close();
    }
  }

  /** A journal, open for appending for one operation. */
  async withJournal<T>(folder: string, work: (journal: ActionJournal) => Promise<T>): Promise<T> {
    const journal = ActionJournal.open(folder, this.configFolder, this.clock);
    try {
      return await work(journal);
    } finally {
      journal.close();
    }
  }

  /** Everything that a run needs, for one run. */
  withTools<T>(
    folder: string,
    onProgress: EngineTools['onProgress'],
    signal: AbortSignal,
    work: (tools: EngineTools) => Promise<T>,
  ): Promise<T> {
    return this.withJournal(folder, (journal) =>
      this.withPool(async (pool) => {
        const controller = new AbortController();
        this.stops.add(controller);
        const stop = AbortSignal.any([controller.signal, signal]);
        const { clock, redactor } = this;
        const limits = this.#options.limits ?? defaultLimits;
        try {
          return await work({ journal, pool, clock, redactor, stop, limits, onProgress });
        } finally {
          this.stops.delete(controller);
        }
      }),
    );
  }

  reading<T>(folder: string, work: (reader: JournalReader) => T): T {
    const reader = new JournalReader(folder);
    try {
      return work(reader);
    } finally {
      reader.close();
    }
  }

  /** The journal folder of a case that is open, or of the journal with this id or beginning of an id. */
  journalFolder(open: RespondCase | null, id: string | null): string {
    if (id !== null) {
      const [found] = this.#heads.find(id);
      if (found !== undefined) return found[1].folder;
    }
    if (open !== null) return join(open.folder, 'journal');
    throw new FailureError(
      'not-found',
      'This workstation has not seen that journal: name the case with --case DIR.',
    );
  }

  /** The folders of all journals that this workstation knows. */
  journalFolders(): string[] {
    return this.#heads.find('').map(([, { folder }]) => folder);
  }

  /** The journal folder of a run, whose name begins with the journal's id. */
  folderOfRun(run: string, open: RespondCase | null): string {
    const id = /^run-([0-9a-f]+)-[0-9a-f]+$/.exec(run)?.[1];
    if (id === undefined) throw new FailureError('invalid-input', `“${run}” is no run.`);
    return this.journalFolder(open, id);
  }

  pathOf(ref: PlanRef, open: RespondCase | null): string {
    if ('file' in ref) return resolve(ref.file);
    if (open === null) throw new FailureError('no-case', 'No case is open. Open one first.');
    if (!/^plan-[0-9a-f]{16}$/.test(ref.id))
      throw new FailureError('invalid-input', `“${ref.id}” is no plan.`);
    return planFile(open.folder, ref.id);
  }

  load(ref: PlanRef, open: RespondCase | null): PlanDocument {
    return readPlan(this.pathOf(ref, open));
  }

  /** Keeps a plan where it came from, and in its case. */
  keep(document: PlanDocument, ref: PlanRef | null, open: RespondCase | null): void {
    if (ref !== null && 'file' in ref) writePlan(ref.file, document);
    if (open !== null) writePlan(planFile(open.folder, document.plan.id), document);
  }
}

/** The case's folder of a journal folder. */
export function caseFolderOf(journalFolder: string): string {
  return dirname(journalFolder);
}

function secretsOf(host: Caller<SecretService>, provider: string): SecretSource {
  return {
    secret: async (field) => valueOf(await host.call('secret', { provider, field })),
    held: async (fingerprint) => valueOf(await host.call('held', { provider, fingerprint })),
    fingerprint: async (credential) => valueOf(await host.call('fingerprint', { credential })),
  };
}

function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new FailureError(result.error.kind, result.error.message);
}
