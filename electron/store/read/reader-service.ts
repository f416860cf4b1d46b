import { setImmediate } from 'node:timers/promises';
import type { ReaderService } from '#electron/platform/services.ts';
import type { MethodContext } from '#electron/platform/rpc.ts';
import type { Duties } from '#shared/domain/decision.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import { dutiesOf, matrixOf } from '#shared/analysis/ownership/matrix.ts';
import type { ParsedInputOf } from '#shared/ipc/contract.ts';
import type { Facet, Overview } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import { storeFailure } from '../failures.ts';
import { bundleFiles, findBundle, listBundles } from './bundles.ts';
import { CaseReader, firstPage } from './case-reader.ts';
import { valuesHolding } from './complete-values.ts';
import { emitEventGroups } from './event-groups.ts';
import { listEvidence, rejectedRecords } from './evidence-views.ts';
import { findings } from './findings.ts';
import { findInIdentities } from './identity-findings.ts';
import { behaviourFacts } from './behaviour-facts.ts';
import { accessUses } from './access-uses.ts';
import { everyIdentity, listIdentities, referenceTime, reviewIdentities } from './identity-list.ts';
import { type Steps, inSteps, stopIfAborted } from './in-steps.ts';
import { lineageOf } from './lineage.ts';
import { policyChanges } from './policy-changes.ts';
import { mostNewest } from './newest-page.ts';
import { overview } from './overview.ts';
import type { Filter, QueryEngine } from './query-engine.ts';
import type { FormatByName } from './records.ts';
import { relatedRows } from './related.ts';
import { prepareSql } from './sql-run.ts';
import { sqlTables } from './sql-tables.ts';
import { verifyInput } from './verify-input.ts';
import { RowsFirst } from './rows-first.ts';
import { WarmUp } from './warm-up.ts';
import { verifyCase } from './verify.ts';

const eventsInGroup = 200;
const rowsInGroup = 500;

/** Milliseconds without a question before anything is loaded ahead; what every view needs comes at once at first. */
const idleAfterOpening = 200;
const idleAfterChange = 5_000;

