import { isObject, type Json, textAt } from '../../domain/json.ts';
import type { BundleProblem, BundleSource, PolicyFile } from '../../domain/policy-system.ts';

export interface PolicyLine {
  readonly path: string;
  readonly row: number;
  readonly text: string;
}

/** A bundle as it was handed in. */
export interface RawBundle {
  /** Null where there is none. */
  readonly model: { readonly path: string; readonly text: string } | null;
  readonly lines: readonly PolicyLine[];
  /** Pattern functions that the program sets on its role managers, by role definition: `g` → `keyMatch2`. */
  readonly matching: ReadonlyMap<string, string>;
  readonly domainMatching: ReadonlyMap<string, string>;
  readonly problems: readonly BundleProblem[];
}

/** `*.conf` is the model, every `*.csv` policy, in the order of their paths; `casbin.json` what else a program sets. */
export function readSource(source: BundleSource): RawBundle {
  return source.kind === 'inline' ? readDocument(source.document) : readFolder(source.files);
}

function readFolder(all: readonly PolicyFile[]): RawBundle {
  const files = all.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const problems: BundleProblem[] = [];
  const models = files.filter(({ path }) => /\.conf$/i.test(path));
  const model = models.find(({ path }) => /(?:^|\/)model\.conf$/i.test(path)) ?? models[0];
  for (const other of models)
    if (other !== model)
      problems.push(problem('warning', other.path, `not used: the model is ${model?.path ?? ''}`));
  const lines = files
    .filter(({ path }) => /\.csv$/i.test(path))
    .flatMap(({ path, text }) => {
      if (text === null) problems.push(problem('error', path, 'the file is not UTF-8 text'));
      return linesOf(path, text ?? '');
    });
  const settings = files.find(({ path }) => /(?:^|\/)casbin\.json$/i.test(path));
  const options = settings === undefined ? undefined : parsed(settings, problems);
  if (model?.text === undefined || model.text === null)
    problems.push(problem('error', model?.path ?? '', 'there is no model (a *.conf file) that can be read'));
  const text = model?.text ?? null;
  return {
    model: model === undefined || text === null ? null : { path: model.path, text },
    lines,
    ...matchingOf(options),
    problems,
  };
}

function parsed({ path, text }: PolicyFile, problems: BundleProblem[]): Json | undefined {
  try {
    return JSON.parse(text ?? '');
  } catch {
    problems.push(problem('error', path, 'no valid JSON'));
    return undefined;
  }
}

/** `{"model": text, "policy": CSV text, or lines, or rows}`. */
function readDocument(document: Extract<BundleSource, { kind: 'inline' }>['document']): RawBundle {
  const model = textAt(document, 'model');
  const policy = document['policy'] ?? document['policies'];
  const problems: BundleProblem[] = [];
  if (model === null) problems.push(problem('error', '', 'the document has no model text'));
  return {
    model: model === null ? null : { path: '', text: model },
    lines: linesOf('', csvOf(policy)),
    ...matchingOf(document),
    problems,
  };
}

function csvOf(policy: Json | undefined): string {
  if (typeof policy === 'string') return policy;
  if (!Array.isArray(policy)) return '';
  return policy
    .map((row: Json) =>
      Array.isArray(row) ? row.map(csvField).join(', ') : typeof row === 'string' ? row : '',
    )
    .join('\n');
}

function csvField(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function linesOf(path: string, text: string): PolicyLine[] {
  return text
    .split('\n')
    .map((line, index) => ({ path, row: index + 1, text: line.replace(/\r$/, '') }))
    .filter(({ text: line }) => line.trim() !== '');
}

function matchingOf(options: Json | undefined): Pick<RawBundle, 'matching' | 'domainMatching'> {
  const read = (key: string) => {
    const given = isObject(options) ? options[key] : undefined;
    const entries = isObject(given) ? Object.entries(given) : [];
    return new Map(
      entries.flatMap(([role, name]) => (typeof name === 'string' ? [[role, name] as const] : [])),
    );
  };
  return { matching: read('matchingFunctions'), domainMatching: read('domainMatchingFunctions') };
}

export function problem(
  severity: BundleProblem['severity'],
  path: string,
  message: string,
  locator = '',
): BundleProblem {
  return { severity, path, locator, message };
}
