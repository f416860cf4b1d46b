import { parseAllDocuments, type Tags } from 'yaml';
import { valueOfJson } from './json.ts';
import type { Value } from './value.ts';

export class YamlProblem extends Error {}

/**
 * Reads the first document of a YAML text as OPA does: YAML 1.1 (`yes` is true), times stay text, keys become text.
 * `all`: the documents after it must be readable too. Throws `YamlProblem`.
 */
export function parseYaml(text: string, all = false): Value {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    intAsBigInt: true,
    logLevel: 'silent',
    customTags: (tags: Tags): Tags => tags.filter((tag) => tag !== 'timestamp' && !isTimestamp(tag)),
  });
  if (!Array.isArray(documents)) return null;
  for (const { errors } of all ? documents : documents.slice(0, 1)) {
    const [error] = errors;
    if (error !== undefined) throw new YamlProblem(error.message);
  }
  try {
    return valueOfJson(documents[0]?.toJS({ maxAliasCount: 100 }));
  } catch (problem) {
    throw new YamlProblem(problem instanceof Error ? problem.message : 'not YAML');
  }
}

function isTimestamp(tag: Tags[number]): boolean {
  return typeof tag === 'object' && tag.tag === 'tag:yaml.org,2002:timestamp';
}
