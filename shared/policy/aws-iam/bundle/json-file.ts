import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import type { Json } from '../../../domain/json.ts';
import type { BundleProblem, PolicyFile } from '../../../domain/policy-system.ts';

/**
 * Parses a file; what is wrong becomes a problem with its row and column, and the answer is undefined. A file of
 * documents one after the other, each of which `isPage`, is read as the list of them.
 */
export function parseJsonFile(
  file: PolicyFile,
  problems: BundleProblem[],
  isPage: (document: Json) => boolean,
): Json | undefined {
  const report = (locator: string, message: string): undefined => {
    problems.push({ severity: 'error', path: file.path, locator, message });
    return undefined;
  };
  if (file.text === null) return report('', 'The file is not UTF-8.');
  try {
    return JSON.parse(file.text) as Json;
  } catch {
    const pages = documentsOf(file.text);
    if (pages?.every(isPage) === true) return pages;
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

/** Objects that stand one after the other, as several answers written to one file do; null where it is no such text. */
function documentsOf(text: string): Json[] | null {
  const documents: Json[] = [];
  let [depth, start, inText] = [0, 0, false];
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inText && character === '\\') index++;
    else if (character === '"') inText = !inText;
    else if (inText || (character !== '{' && character !== '}')) continue;
    else depth += character === '{' ? 1 : -1;
    if (depth > 0 || character !== '}' || inText) continue;
    const document = parsed(text.slice(start, index + 1));
    if (document === undefined) return null;
    documents.push(document);
    start = index + 1;
  }
  return text.slice(start).trim() === '' ? documents : null;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
