import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { isObject, type JsonObject } from '../../domain/json.ts';
import type { BundleProblem, BundleSource } from '../../domain/policy-system.ts';
import { Misshapen, shaped } from './shape.ts';

/** One policy document, with the places of its parts. */
export interface PolicyDocument {
  readonly path: string;
  readonly json: JsonObject;
  readonly text: string;
  /** `row:column-row:column` of a part, empty where it has no place. */
  locate(part: readonly (string | number)[]): string;
}

const kinds = [
  'resourcePolicy',
  'principalPolicy',
  'rolePolicy',
  'derivedRoles',
  'exportVariables',
  'exportConstants',
];

/** What kind of policy a document is; undefined where it is none. */
export function kindOf(json: JsonObject): string | undefined {
  return kinds.find((kind) => isObject(json[kind]));
}

/** Whether Cerbos reads a file as a policy: not tests, test data, schemas or hidden files. */
export function isPolicyFile(path: string): boolean {
  return (
    /\.(?:ya?ml|json)$/i.test(path) &&
    !/_test\.(?:ya?ml|json)$/i.test(path) &&
    !path.split('/').some((part) => part.startsWith('.') || part === '_schemas' || part === 'testdata')
  );
}

/** The policies of a folder (YAML or JSON files), or of an inline `{"policies": [text or object, …]}`. */
export function readDocuments(source: BundleSource, problems: BundleProblem[]): PolicyDocument[] {
  const documents = documentsOf(source, problems);
  if (documents.length === 0 && problems.length === 0)
    problems.push(problem('', '', 'there are no policies here'));
  return documents;
}

function documentsOf(source: BundleSource, problems: BundleProblem[]): PolicyDocument[] {
  if (source.kind === 'files')
    return source.files
      .filter(({ path }) => isPolicyFile(path))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      .flatMap(({ path, text }) => {
        if (text !== null) return parseText(path, text, problems, true);
        problems.push(problem(path, '', 'the file is not UTF-8 text'));
        return [];
      });
  if (kindOf(source.document) !== undefined) return parsedInPlace(source.document, '', problems);
  const policies = source.document['policies'] ?? [];
  const list = Array.isArray(policies) ? policies : isObject(policies) ? Object.values(policies) : [policies];
  return list.flatMap((policy, index) => {
    const path = list.length === 1 ? '' : `policies/${index}`;
    if (typeof policy === 'string') return parseText(path, policy, problems, false);
    if (isObject(policy)) return parsedInPlace(policy, path, problems);
    problems.push(problem(path, '', 'a policy that is neither text nor an object'));
    return [];
  });
}

function parsedInPlace(json: JsonObject, path: string, problems: BundleProblem[]): PolicyDocument[] {
  if (json['disabled'] === true) return [];
  const read = readShape(json, path, () => '', problems);
  return read === null ? [] : [{ path, json: read, text: JSON.stringify(json, null, 2), locate: () => '' }];
}

/** A policy as Cerbos reads it; null, with the problem, where it would refuse it. */
function readShape(
  json: JsonObject,
  path: string,
  locate: PolicyDocument['locate'],
  problems: BundleProblem[],
): JsonObject | null {
  try {
    const read = shaped(json);
    const present = kinds.filter((kind) => isObject(read[kind]));
    if (present.length !== 1) throw new Misshapen([], 'not exactly one policy');
    return read;
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error;
    problems.push(problem(path, locate(error.part), error.message));
    return null;
  }
}

function parseText(
  path: string,
  text: string,
  problems: BundleProblem[],
  oneAFile: boolean,
): PolicyDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, merge: true });
  if ('empty' in documents) return [];
  if (oneAFile && documents.length > 1) {
    problems.push(problem(path, '', 'more than one document in a file, which Cerbos refuses'));
    return [];
  }
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      const at = lines.linePos(error.pos[0]);
      problems.push(problem(path, `${at.line}:${at.col}`, error.message.split('\n')[0] ?? 'no YAML'));
      return [];
    }
    const json: unknown = plain(document, path, problems);
    if (json === undefined || json === null) return [];
    if (!isObject(json)) {
      problems.push(problem(path, '', 'a document that is no object'));
      return [];
    }
    if (json['disabled'] === true) return [];
    const locate: PolicyDocument['locate'] = (part) => placeOf(document, lines, part);
    const read = readShape(json, path, locate, problems);
    return read === null ? [] : [{ path, json: read, text, locate }];
  });
}

function holdsItself(value: unknown, above: readonly unknown[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return above.includes(value) || Object.values(value).some((item) => holdsItself(item, [...above, value]));
}

/** The library guards against aliases that grow without end by throwing. */
function plain(document: Document.Parsed, path: string, problems: BundleProblem[]): unknown {
  try {
    const json: unknown = document.toJS({ maxAliasCount: 100 });
    if (!holdsItself(json, [])) return json;
    problems.push(problem(path, '', 'an alias in what it stands for'));
    return undefined;
  } catch (error) {
    problems.push(problem(path, '', error instanceof Error ? error.message : 'the document cannot be read'));
    return undefined;
  }
}

function placeOf(document: Document.Parsed, lines: LineCounter, part: readonly (string | number)[]): string {
  const node: unknown = document.getIn(part, true);
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range))
    return '';
  const [start, end]: unknown[] = node.range;
  if (typeof start !== 'number' || typeof end !== 'number') return '';
  const [from, to] = [lines.linePos(start), lines.linePos(end)];
  return `${from.line}:${from.col}-${to.line}:${to.col}`;
}

export function problem(path: string, locator: string, message: string): BundleProblem {
  return { severity: 'error', path, locator, message };
}
