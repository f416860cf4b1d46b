import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import type { Json } from '../../../domain/json.ts';
import type { BundleProblem, PolicyFile } from '../../../domain/policy-system.ts';

/** Parses a file; what is wrong becomes a problem with its row and column, and the answer is undefined. */
export function parseJsonFile(file: PolicyFile, problems: BundleProblem[]): Json | undefined {
  const report = (locator: string, message: string): undefined => {
    problems.push({ severity: 'error', path: file.path, locator, message });
    return undefined;
  };
  if (file.text === null) return report('', 'The file is not UTF-8.');
  try {
    return JSON.parse(file.text) as Json;
  } catch {
    const errors: ParseError[] = [];
    parse(file.text, errors, { allowTrailingComma: false, disallowComments: true });
    const [first] = errors;
    if (first === undefined) return report('', 'The file is no JSON.');
    return report(
      positionOf(file.text, first.offset),
      `The file is no JSON: ${printParseErrorCode(first.error)}.`,
    );
  }
}

function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
