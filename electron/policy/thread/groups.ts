import { type JsonObject, isObject } from '#shared/domain/json.ts';
import type { PolicyFile } from '#shared/domain/policy-system.ts';
import { parseExactJson } from '#shared/util/exact-json.ts';
import { safePath } from '../bundle/file-set.ts';
import type { BundleChoice, EvaluateJob } from './protocol.ts';

/** Requests that are put to one bundle. */
export interface Group {
  /** The bundle, or why none can be had. */
  readonly bundle: BundleChoice | string;
  /** As the line names it. */
  readonly system: string | null;
  readonly requests: readonly PlacedRequest[];
}

interface PlacedRequest {
  /** Undefined where it is no JSON; `error` says why. */
  readonly value: unknown;
  readonly error: string;
  /** Line of the file, from 1. */
  readonly line: number;
  /** Place among the requests of a batch line, from 0. */
  readonly index: number | null;
}

/** The groups of a job: all lines for its bundle, or each line with its own bundle. Empty lines are passed over. */
export function* groupsOf(job: EvaluateJob): Generator<Group> {
  const lines = job.lines
    .map((text, index) => ({ text, line: job.firstLine + index }))
    .filter(({ text }) => text.trim() !== '');
  if (job.bundle === null) {
    for (const { text, line } of lines) yield batchLine(text, line);
  } else {
    const requests = lines.map(({ text, line }) => ({ ...parseJson(text), line, index: null }));
    yield { bundle: job.bundle, system: systemNamed(job.bundle), requests };
  }
}

function systemNamed(bundle: BundleChoice): string | null {
  return bundle.kind === 'kept' ? bundle.kept.bundle.system : bundle.system;
}

function batchLine(text: string, line: number): Group {
  const { value, error } = parseJson(text);
  const failed = (why: string, system: string | null = null): Group => ({
    bundle: why,
    system,
    requests: [{ value: undefined, error: why, line, index: null }],
  });
  if (value === undefined) return failed(error);
  if (!isObject(value)) return failed('A line of a batch is a JSON object.');
  const { system, bundle, requests } = value;
  if (system !== undefined && system !== null && typeof system !== 'string') {
    return failed('“system” is the name of a policy system.');
  }
  const name = system ?? null;
  if (!Array.isArray(requests)) return failed('“requests” is an array of evaluation requests.', name);
  const placed = requests.map((request, index) => ({ value: request, error: '', line, index }));
  return { bundle: choiceOf(bundle, name), system: name, requests: placed };
}

function choiceOf(bundle: unknown, system: string | null): BundleChoice | string {
  if (typeof bundle === 'string') return { kind: 'path', path: bundle, system };
  // Several documents, e.g. manifests.
  if (Array.isArray(bundle)) return choiceOf({ items: bundle }, system);
  if (!isObject(bundle)) return '“bundle” is {"path": …}, {"files": {path: text}}, or a document.';
  const { path, files } = bundle;
  if (typeof path === 'string') return { kind: 'path', path, system };
  if (isObject(files) && Object.keys(bundle).length === 1) return filesChoice(files, system);
  return { kind: 'inline', source: { kind: 'inline', document: bundle }, system };
}

function filesChoice(files: JsonObject, system: string | null): BundleChoice | string {
  const found: PolicyFile[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = safePath(name);
    if (path === null) return `“${name}” is no path within a bundle.`;
    if (typeof text !== 'string') return `The content of “${name}” is a text.`;
    found.push({ path, text, bytes: new TextEncoder().encode(text) });
  }
  const sorted = found.toSorted(({ path: first }, { path: second }) => (first < second ? -1 : 1));
  return { kind: 'inline', source: { kind: 'files', files: sorted }, system };
}

function parseJson(text: string): { value: unknown; error: string } {
  try {
    return { value: parseExactJson(text), error: '' };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { value: undefined, error: `The line is no JSON: ${message}` };
  }
}
