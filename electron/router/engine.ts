import type { ChildLauncher } from '#electron/platform/children.ts';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { caseFolder } from '#electron/platform/case-folder.ts';
import type { Log } from '#electron/platform/log.ts';
import { type AppFolders, ensureFolder } from '#electron/platform/paths.ts';
import type { CallOptions } from '#electron/platform/rpc.ts';
import { externalPrograms } from '#electron/platform/external-programs.ts';
import type { KeptBundle, PolicyService, ReaderService } from '#electron/platform/services.ts';
import type { BehaviourFacts } from '#shared/domain/behaviour.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { Decision, DecisionData } from '#shared/domain/decision.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { LoggedChanges } from '#shared/domain/policy-change.ts';
import type { CaseSummary, IngestReport } from '#shared/ipc/views.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { FailureError, type Failure } from '#shared/util/result.ts';
import type { AgreementSources } from './agreement-job.ts';
import { type BundleRequest, type EditedRequest, runBundleJob, runEditedBundleJob } from './bundle-job.ts';
import { type ImportContext, type ImportRequest, runImportJob } from './import-job.ts';
import type { SecretVault } from './host.ts';
import { type PolicyAt, momentOf, policyAt } from './policy-at.ts';
import { type PolicyCallOptions, PolicyLink } from './policy-link.ts';
import type { ReadInput, ReadName, ReadOutput } from './read-operations.ts';
import { ReaderLink } from './reader-link.ts';
import { RecentCases } from './recent-cases.ts';
import { RefreshPace } from './refresh-pace.ts';
import { RespondLink } from './respond-link.ts';
import { Reverification } from './reverification.ts';
import { valueOf } from './value-of.ts';
import { withWriter } from './writer-session.ts';

export interface EngineOptions {
  readonly launcher: ChildLauncher;
  readonly folders: AppFolders;
  readonly log: Log;
  /** The open case, or what is in it, is another now. */
  readonly onChange?: () => void;
}

interface OpenCase {
  readonly folder: string;
  readonly reader: ReaderLink;
  summary: CaseSummary;
  /** Answers that hold for a revision of the case. */
  readonly known: Map<string, { readonly revision: number; readonly value: unknown }>;
}

/** The state of the one open case, and the processes that serve it. Expected failures are thrown as `FailureError`. */
export class Engine {
  readonly recent: RecentCases;
  readonly #options: EngineOptions;
  readonly #policy: PolicyLink;
  #open: OpenCase | null = null;
  #respond: RespondLink | null = null;
  #reverification: Reverification | null = null;
  /** Aborts the running import; null while there is none. */
  #importing: AbortController | null = null;
  /** Settled once no import runs any more. */
  #importEnd: Promise<unknown> = Promise.resolve();

