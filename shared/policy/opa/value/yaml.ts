import { type Document, parseAllDocuments, type Tags, visit } from 'yaml';
import { valueOfJson } from './json.ts';
import type { Value } from './value.ts';

export class YamlProblem extends Error {}

/**
 * Reads the first document of a YAML text as OPA does: YAML 1.1 (`yes` is true), times stay text, keys become text, and of
 * a key that comes twice the last counts.
 * `all`: the documents after it must be readable too. Throws `YamlProblem`.
 */
export function parseYaml(text: string, all = false): Value {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    intAsBigInt: true,
    uniqueKeys: false,
    logLevel: 'silent',
    customTags: (tags: Tags): Tags => tags.filter((tag) => tag !== 'timestamp' && !isTimestamp(tag)),
  });
  if (!Array.isArray(documents)) return null;
  for (const { errors } of all ? documents : documents.slice(0, 1)) {
    const [error] = errors;
    if (error !== undefined) throw new YamlProblem(error.message);
  }
  try {
    const [document] = documents;
    if (document === undefined) return null;
    checkValues(document);
    return valueOfJson(document.toJS({ maxAliasCount: 100 }));
  } catch (problem) {
    throw new YamlProblem(problem instanceof Error ? problem.message : 'not YAML');
  }
}

/** What JSON cannot say makes the text unreadable for OPA: infinite numbers, and null as a key. */
function checkValues(document: Document): void {
  visit(document, {
    Scalar: (key, { value }) => {
      const isKey = key === 'key';
      const infinite = typeof value === 'number' && !Number.isFinite(value);
      if (infinite || (isKey && value === null))
        throw new YamlProblem(infinite ? 'a number that is none' : 'null as a key');
    },
  });
}

function isTimestamp(tag: Tags[number]): boolean {
  return typeof tag === 'object' && tag.tag === 'tag:yaml.org,2002:timestamp';
}
