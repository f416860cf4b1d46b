import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { isObject, type JsonObject } from '../../domain/json.ts';
import type { BundleProblem, BundleSource } from '../../domain/policy-system.ts';

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
        if (text !== null) return parseText(path, text, problems);
        problems.push(problem(path, '', 'the file is not UTF-8 text'));
        return [];
      });
  if (kindOf(source.document) !== undefined) return parsedInPlace(source.document, '');
  const policies = source.document['policies'] ?? [];
  const list = Array.isArray(policies) ? policies : isObject(policies) ? Object.values(policies) : [policies];
  return list.flatMap((policy, index) => {
    const path = list.length === 1 ? '' : `policies/${index}`;
    if (typeof policy === 'string') return parseText(path, policy, problems);
    if (isObject(policy)) return parsedInPlace(policy, path);
    problems.push(problem(path, '', 'a policy that is neither text nor an object'));
    return [];
  });
}

function parsedInPlace(json: JsonObject, path: string): PolicyDocument[] {
  return [{ path, json, text: JSON.stringify(json, null, 2), locate: () => '' }];
}

function parseText(path: string, text: string, problems: BundleProblem[]): PolicyDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, merge: true });
  if ('empty' in documents) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      const at = lines.linePos(error.pos[0]);
      problems.push(problem(path, `${at.line}:${at.col}`, error.message.split('\n')[0] ?? 'no YAML'));
      return [];
    }
    const json: unknown = plain(document, path, problems);
    if (!isObject(json) || kindOf(json) === undefined || json['disabled'] === true) return [];
    return [
      { path, json, text, locate: (part: readonly (string | number)[]) => placeOf(document, lines, part) },
    ];
  });
}

/** The library guards against aliases that grow without end by throwing. */
function plain(document: Document.Parsed, path: string, problems: BundleProblem[]): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    problems.push(problem(path, '', error instanceof Error ? error.message : 'the document cannot be read'));
    return null;
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
