import { existsSync } from 'node:fs';
import { readCustody } from '#electron/custody/read.ts';
import { type CaseFolder, type CaseManifest, caseFolder } from '#electron/platform/case-folder.ts';
import type { Decision } from '#shared/domain/decision.ts';
import type { CaseSummary, CustodyView, EventPage } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ReadableDb, openReadable } from '../connection.ts';
import { readManifest } from '../manifest.ts';
import { refuseNewer, schemaVersion, versionOf } from '../migrations/migrate.ts';
import { caseSummary } from '../summary.ts';
import { ColumnTable } from './column-table.ts';
import type { BundleEvidence } from '#shared/analysis/identities/sources.ts';
import { bundleIdentities, bundlesWithIdentities } from './bundles.ts';
import { type LoadedSnapshot, loadDirectories } from './directories.ts';
import { contentOf, listDecisions } from './decisions.ts';
import type { EventTable } from './event-table.ts';
import { type Steps, atOnce } from './in-steps.ts';
import { QueryEngine } from './query-engine.ts';
import { RollUps } from './roll-ups.ts';
import { type FormatByName, Records } from './records.ts';
import { newestPage } from './newest-page.ts';
import { SegmentSource } from './segment-source.ts';

/** Rows of the page that the Events view begins with. */
export const firstPage = 200;

/** A case that is open for reading. What it knows of the events is as of one commit, until `refresh`. */
export class CaseReader {
  readonly db: ReadableDb;
  readonly records: Records;
  readonly paths: CaseFolder;
  readonly #manifest: CaseManifest;
  #revision = -1;
  #source: SegmentSource | null = null;
  #newest: EventPage | null = null;
  #loading: Steps<ColumnTable> | null = null;
  #engine: QueryEngine | null = null;
  #rollUps: RollUps | null = null;
  #directories: readonly LoadedSnapshot[] | null = null;
  #decisions: readonly Decision[] | null = null;
  #bundles: { readonly count: number; readonly found: readonly BundleEvidence[] } | null = null;
  #content = '';

  /** Throws kinds `not-found`, `case-newer`, `unusable`. */
  constructor(folder: string, formatByName: FormatByName) {
    this.paths = caseFolder(folder);
    const manifest = readManifest(folder);
    if (manifest === null || !existsSync(this.paths.database)) {
      throw new FailureError('not-found', `${folder} is not a case: it has no case.json and case.db.`);
    }
    refuseNewer(manifest.schemaVersion, folder);
    this.#manifest = manifest;
    this.db = openReadable(this.paths.database);
    try {
      refuseNewer(versionOf(this.db), folder);
      if (versionOf(this.db) < schemaVersion) {
        throw new FailureError(
          'unusable',
          `${folder} was written by an older Rescind and has to be migrated: open it once for writing.`,
          { migration: true },
        );
      }
      this.records = new Records(this.db, this.paths.evidence, formatByName);
    } catch (thrown) {
      this.db.close();
      throw thrown;
    }
  }

  close(): void {
    this.records.close();
    this.db.close();
  }

  /** What exports of directories tell, loaded when it is first asked for. */
  get directories(): readonly LoadedSnapshot[] {
    return (this.#directories ??= loadDirectories(this.db));
  }

  /** Who appears in bundles, loaded when it is first asked for and when there are more. */
  get bundles(): readonly BundleEvidence[] {
    const count = bundlesWithIdentities(this.db);
    if (this.#bundles?.count !== count) this.#bundles = { count, found: bundleIdentities(this.db) };
    return this.#bundles.found;
  }

  /** What analysts decided, in its order. */
  get decisions(): readonly Decision[] {
    return (this.#decisions ??= listDecisions(this.db));
  }

  /** Grows with every change of the case. */
  get revision(): number {
    return this.#revision;
  }

  /** A page of the newest events, newest first, which need not be loaded for it. */
  newest(offset: number, limit: number): EventPage {
    const wanted = Math.max(firstPage, offset + limit);
    if (this.#newest === null || this.#newest.rows.length < Math.min(wanted, this.#newest.total)) {
      this.#newest = newestPage(this.source, 0, wanted);
    }
    const { total, rows } = this.#newest;
    return { total, offset, rows: rows.slice(offset, offset + limit) };
  }

  /** Whether events are loaded that are still those of the case. */
  get isLoaded(): boolean {
    return this.#engine !== null;
  }

  /** The events, loaded when they are first asked for. */
  get engine(): QueryEngine {
    return atOnce(this.loadEngine());
  }

  /** The same step by step. Whoever waits for it takes the next step of the one loading. */
  *loadEngine(): Steps<QueryEngine> {
    while (this.#engine === null) {
      this.#loading ??= ColumnTable.load(this.source);
      const table = this.#nextStep(this.#loading);
      if (table === null) yield;
      else this.#engine = new QueryEngine(table, this.records.confirmIn(table));
    }
    return this.#engine;
  }

  #nextStep(loading: Steps<ColumnTable>): ColumnTable | null {
    try {
      const { done, value } = loading.next();
      if (done !== true) return null;
      this.#loading = null;
      return value;
    } catch (thrown) {
      this.#loading = null;
      throw thrown;
    }
  }

  /** The columns in the database, as of one commit. */
  get source(): SegmentSource {
    return (this.#source ??= new SegmentSource(this.db));
  }

  /** What the events come to, loaded when it is first asked for. */
  get rollUps(): RollUps {
    return (this.#rollUps ??= RollUps.load(this.db));
  }

  get table(): EventTable {
    return this.engine.table;
  }

  /** Sums up the case as it is now; where it has changed, what was loaded is dropped. */
  refresh(): CaseSummary {
    const summary = caseSummary(this.db, this.#manifest, this.paths.root);
    if (summary.revision !== this.#revision) {
      this.#decisions = null;
      const content = contentOf(this.db);
      // Loading takes long, and a decision leaves the evidence as it was.
      if (content !== this.#content) {
        this.#source = null;
        this.#newest = null;
        this.#loading = null;
        this.#engine = null;
        this.#rollUps = null;
        this.#directories = null;
        this.#content = content;
      }
    }
    this.#revision = summary.revision;
    return summary;
  }

  custody(offset: number, limit: number): CustodyView {
    return readCustody(this.paths.journal, offset, limit);
  }

  /** The row of an event id. Throws kind `not-found`. */
  rowOf(id: string): number {
    const rows = /^[0-9a-f]{32}$/i.test(id)
      ? this.engine.rows(this.engine.matches({ query: `id:${id}`, from: null, to: null }), 'time', 0, 1)
      : [];
    const [row] = rows;
    if (row === undefined) throw new FailureError('not-found', `The case has no event ${id}.`, { id });
    return row;
  }
}
