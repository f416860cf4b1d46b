import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { KeptBundle, PolicyService, PolicySettings } from '#electron/platform/services.ts';
import type { BundleIdentity, NewBundle } from '#shared/domain/bundle.ts';
import type { AccessPath } from '#shared/domain/access-path.ts';
import type { SystemProposal } from '#shared/domain/proposal.ts';
import type { CouldReach } from '#shared/domain/reach.ts';
import type { PermissionChange } from '#shared/domain/drift.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import { type JsonObject, isObject } from '#shared/domain/json.ts';
import type { BundleProblem, BundleSource, PolicyText, WhoAnswer } from '#shared/domain/policy-system.ts';
import type { JudgedGroup } from '#shared/domain/replay.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import type { EvaluateReport, ExpectReport, PolicyBundle } from '#shared/ipc/views.ts';
import type { PolicyTestResult } from '#shared/policy-tests/policy-test.ts';
import { FailureError } from '#shared/util/result.ts';
import { type PolicyEdit, withEdit } from '#shared/what-if/edit.ts';
import { keepBundle, readKept } from './bundle/kept.ts';
import { type ReadBundle, readBundle } from './bundle/read.ts';
import { runEvaluation } from './evaluation-run.ts';
import { threadLimits } from './limits.ts';
import { lineBlocks } from './line-blocks.ts';
import { findPrograms, runProgram } from './programs.ts';
import { Resident } from './resident.ts';
import { nothingYet } from './thread/desk.ts';
import type { BundleChoice, Job, ReadableBundle, Tally } from './thread/protocol.ts';
import { SupervisedThread, type ThreadServices, attemptOnce } from './thread/supervised.ts';

/** Path that stands for the standard input. */
const standardInput = '-';
/** Bytes of a context or of a file of policy tests. */
const largestDocument = 64 * 2 ** 20;

