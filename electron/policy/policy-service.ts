import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { MethodContext } from '#electron/platform/rpc.ts';
import type { PolicyService, PolicySettings } from '#electron/platform/services.ts';
import { type JsonObject, isObject } from '#shared/domain/json.ts';
import type { EvaluateReport, ExpectReport, PolicyBundle } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import { readBundle } from './bundle/read.ts';
import { runEvaluation } from './evaluation-run.ts';
import { threadLimits } from './limits.ts';
import { lineBlocks } from './line-blocks.ts';
import { findPrograms, runProgram } from './programs.ts';
import { nothingYet } from './thread/desk.ts';
import type { BundleChoice, Job, Tally } from './thread/protocol.ts';
import { SupervisedThread, type ThreadServices, attemptOnce } from './thread/supervised.ts';

/** Path that stands for the standard input. */
const standardInput = '-';
/** Bytes of a context or of a file of policy tests. */
const largestDocument = 64 * 2 ** 20;

export function createPolicyService(): PolicyService {
  return {
    async evaluate({ bundle, batch, requests, settings }, context) {
      const { services, notes } = await prepare(settings, batch === null ? null : dirname(resolve(batch)));
      const choice = bundle === null ? null : choiceOf(bundle);
      const { signal } = context;
      const input = await open(batch ?? requests ?? standardInput);
      const first = new SupervisedThread(services, threadLimits);
      // What is wrong with the one bundle is said before anything is evaluated.
      const described = choice === null ? null : await describe(choice, first, signal);
      const total = { ...nothingYet };
      await runEvaluation(lineBlocks(input), {
        bundle: choice,
        signal,
        services,
        first,
        emit: async (text, tally) => {
          addTo(total, tally);
          context.emit(text);
          await context.drained?.();
        },
      });
      return { ...total, bundle: described, notes } satisfies EvaluateReport;
    },

    async expect({ bundle, path, settings }, context) {
      const { services } = await prepare(settings, null);
      const text = await readText(path);
      const job: Job = { kind: 'expect', bundle: choiceOf(bundle), path, text };
      return (await runOnce(job, services, context)) as ExpectReport;
    },

    async who({ bundle, action, resource, context: contextPath, settings }, context) {
      const { services } = await prepare(settings, null);
      const keys = contextPath === null ? {} : await readContext(contextPath);
      let answers = 0;
      const job: Job = { kind: 'who', bundle: choiceOf(bundle), action, resource, context: keys };
      await runOnce(job, services, context, (tally) => {
        answers += tally.answers;
      });
      return { answers };
    },

    async describe({ bundle, settings }, { signal }) {
      const { services } = await prepare(settings, null);
      const thread = new SupervisedThread(services, threadLimits);
      try {
        return await describe(choiceOf(bundle), thread, signal);
      } finally {
        await thread.end();
      }
    },
  };
}

function choiceOf({ path, system }: { path: string; system: string | null }): BundleChoice {
  return { kind: 'path', path, system };
}

/** What threads may ask for. Paths of bundles start from `base`, else from the working folder. */
async function prepare(
  settings: PolicySettings,
  base: string | null,
): Promise<{ readonly services: ThreadServices; readonly notes: readonly string[] }> {
  const programs = await findPrograms(settings);
  const services: ThreadServices = {
    read: async (path) => readBundle(await locate(path, base)),
    run: (run, signal) => runProgram(programs, run, signal),
    opa: programs.opa?.version ?? null,
    cerbos: programs.cerbos?.version ?? null,
  };
  return { services, notes: programs.problems };
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

async function runOnce(
  job: Job,
  services: ThreadServices,
  { signal, emit }: MethodContext,
  onTally: (tally: Tally) => void = () => undefined,
): Promise<unknown> {
  const thread = new SupervisedThread(services, threadLimits);
  const end = (): void => void thread.end();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await attemptOnce(thread, job, (text, tally) => {
      onTally(tally);
      emit(text);
    });
  } finally {
    signal.removeEventListener('abort', end);
    await thread.end();
  }
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