/** The reader's methods, for one case at a time. It never writes. */
export function createReaderService(formatByName: FormatByName): ReaderService {
  let open: CaseReader | null = null;
  const warmUp = new WarmUp();
  const rowsFirst = new RowsFirst();
  const theCase = (): CaseReader => {
    if (open === null) throw new FailureError('no-case', 'No case is open. Create one or open one first.');
    return open;
  };
  /** Errors of SQLite and the file system leave as failures with advice. */
  const advised =
    <Input, Output>(method: (reader: CaseReader, input: Input, context: MethodContext) => Output) =>
    (input: Input, context: MethodContext): Output => {
      const reader = theCase();
      warmUp.asked();
      try {
        const answer = method(reader, input, context);
        if (!(answer instanceof Promise)) return answer;
        warmUp.waitFor(answer);
        return answer.catch((thrown: unknown) => {
          throw storeFailure(thrown, reader.paths.root);
        }) as Output;
      } catch (thrown) {
        throw storeFailure(thrown, reader.paths.root);
      }
    };

  /** A question about the events that match a query, which are those of one commit whatever comes in between. */
  const asked = <Input extends Filter, Output>(answer: (engine: QueryEngine, input: Input) => Output) =>
    advised(async (reader, input: Input, { signal }) => {
      if (!reader.isLoaded) await rowsFirst.over(reader.source.count);
      return inSteps(answered(reader, input, answer), signal);
    });

  return {
    open({ folder }) {
      warmUp.stop();
      open?.close();
      open = null;
      try {
        const reader = new CaseReader(folder, formatByName);
        open = reader;
        const summary = reader.refresh();
        warmUp.start(() => openingSteps(reader), 0, idleAfterOpening);
        return summary;
      } catch (thrown) {
        throw storeFailure(thrown, folder);
      }
    },
    refresh: () => {
      const reader = theCase();
      try {
        const summary = reader.refresh();
        // While an import commits again and again, nothing is loaded for the moment in between.
        if (!reader.isLoaded) warmUp.start(() => reader.loadEngine(), idleAfterChange, idleAfterChange);
        return summary;
      } catch (thrown) {
        throw storeFailure(thrown, reader.paths.root);
      }
    },
    'evidence.list': advised((reader) => listEvidence(reader.db)),
    'evidence.rejected': advised((reader, input) => rejectedRecords(reader.db, input)),
    'evidence.custody': advised((reader, { offset, limit }) => reader.custody(offset, limit)),
    'evidence.verify': advised((reader, _, context) => verifyCase(verifyInput(reader), context)),
    'events.page': advised((reader, input, { signal }) =>
      asksNewest(input) && !reader.isLoaded
        ? rowsFirst.answer(() => reader.newest(input.offset, input.limit))
        : inSteps(
            answered(reader, input, (engine) => engine.page(input)),
            signal,
          ),
    ),
    'events.count': asked((engine, input) => engine.count(input)),
    'events.histogram': asked((engine, input) => engine.histogram(input)),
    'events.facets': advised(async (reader, input, { signal }) => {
      if (!reader.isLoaded) await rowsFirst.over(reader.source.count);
      return inSteps(facetsOf(reader, input), signal);
    }),
    'events.get': advised((reader, { id }) => reader.records.event(reader.table, reader.rowOf(id))),
    'events.raw': advised((reader, { id }) => reader.records.raw(reader.table, reader.rowOf(id))),
    'events.related': advised((reader, { id, by, limit }) =>
      relatedRows(reader.table, reader.rowOf(id), by, limit),
    ),
    'events.stream': advised(async (reader, { sort, limit, ...filter }, { emit, signal, drained }) => {
      const { engine, matches } = await inSteps(
        answered(reader, filter, (loaded) => ({ engine: loaded, matches: loaded.matches(filter) })),
        signal,
      );
      const { records } = reader;
      const { table } = engine;
      const total = Math.min(limit ?? matches.count, matches.count);
      for (let at = 0; at < total; at += eventsInGroup) {
        stopIfAborted(signal);
        const rows = engine.rows(matches, sort, at, Math.min(eventsInGroup, total - at));
        emit(rows.map((row): AccessEvent => records.event(table, row)));
        await setImmediate();
        await drained?.();
      }
      return { total };
    }),
    'bundles.list': advised((reader) => listBundles(reader.db)),
    'bundles.get': advised((reader, { id }) => findBundle(reader.db, id)),
    bundleFiles: advised((reader, { id }) => bundleFiles(reader.db, id)),
    referenceTime: advised((reader, { asOf }) => referenceTime(reader, asOf)?.text ?? null),
    accessUses: advised((reader, { asOf, subjects }) => {
      const time = referenceTime(reader, asOf);
      return time === null
        ? { asOf: null, uses: [], reaches: [] }
        : { asOf: time.text, ...accessUses(reader.table, time.micros, subjects) };
    }),
    behaviourFacts: advised((reader, { asOf }) => {
      const time = referenceTime(reader, asOf);
      return time === null
        ? { asOf: null, subjects: [], features: [], days: [], turns: [], logs: [] }
        : behaviourFacts(reader.table, time);
    }),
    nativeEvent: advised((reader, { id }) => {
      const row = reader.rowOf(id);
      const { records, table } = reader;
      return {
        event: records.event(table, row),
        record: JSON.stringify(records.native(table, row)?.record ?? {}),
      };
    }),
    policyChanges: advised((reader, { system }) => policyChanges(reader, system)),
    eventGroups: advised(emitEventGroups),
    'query.values': advised((reader, { field, prefix, limit }) =>
      valuesHolding(field, prefix, limit, reader.table),
    ),
    'overview.get': advised((reader, { from, to }, { signal }) =>
      inSteps(overviewOf(reader, { query: '', from, to }), signal),
    ),
    'directories.list': advised((reader) => reader.directories.map(({ snapshot }) => snapshot)),
    'identities.list': advised((reader, input) => listIdentities(reader, input)),
    identityFindings: advised((reader, input) => findInIdentities(reader, input)),
    'identities.review': advised((reader, input) => reviewIdentities(reader, input)),
    'identities.decisions': advised((reader) => reader.decisions),
    'ownership.list': advised((reader) => matrixOf(reader.decisions)),
    'ownership.of': advised((reader, { policy, identity }) => ownersOf(reader, policy, identity)),
    'findings.run': advised((reader, input, context) => findings(input, reader, formatByName, context)),
    'lineage.get': advised((reader, input) => lineageOf(reader, input, formatByName)),
    'sql.run': advised(async (reader, { text }, { emit, signal, drained }) => {
      const { table, records, db } = reader;
      const tables = sqlTables(
        {
          table,
          evidence: () => listEvidence(db),
          bundles: () => listBundles(db),
          event: (row) => records.event(table, row),
        },
        text,
      );
      const answer = prepareSql(text, tables);
      let rows = 0;
      try {
        let group: Readonly<Record<string, unknown>>[] = [];
        for (const row of answer.rows()) {
          group.push(row);
          rows++;
          if (group.length < rowsInGroup) continue;
          emit(group);
          group = [];
          await setImmediate();
          await drained?.();
          stopIfAborted(signal);
        }
        if (group.length > 0) emit(group);
      } finally {
        answer.close();
      }
      return { columns: answer.columns, rows };
    }),
  };
}

/** Whether these are the rows that the console begins with. */
function asksNewest({ query, from, to, sort, offset, limit }: ParsedInputOf<'events.page'>): boolean {
  return query === '' && from === null && to === null && sort === '-time' && offset + limit <= mostNewest;
}

/** The page that is shown first comes before all that it can be shown without. */
function* openingSteps(reader: CaseReader): Steps<QueryEngine> {
  reader.newest(0, firstPage);
  yield;
  return yield* reader.loadEngine();
}

function* overviewOf(reader: CaseReader, filter: Filter): Steps<Overview> {
  const engine = yield* reader.loadEngine();
  return yield* overview(engine.matches(filter), engine.table);
}

function* answered<Input extends Filter, Output>(
  reader: CaseReader,
  input: Input,
  answer: (engine: QueryEngine, input: Input) => Output,
): Steps<Output> {
  return answer(yield* loadedFor(reader, input), input);
}

function* facetsOf(reader: CaseReader, input: ParsedInputOf<'events.facets'>): Steps<Facet[]> {
  const engine = yield* loadedFor(reader, input);
  return yield* engine.facets(input);
}

function* loadedFor(reader: CaseReader, filter: Filter): Steps<QueryEngine> {
  const engine = yield* reader.loadEngine();
  yield* engine.loading(filter);
  return engine;
}

function ownersOf(reader: CaseReader, policy: string | null, identity: string | null): Duties {
  const rows = matrixOf(reader.decisions);
  if (policy !== null) return dutiesOf(rows, { about: 'policy', path: policy });
  const ids =
    identity === null
      ? []
      : listIdentities(reader, { ...everyIdentity, id: identity }).rows.flatMap((found) => found.ids);
  return dutiesOf(rows, { about: 'identity', ids: identity === null ? [] : [identity, ...ids] });
}
