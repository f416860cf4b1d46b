import type { BundleProblem, PolicyFile } from '../../../domain/policy-system.ts';
import type { Module, RegoVersion } from '../syntax/ast.ts';
import { SyntaxProblem } from '../syntax/lexer.ts';
import { parseModule } from '../syntax/module.ts';
import { LineTable } from '../syntax/position.ts';

/**
 * Reads one `.rego` file. Where the bundle does not say the version of Rego, v1 is tried first and then v0; a v0
 * file that imports `rego.v1` is held to v1.
 */
export function readModule(
  file: PolicyFile,
  version: RegoVersion | null,
  problems: BundleProblem[],
  fail: (path: string, locator: string, message: string) => void,
): Module | undefined {
  const { path, text } = file;
  if (text === null) {
    fail(path, '', 'the file is not UTF-8');
    return undefined;
  }
  const first = attempt(path, text, version ?? 1);
  if (!(first instanceof SyntaxProblem)) {
    const importsV1 = first.imports.some(({ path: [root, name] }) => root === 'rego' && name === 'v1');
    const strict = first.version === 0 && importsV1 ? attempt(path, text, 1) : first;
    if (!(strict instanceof SyntaxProblem)) return strict;
    fail(path, locatorOf(text, strict.offset), `rego_parse_error: ${strict.message}`);
    return undefined;
  }
  if (version === null) {
    const older = attempt(path, text, 0);
    if (!(older instanceof SyntaxProblem)) {
      const message = `read as Rego v0, because it is not valid Rego v1: ${first.message}`;
      problems.push({ severity: 'warning', path, locator: locatorOf(text, first.offset), message });
      return older;
    }
  }
  fail(path, locatorOf(text, first.offset), `rego_parse_error: ${first.message}`);
  return undefined;
}

function attempt(path: string, text: string, version: RegoVersion): Module | SyntaxProblem {
  try {
    return parseModule(path, text, version);
  } catch (problem) {
    if (problem instanceof SyntaxProblem) return problem;
    // Only a stack that is full ends here: the text is nested beyond all reason.
    if (problem instanceof RangeError) return new SyntaxProblem('nested too deeply', 0);
    throw problem;
  }
}

/** `row:column` of an offset. */
export function locatorOf(text: string, offset: number): string {
  const { row, column } = new LineTable(text).position(offset);
  return `${row}:${column}`;
}