  #isDisposed = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.recent = new RecentCases(options.folders.config);
    this.#policy = new PolicyLink(options.launcher, options.log);
  }

  /** The process that acts on providers, with the vault that it asks for secrets. */
  respond(secrets: SecretVault): RespondLink {
    const { launcher, log } = this.#options;
    this.#respond ??= new RespondLink(launcher, this.#configFolder(), secrets, log);
    if (this.#isDisposed) this.#respond.close();
    return this.#respond;
  }

  /** Looks at runs again when their times have come, for as long as this engine lives. */
  reverification(verify: (run: string, round: string) => Promise<void>): Reverification {
    this.#reverification ??= new Reverification(verify);
    return this.#reverification;
  }

  get folders(): AppFolders {
    return this.#options.folders;
  }

  /** The open case's folder; null while none is open. */
  get folder(): string | null {
    return this.#open?.folder ?? null;
  }

  /** Differs once the case is another, or what is in it; null while none is open. */
  get state(): string | null {
    return this.#open === null ? null : `${this.#open.summary.revision} ${this.#open.folder}`;
  }

  /** Throws kind `no-case` while none is open. */
  get #opened(): OpenCase {
    if (this.#open === null) throw noCase();
    return this.#open;
  }

  /** The open case as it is now; null while none is open. */
  async current(): Promise<CaseSummary | null> {
    const open = this.#open;
    if (open === null) return null;
    const result = await open.reader.refresh();
    if (result.ok) open.summary = result.value;
    return open.summary;
  }

  /** Opens a case; an older one is migrated first. The case that was open before is closed. */
  async openCase(folder: string): Promise<CaseSummary> {
    this.#refuseWhileImporting();
    const path = resolve(folder);
    const reader = new ReaderLink(this.#options.launcher, path, this.#options.log);
    try {
      let opened = await reader.open();
      if (!opened.ok && needsMigration(opened.error)) {
        await this.#migrate(path);
        opened = await reader.open();
      }
      const summary = valueOf(opened);
      this.#adopt({ folder: path, reader, summary, known: new Map() });
      return summary;
    } catch (thrown) {
      reader.close();
      throw thrown;
    }
  }

  /** Makes a case in a folder that is empty or not there yet, and opens it. */
  async createCase(folder: string, name: string): Promise<CaseSummary> {
    this.#refuseWhileImporting();
    const path = resolve(folder);
    const { launcher } = this.#options;
    await withWriter(launcher, async (writer) =>
      valueOf(await writer.call('create', { folder: path, name, configFolder: this.#configFolder() })),
    );
    return this.openCase(path);
  }

  closeCase(): void {
    this.#importing?.abort();
    this.#open?.reader.close();
    this.#open = null;
    this.#options.onChange?.();
  }

  /** Asks the reader. A cancelled question comes back at once, also from a query that cannot be interrupted. */
  async read<K extends ReadName>(name: K, input: ReadInput<K>, options: CallOptions): Promise<ReadOutput<K>> {
    return valueOf(await this.#opened.reader.call(name, input as never, options)) as ReadOutput<K>;
  }

  /** Asks the policy process, with the user's own programs as they are configured. */
  policy<K extends keyof PolicyService>(
    method: K,
    input: Omit<Parameters<PolicyService[K]>[0], 'settings'>,
    options: PolicyCallOptions,
  ): Promise<Awaited<ReturnType<PolicyService[K]>>> {
    const settings = externalPrograms(this.folders.config);
    return this.#policy.call(method, { ...input, settings } as never, options);
  }

  /**
   * A bundle of the open case, with what the policy process needs to read it back; or the policies of a system as
   * they stood at a moment (`aws-iam@2026-05-01T10:00:00Z`).
   */
  async keptBundle(id: string, signal: AbortSignal): Promise<KeptBundle> {
    const moment = momentOf(id);
    if (moment === null) return this.#storedBundle(id, signal);
    if (parseInstant(moment.time) === null) {
      throw new FailureError('invalid-input', `“${moment.time}” is no time. Write it as RFC 3339.`);
    }
    const found = await this.policyAt(moment.system, moment.time, null, signal);
    if (found !== null) return found.kept;
    throw new FailureError('not-found', `The case has no bundle of “${moment.system}”.`);
  }

  /** The policies as they stood at a moment; null where the case has no bundle of the system. */
  policyAt(
    system: string,
    time: string,
    event: string | null,
    signal: AbortSignal,
    revisions: readonly string[] = [],
  ): Promise<PolicyAt | null> {
    return policyAt(this.policySources(signal), system, time, event, revisions);
  }

  /** What is asked of the open case and of the policy process to tell policies of other times. */
  policySources(signal: AbortSignal): AgreementSources {
    return {
      bundles: () => this.read('bundles.list', {}, { signal }),
      stored: (id) => this.#storedBundle(id, signal),
      changes: (name) => this.policyChanges(name, signal),
      policy: (method, asked, options) => this.policy(method, asked, options),
      groups: (asked, options) => this.eventGroups(asked, options),
    };
  }

  /** The logged calls that changed policies of a system, read once for a state of the case. */
  policyChanges(system: string, signal: AbortSignal): Promise<LoggedChanges | null> {
    return this.#once(`changes ${system}`, async ({ reader }) =>
      valueOf(await reader.call('policyChanges', { system }, { signal })),
    );
  }

  #storedBundle(id: string, signal: AbortSignal): Promise<KeptBundle> {
    return this.#once(`bundle ${id}`, async ({ reader, folder }) => {
      const bundle = valueOf(await reader.call('bundles.get', { id }, { signal }));
      const files = valueOf(await reader.call('bundleFiles', { id }, { signal }));
      return { bundle, files, folder: caseFolder(folder).bundles };
    });
  }

  /** What is asked once for a state of the case. */
  async #once<T>(what: string, ask: (open: OpenCase) => Promise<T>): Promise<T> {
    const open = this.#opened;
    const { revision } = open.summary;
    const known = open.known.get(what);
    if (known?.revision === revision) return known.value as T;
    const value = await ask(open);
    open.known.set(what, { revision, value });
    return value;
  }

  /** An event of the open case with the vendor's own record. */
  async nativeEvent(id: string, signal: AbortSignal): Promise<{ event: AccessEvent; record: string }> {
    return valueOf(await this.#opened.reader.call('nativeEvent', { id }, { signal }));
  }

  /** The time that is asked for, or the end of the evidence; null where there is none. */
  async referenceTime(asOf: string | null, signal: AbortSignal): Promise<string | null> {
    return valueOf(await this.#opened.reader.call('referenceTime', { asOf }, { signal }));
  }

  /** What was done to what by these subjects (null: by everybody), and what the logs reach. */
  async accessUses(
    asOf: string | null,
    subjects: readonly string[] | null,
    signal: AbortSignal,
  ): Promise<ReturnType<ReaderService['accessUses']>> {
    return valueOf(await this.#opened.reader.call('accessUses', { asOf, subjects }, { signal }));
  }

  /** What is wrong with identities and credentials by themselves, at the end of the evidence. */
  async identityFindings(signal: AbortSignal): Promise<readonly Finding[]> {
    const input = { asOf: null, dormantAfterDays: 90 };
    return valueOf(await this.#opened.reader.call('identityFindings', input, { signal }));
  }

  /** What everybody did on which day, and was first seen with. */
  async behaviourFacts(asOf: string | null, signal: AbortSignal): Promise<BehaviourFacts> {
    return valueOf(await this.#opened.reader.call('behaviourFacts', { asOf }, { signal }));
  }

  /** Groups of events that a policy cannot tell apart; items are arrays of them. */
  async eventGroups(
    input: Parameters<ReaderService['eventGroups']>[0],
    options: CallOptions,
  ): Promise<unknown> {
    return valueOf(await this.#opened.reader.call('eventGroups', input, options));
  }

  /** Adds a bundle to the open case. */
  async addBundle(request: BundleRequest, signal: AbortSignal): Promise<CaseBundle> {
    const open = this.#opened;
    this.#refuseWhileImporting();
    const added = await this.#addBundle(open.folder, null, request, signal);
    await this.#refresh(open);
    return added;
  }

  /** Enters an edited bundle of the open case as a new one. */
  async addEditedBundle(request: EditedRequest, signal: AbortSignal): Promise<CaseBundle> {
    const open = this.#opened;
    this.#refuseWhileImporting();
    const settings = externalPrograms(this.folders.config);
    const target = { folder: open.folder, configFolder: this.#configFolder() };
    const { launcher } = this.#options;
    const added = await runEditedBundleJob(launcher, this.#policy, settings, target, request, signal);
    await this.#refresh(open);
    return added;
  }

  /** Keeps an analyst's decision in the open case. */
  async decide(who: string, why: string, data: DecisionData): Promise<Decision> {
    const open = this.#opened;
    this.#refuseWhileImporting();
    const taken = await withWriter(this.#options.launcher, async (writer) => {
      valueOf(await writer.call('open', { folder: open.folder, configFolder: this.#configFolder() }));
      return valueOf(await writer.call('decide', { who, why, data }));
    });
    await this.#refresh(open);
    return taken;
  }

  /** Adds a bundle to the case at a folder, which is made where there is none. */
  addBundleInto(
    folder: string,
    name: string,
    request: BundleRequest,
    signal: AbortSignal,
  ): Promise<CaseBundle> {
    const path = resolve(folder);
    const isNew = !existsSync(caseFolder(path).manifest);
    return this.#addBundle(path, isNew ? name : null, request, signal);
  }

  #addBundle(
    folder: string,
    createAs: string | null,
    request: BundleRequest,
    signal: AbortSignal,
  ): Promise<CaseBundle> {
    const settings = externalPrograms(this.folders.config);
    const target = { folder, configFolder: this.#configFolder(), createAs };
    return runBundleJob(this.#options.launcher, this.#policy, settings, target, request, signal);
  }

  /** Imports into the open case. One import at a time. */
  async importFiles(request: ImportRequest, context: ImportContext): Promise<IngestReport> {
    const open = this.#opened;
    return this.#import(open.folder, null, request, context, open);
  }

  /** Imports into the case at a folder, which is made where there is none, without opening it for reading. */
  async importInto(
    folder: string,
    name: string,
    request: ImportRequest,
    context: ImportContext,
  ): Promise<IngestReport> {
    const path = resolve(folder);
    const isNew = !existsSync(caseFolder(path).manifest);
    return this.#import(path, isNew ? name : null, request, context, null);
  }

  /** What would be interrupted if everything ended now; null where nothing would. */
  get work(): 'import' | 'response' | null {
    if (this.#respond?.isActing === true) return 'response';
    return this.#importing === null ? null : 'import';
  }

  /**
   * Ends every process in order: a running import is cancelled and finishes its last commit first, and an action at
   * a provider is finished and journalled.
   */
  async close(): Promise<void> {
    this.#importing?.abort();
    await Promise.all([this.#importEnd, this.#respond?.finish()]);
    this.dispose();
  }

  /** Ends every process at once. Work under way is lost beyond its last commit; the case is consistent. */
  dispose(): void {
    this.#isDisposed = true;
    this.#policy.close();
    this.#importing?.abort();
    this.#open?.reader.close();
    this.#reverification?.stop();
    this.#respond?.close();
    this.#open = null;
  }

  async #import(
    folder: string,
    createAs: string | null,
    request: ImportRequest,
    { signal, onProgress }: ImportContext,
    open: OpenCase | null,
  ): Promise<IngestReport> {
    this.#refuseWhileImporting();
    const running = new AbortController();
    this.#importing = running;
    const pace = new RefreshPace();
    const target = { folder, configFolder: this.#configFolder(), createAs };
    const context: ImportContext = {
      signal: AbortSignal.any([signal, running.signal]),
      onProgress: (progress) => {
        onProgress(progress);
        if (open !== null && pace.isDue(progress.events)) void this.#refresh(open);
      },
    };
    try {
      const job = runImportJob(this.#options.launcher, this.#options.log, target, request, context);
      this.#importEnd = job.catch(() => undefined);
      return await job;
    } finally {
      this.#importing = null;
      if (open !== null) await this.#refresh(open);
    }
  }

  async #refresh(open: OpenCase): Promise<void> {
    if (this.#open !== open || !open.reader.isRunning) return;
    const { revision } = open.summary;
    const result = await open.reader.refresh();
    if (!result.ok || this.#open !== open) return;
    open.summary = result.value;
    if (result.value.revision !== revision) this.#options.onChange?.();
  }

  #adopt(open: OpenCase): void {
    this.#open?.reader.close();
    this.#open = open;
    this.recent.remember(open.summary, new Date());
    this.#options.onChange?.();
  }

  #migrate(folder: string): Promise<CaseSummary> {
    return withWriter(this.#options.launcher, async (writer) =>
      valueOf(await writer.call('open', { folder, configFolder: this.#configFolder() })),
    );
  }

  #configFolder(): string {
    return ensureFolder(this.#options.folders.config);
  }

  #refuseWhileImporting(): void {
    if (this.#importing === null) return;
    throw new FailureError('case-busy', 'An import is running. Wait until it has finished, or cancel it.');
  }
}

function noCase(): FailureError {
  return new FailureError('no-case', 'No case is open. Create one or open one first.');
}

function needsMigration({ details }: Failure): boolean {
  return details?.['migration'] === true;
}
