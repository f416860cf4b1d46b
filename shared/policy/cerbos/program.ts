import { isObject, type Json, type JsonObject, objectAt, textAt } from '../../domain/json.ts';
import type { BundleProblem, BundleSource, ExternalEngine } from '../../domain/policy-system.ts';
import { isPolicyFile } from './documents.ts';
import { type ProgramAnswer, readAnswers } from './program-trace.ts';
import type { CerbosRequest } from './request.ts';
import { suiteOf, suitePath } from './suite.ts';

interface BundleFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

interface Waiting {
  readonly request: CerbosRequest;
  readonly resolve: (answer: ProgramAnswer | string) => void;
}

/** Requests of one run: a trace has about 15 KB of JSON. */
const mostAtOnce = 250;

/**
 * The user's own Cerbos program, run once for many requests as a suite of tests: that is how it tells its full
 * trace (https://docs.cerbos.dev/cerbos/latest/policies/compilation).
 */
export class CerbosProgram {
  readonly version: string;
  readonly #engine: ExternalEngine;
  readonly #files: readonly BundleFile[];
  #waiting: Waiting[] = [];

  constructor(engine: ExternalEngine, source: BundleSource) {
    this.version = engine.version;
    this.#engine = engine;
    this.#files = filesOf(source);
  }

  /** What the program finds wrong with the bundle. */
  async problems(): Promise<BundleProblem[]> {
    try {
      const { exitCode, stdout, stderr } = await this.#run(this.#files, ['--skip-tests']);
      return exitCode === 0 ? [] : problemsOf(stdout, stderr);
    } catch (error) {
      return [
        { severity: 'error', path: '', locator: '', message: `cerbos could not be run: ${messageOf(error)}` },
      ];
    }
  }

  /** The program's answer, or why there is none. Requests of the same moment share a run. */
  ask(request: CerbosRequest): Promise<ProgramAnswer | string> {
    return new Promise((resolve) => {
      this.#waiting.push({ request, resolve });
      if (this.#waiting.length === 1) queueMicrotask(() => void this.#answer());
    });
  }

  async #answer(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < waiting.length; from += mostAtOnce) {
      const batch = waiting.slice(from, from + mostAtOnce);
      const answers = await this.#askAll(batch.map(({ request }) => request));
      batch.forEach(({ resolve }, index) =>
        resolve(typeof answers === 'string' ? answers : (answers.get(index) ?? 'cerbos gave no answer')),
      );
    }
  }

  async #askAll(requests: readonly CerbosRequest[]): Promise<ReadonlyMap<number, ProgramAnswer> | string> {
    try {
      const suite = { path: suitePath, bytes: utf8(suiteOf(requests)) };
      const { stdout, stderr } = await this.#run(
        [...this.#files, suite],
        ['--test-output=json', '--verbose'],
      );
      const output: unknown = JSON.parse(stdout);
      if (isObject(output) && 'suites' in output) return readAnswers(output);
      return problemsOf(stdout, stderr)[0]?.message ?? 'cerbos gave no answer';
    } catch (error) {
      return `cerbos could not be asked: ${messageOf(error)}`;
    }
  }

  #run(files: readonly BundleFile[], options: readonly string[]): ReturnType<ExternalEngine['run']> {
    return this.#engine.run(files, ['compile', '.', '--output=json', ...options]);
  }
}

/** Policies and schemas: what a bundle holds beside them is no business of the program. */
function filesOf(source: BundleSource): BundleFile[] {
  if (source.kind === 'files')
    return source.files.filter(({ path }) => isPolicyFile(path) || path.split('/').includes('_schemas'));
  const { policies } = source.document;
  const list = Array.isArray(policies) ? policies : isObject(policies) ? Object.values(policies) : [policies];
  return list.map((policy: Json | undefined, index) => ({
    path: `policies/${index}.yaml`,
    bytes: utf8(typeof policy === 'string' ? policy : JSON.stringify(policy ?? null)),
  }));
}

/** Errors come in groups, each with a file, a text and mostly a place. */
function problemsOf(stdout: string, stderr: string): BundleProblem[] {
  const problems: BundleProblem[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    const found = problemOf(value);
    if (found === null) Object.values(value).forEach(visit);
    else problems.push(found);
  };
  try {
    visit(JSON.parse(stdout));
  } catch {
    problems.push({ severity: 'error', path: '', locator: '', message: lastLine(stderr) });
  }
  if (problems.length > 0) return problems;
  return [
    { severity: 'error', path: '', locator: '', message: `cerbos refuses the bundle: ${lastLine(stderr)}` },
  ];
}

function problemOf(value: JsonObject): BundleProblem | null {
  const message = textAt(value, 'description') ?? textAt(value, 'desc') ?? textAt(value, 'error');
  const path = textAt(value, 'file') ?? textAt(value, 'importing_file');
  if (message === null || path === null) return null;
  const position = objectAt(value, 'position') ?? objectAt(objectAt(value, 'error_details'), 'position');
  const [line, column] = [textAt(position, 'line'), textAt(position, 'column')];
  return { severity: 'error', path, locator: line === null ? '' : `${line}:${column ?? '1'}`, message };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Without `TextEncoder`, which is no part of the language. */
function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.toWellFormed());
  const bytes = new Uint8Array(escaped.length - 2 * (escaped.match(/%/g)?.length ?? 0));
  let at = 0;
  for (let index = 0; index < escaped.length; index += 1) {
    const escape = escaped[index] === '%';
    bytes[at] = escape ? Number.parseInt(escaped.slice(index + 1, index + 3), 16) : escaped.charCodeAt(index);
    at += 1;
    if (escape) index += 2;
  }
  return bytes;
}
