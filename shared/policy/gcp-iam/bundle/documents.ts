import { parseAllDocuments } from 'yaml';
import { isObject, type Json, type JsonObject, textAt } from '../../../domain/json.ts';
import type { BundleProblem, BundleSource, PolicyFile } from '../../../domain/policy-system.ts';
import type { PlacedDocument } from '../model.ts';

/** Keys under which answers of the APIs hold a list. */
const lists = [
  'results',
  'assets',
  'policies',
  'roles',
  'projects',
  'folders',
  'organizations',
  'accounts',
  'items',
];
const deepest = 4;

/** Every object of a bundle: JSON, JSON Lines or YAML, as gcloud and the APIs print them. */
export function readDocuments(source: BundleSource, problems: BundleProblem[]): PlacedDocument[] {
  if (source.kind === 'inline') return unfold(source.document, '', '', 0);
  return source.files.flatMap((file) => readFile(file, problems));
}

function readFile({ path, text }: PolicyFile, problems: BundleProblem[]): PlacedDocument[] {
  if (!/\.(?:jsonl?|ndjson|ya?ml)$/i.test(path)) return [];
  const problem = (locator: string, message: string): void => {
    problems.push({ severity: 'error', path, locator, message });
  };
  if (text === null) {
    problem('', 'The file is not UTF-8; it is not used.');
    return [];
  }
  const whole = parse(text);
  if (whole !== undefined) return unfold(whole, path, '', 0);
  const lines = text.split('\n');
  if (/^\s*\{.*\}\s*$/.test(lines[0] ?? '')) {
    return lines.flatMap((line, index) => {
      if (line.trim() === '') return [];
      const value = parse(line);
      if (value !== undefined) return unfold(value, path, `${index + 1}:1`, 0);
      problem(`${index + 1}:1`, 'The line is no JSON; it is not used.');
      return [];
    });
  }
  if (!/\.ya?ml$/i.test(path)) {
    problem('', 'The file is no JSON; it is not used.');
    return [];
  }
  return readYaml(path, text, problem);
}

function readYaml(
  path: string,
  text: string,
  problem: (locator: string, message: string) => void,
): PlacedDocument[] {
  const documents = parseAllDocuments(text, { prettyErrors: false });
  return [...documents].flatMap((document, index) => {
    const [broken] = document.errors;
    if (broken !== undefined) {
      problem('', `The YAML document is broken and is not used: ${broken.message}`);
      return [];
    }
    const value = document.toJS({ maxAliasCount: 100 }) as Json;
    return unfold(value, path, documents.length === 1 ? '' : `/${index}`, 0);
  });
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function unfold(value: Json, path: string, locator: string, depth: number): PlacedDocument[] {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    // `gcloud projects get-ancestors` is a list of the whole chain.
    if (isAncestry(items)) return [{ value: { ancestry: items }, path, locator }];
    return items.flatMap((item, index) => unfold(item, path, `${locator}/${index}`, depth + 1));
  }
  if (!isObject(value)) return [];
  const found = depth > deepest ? [] : lists.flatMap((key) => listed(value, key, path, locator, depth));
  return found.length > 0 && !('bindings' in value)
    ? [...found, { value, path, locator }]
    : [{ value, path, locator }];
}

function listed(
  value: JsonObject,
  key: string,
  path: string,
  locator: string,
  depth: number,
): PlacedDocument[] {
  const list = value[key];
  // The results of a search name their folders as texts.
  if (!Array.isArray(list) || !(list as readonly Json[]).some(isObject)) return [];
  return unfold(list as readonly Json[], path, `${locator}/${key}`, depth + 1);
}

function isAncestry(items: readonly Json[]): boolean {
  const kinds = new Set(['project', 'folder', 'organization']);
  return (
    items.length > 0 &&
    items.every(
      (item) =>
        isObject(item) &&
        Object.keys(item).length === 2 &&
        kinds.has(textAt(item, 'type') ?? '') &&
        'id' in item,
    )
  );
}