export function createPolicyService(): PolicyService {
  const household = new Household();
  return {
    async evaluate({ bundle, batch, requests, settings }, context) {
      const { services, notes } = await household.of(settings);
      const base = batch === null ? null : dirname(resolve(batch));
      const located = { ...services, read: (what: ReadableBundle) => readFrom(what, base) };
      const choice = bundle === null ? null : choiceOf(bundle);
      const { signal } = context;
      const input = await open(batch ?? requests ?? standardInput);
      const first = new SupervisedThread(located, threadLimits);
      // What is wrong with the one bundle is said before anything is evaluated.
      const described = choice === null ? null : await describe(choice, first, signal);
      const total = { ...nothingYet };
      await runEvaluation(lineBlocks(input), {
        bundle: choice,
        signal,
        services: located,
        first,
        emit: async (text, tally) => {
          addTo(total, tally);
          context.emit(text);
          await context.drained?.();
        },
      });
      return { ...total, bundle: described, notes } satisfies EvaluateReport;
    },

    async expect({ bundle, path, settings }, { signal, emit }) {
      const { resident } = await household.of(settings);
      const text = await readText(path);
      const job: Job = { kind: 'expect', bundle: choiceOf(bundle), path, text };
      return (await resident.run(job, signal, emit)) as ExpectReport;
    },

    async who({ bundle, action, resource, context: contextPath, settings }, { signal, emit }) {
      const { resident } = await household.of(settings);
      const keys = contextPath === null ? {} : await readContext(contextPath);
      let answers = 0;
      const job: Job = { kind: 'who', bundle: choiceOf(bundle), action, resource, context: keys };
      await resident.run(job, signal, (text, tally) => {
        answers += tally.answers;
        emit(text);
      });
      return { answers };
    },

    async describe({ path, system, verificationKey, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const { source, problems } = await readBundle(path);
      const key = await keyOf(verificationKey);
      return describeSource({ source, problems, system, key }, resident, signal);
    },

    async keep({ path, system, verificationKey, folder, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const { source, problems } = await readBundle(path);
      const key = await keyOf(verificationKey);
      return keepSource({ source, problems, system, key }, folder, resident, signal);
    },

    async keepEdited({ kept, edits, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const source = await editedSource(kept, edits, resident, signal);
      const read = { source, problems: [], system: kept.bundle.system, key: null };
      return keepSource(read, kept.folder, resident, signal);
    },

    async problems({ kept, edits, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const job: Job = { kind: 'describe', bundle: await editedChoice(kept, edits, resident, signal) };
      return ((await resident.run(job, signal)) as PolicyBundle).problems;
    },

    async edited({ kept, edits, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const source = await editedSource(kept, edits, resident, signal);
      const changed = new Set(edits.map(({ path }) => path));
      const files = source.kind === 'files' ? source.files : [];
      return files.flatMap(({ path, text }) => (changed.has(path) && text !== null ? [{ path, text }] : []));
    },

    async describeKept({ kept, settings }, { signal }) {
      const { resident } = await household.of(settings);
      return (await resident.run(
        { kind: 'describe', bundle: { kind: 'kept', kept } },
        signal,
      )) as PolicyBundle;
    },

    async texts({ kept, whole = false, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const job: Job = { kind: 'texts', bundle: { kind: 'kept', kept }, whole };
      return (await resident.run(job, signal)) as PolicyText[];
    },

    async ask({ kept, edits, request, knowledge, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const job: Job = {
        kind: 'ask',
        bundle: await editedChoice(kept, edits, resident, signal),
        request,
        knowledge,
      };
      return (await resident.run(job, signal)) as DecisionTrace;
    },

    async check({ kept, edits, tests, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const bundle = await editedChoice(kept, edits, resident, signal);
      return linesOf<PolicyTestResult>(
        resident,
        { kind: 'expect', bundle, path: 'tests', text: tests },
        signal,
      );
    },

    async whoCan({ kept, edits, action, resource, context, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const bundle = await editedChoice(kept, edits, resident, signal);
      const keys = context as JsonObject;
      return linesOf<WhoAnswer>(resident, { kind: 'who', bundle, action, resource, context: keys }, signal);
    },

    async explain({ kept, settings, ...question }, { signal }) {
      const { resident } = await household.of(settings);
      const job: Job = { kind: 'explain', bundle: { kind: 'kept', kept }, ...question };
      return (await resident.run(job, signal)) as DecisionTrace;
    },

    async entitlements({ kept, subject, settings }, { signal }) {
      const { resident } = await household.of(settings);
      const job: Job = { kind: 'entitlements', bundle: { kind: 'kept', kept }, subject };
      return (await resident.run(job, signal)) as Entitlement[];
    },

    async paths({ kept, subject, at, settings }, { signal }) {
      const { analyses } = await household.of(settings);
      const job: Job = { kind: 'paths', bundle: { kind: 'kept', kept }, subject, at };
      return (await analyses.run(job, signal)) as AccessPath[];
    },

    async reach({ kept, subject, at, settings }, { signal }) {
      const { analyses } = await household.of(settings);
      const job: Job = { kind: 'reach', bundle: { kind: 'kept', kept }, subject, at };
      return (await analyses.run(job, signal)) as CouldReach;
    },

    async propose({ kept, subject, observed, margin, reach, settings }, { signal }) {
      const { analyses } = await household.of(settings);
      const job: Job = { kind: 'propose', bundle: { kind: 'kept', kept }, subject, observed, margin, reach };
      return (await analyses.run(job, signal)) as SystemProposal | null;
    },

    async list({ bundle, what, subject, at, settings }, { signal, emit }) {
      const { analyses } = await household.of(settings);
      const choice = choiceOf(bundle);
      const job: Job =
        what === 'paths'
          ? { kind: 'paths', bundle: choice, subject, at }
          : { kind: 'entitlements', bundle: choice, subject };
      const rows = (await analyses.run(job, signal)) as readonly unknown[];
      for (const row of rows) emit(`${JSON.stringify(row)}\n`);
      return { answers: rows.length };
    },

    async drift({ from, to, settings }, { signal }) {
      const { analyses } = await household.of(settings);
      const job: Job = {
        kind: 'drift',
        bundle: 'bundle' in from ? { kind: 'kept', kept: from } : choiceOf(from),
        to: { kind: 'kept', kept: to },
      };
      return (await analyses.run(job, signal)) as PermissionChange[];
    },

    async judgeEpochs({ settings, ...asked }, { signal }) {
      const { analyses } = await household.of(settings);
      const bundle: BundleChoice = { kind: 'kept', kept: asked.window.kept };
      return (await analyses.run({ kind: 'judge-epochs', bundle, ...asked }, signal)) as JudgedGroup[];
    },

    async judge({ kept, against, groups, settings }, { signal }) {
      const { analyses } = await household.of(settings);
      const other: BundleChoice | null = against === null ? null : { kind: 'kept', kept: against };
      const job: Job = { kind: 'judge', bundle: { kind: 'kept', kept }, against: other, groups };
      return (await analyses.run(job, signal)) as JudgedGroup[];
    },
  };
}

function choiceOf({ path, system }: { path: string; system: string | null }): BundleChoice {
  return { kind: 'path', path, system };
}

async function editedChoice(
  kept: KeptBundle,
  edits: readonly PolicyEdit[],
  resident: Resident,
  signal: AbortSignal,
): Promise<BundleChoice> {
  if (edits.length === 0) return { kind: 'kept', kept };
  return {
    kind: 'inline',
    source: await editedSource(kept, edits, resident, signal),
    system: kept.bundle.system,
  };
}

/** What a kept bundle would be with other texts; a new path is a new file. */
async function editedSource(
  kept: KeptBundle,
  edits: readonly PolicyEdit[],
  resident: Resident,
  signal: AbortSignal,
): Promise<BundleSource> {
  const source =
    kept.rebuilt === undefined
      ? (await readKept(kept)).source
      : ((await resident.run({ kind: 'source', bundle: { kind: 'kept', kept } }, signal)) as BundleSource);
  const files = new Map(source.kind === 'files' ? source.files.map((file) => [file.path, file]) : []);
  for (const edit of edits) {
    const { path } = edit;
    const edited = withEdit(files.get(path)?.text ?? '', edit);
    if (!edited.ok) throw new FailureError(edited.error.kind, edited.error.message);
    files.set(path, { path, text: edited.value, bytes: new TextEncoder().encode(edited.value) });
  }
  const sorted = [...files.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return { kind: 'files', files: sorted };
}

/** The lines that a job writes, as values. */
async function linesOf<T>(resident: Resident, job: Job, signal: AbortSignal): Promise<T[]> {
  let text = '';
  await resident.run(job, signal, (lines) => {
    text += lines;
  });
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

/** What is found out once for a set of configured programs, and the threads that keep what they compiled. */
interface House {
  readonly services: ThreadServices;
  /** Answers single questions, which somebody waits for. */
  readonly resident: Resident;
  /** Goes over whole bundles and logs: no question waits for it. */
  readonly analyses: Resident;
  readonly notes: readonly string[];
}

class Household {
  readonly #houses = new Map<string, Promise<House>>();

  of(settings: PolicySettings): Promise<House> {
    const key = JSON.stringify([settings.opa, settings.cerbos]);
    let house = this.#houses.get(key);
    if (house === undefined) {
      house = build(settings);
      this.#houses.set(key, house);
    }
    return house;
  }
}

async function build(settings: PolicySettings): Promise<House> {
  const programs = await findPrograms(settings);
  const services: ThreadServices = {
    read: (what) => readFrom(what, null),
    run: (run, signal) => runProgram(programs, run, signal),
    opa: programs.opa?.version ?? null,
    cerbos: programs.cerbos?.version ?? null,
  };
  const [resident, analyses] = [new Resident(services), new Resident(services)];
  return { services, resident, analyses, notes: programs.problems };
}

/** Paths of bundles start from `base`, else from the working folder. */
async function readFrom(what: ReadableBundle, base: string | null): Promise<ReadBundle> {
  return what.kind === 'kept' ? readKept(what.kept) : readBundle(await locate(what.path, base));
}

async function locate(path: string, base: string | null): Promise<string> {
  if (base === null || isAbsolute(path)) return path;
  const beside = resolve(base, path);
  return (await stat(beside).catch(() => null)) === null ? path : beside;
}

/** Loads a bundle in a thread, which keeps it. A thread that could not is ended. */
async function describe(
  bundle: BundleChoice,
  thread: SupervisedThread,
  signal: AbortSignal,
): Promise<PolicyBundle> {
  const end = (): void => void thread.end();
  signal.addEventListener('abort', end, { once: true });
  try {
    return (await attemptOnce(thread, { kind: 'describe', bundle }, () => undefined)) as PolicyBundle;
  } catch (thrown) {
    await thread.end();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Files that were read, with what is known of them. */
interface GivenSource {
  readonly source: BundleSource;
  readonly problems: readonly BundleProblem[];
  readonly system: string | null;
  /** Text of the key with which a signed bundle is verified. */
  readonly key: string | null;
}

/** The text of a key's file: PEM, or a shared secret in one line. */
async function keyOf(path: string | null): Promise<string | null> {
  return path === null ? null : (await readText(path)).trim();
}

/** Describes files that were read already, so that what is described is what is kept. */
async function describeSource(
  { source, problems, system, key }: GivenSource,
  resident: Resident,
  signal: AbortSignal,
): Promise<PolicyBundle> {
  const job: Job = { kind: 'describe', bundle: { kind: 'inline', source, system }, verificationKey: key };
  const described = (await resident.run(job, signal)) as PolicyBundle;
  return { ...described, problems: [...problems, ...described.problems] };
}

/** Describes a bundle and keeps its files, for the writer to enter. */
async function keepSource(
  given: GivenSource,
  folder: string,
  resident: Resident,
  signal: AbortSignal,
): Promise<Omit<NewBundle, 'path' | 'inForceFrom'>> {
  const { title: _title, contextKeys: _keys, ...described } = await describeSource(given, resident, signal);
  const job: Job = {
    kind: 'identities',
    bundle: { kind: 'inline', source: given.source, system: described.system },
  };
  const identities = (await resident.run(job, signal)) as BundleIdentity[];
  return { ...described, identities, files: await keepBundle(given.source, folder) };
}

async function open(path: string): Promise<AsyncIterable<Uint8Array>> {
  if (path === standardInput) return process.stdin as AsyncIterable<Uint8Array>;
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) throw unreadable(path);
  return createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
}

async function readText(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) throw unreadable(path);
  if (found.size > largestDocument) throw new FailureError('unusable', `${path} is too large.`);
  return readFile(path, 'utf8');
}

async function readContext(path: string): Promise<JsonObject> {
  const text = await readText(path);
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (thrown) {
    throw new FailureError('unusable', `${path} is no JSON: ${(thrown as Error).message}`);
  }
  throw new FailureError('unusable', `${path} does not hold an object.`);
}

function unreadable(path: string): FailureError {
  return new FailureError('not-found', `${path} cannot be read: no such file.`);
}

function addTo(total: { -readonly [K in keyof Tally]: Tally[K] }, tally: Tally): void {
  for (const key of Object.keys(tally) as (keyof Tally)[]) total[key] += tally[key];
}
