import type { BundleProblem, PolicyFile } from '../../../domain/policy-system.ts';
import type { Module, RegoVersion } from '../syntax/ast.ts';
import { SyntaxProblem } from '../syntax/lexer.ts';
import { parseModule } from '../syntax/module.ts';
import { LineTable } from '../syntax/position.ts';

type Fail = (path: string, locator: string, message: string) => void;

/**
 * Reads the `.rego` files of a bundle. Where the bundle does not say the version of Rego, v1 is tried first and then
 * v0. A bundle is written in one version: with one file that only v0 can read, v0 reads all that it can.
 */
export function readModules(
  files: readonly PolicyFile[],
  versionOf: (path: string) => RegoVersion | null,
  problems: BundleProblem[],
  fail: Fail,
): Module[] {
  const sources = files.filter(({ path }) => path.endsWith('.rego'));
  const modules = sources.flatMap((file) => readModule(file, versionOf(file.path), problems, fail) ?? []);
  const undeclared = (module: Module): boolean => versionOf(module.path) === null && !importsV1(module);
  if (!modules.some((module) => module.version === 0 && undeclared(module))) return modules;
  return modules.map((module) => {
    if (module.version === 0 || !undeclared(module)) return module;
    const older = attempt(module.path, module.text, 0);
    return older instanceof SyntaxProblem ? module : older;
  });
}

function importsV1({ imports }: Module): boolean {
  return imports.some(({ path: [root, name] }) => root === 'rego' && name !== undefined);
}

/** One file; a v0 file that imports `rego.v1` is held to v1. */
function readModule(
  { path, text }: PolicyFile,
  version: RegoVersion | null,
  problems: BundleProblem[],
  fail: Fail,
): Module | undefined {
  if (text === null) {
    fail(path, '', 'the file is not UTF-8');
    return undefined;
  }
  const refuse = (problem: SyntaxProblem): undefined => {
    fail(path, locatorOf(text, problem.offset), `rego_parse_error: ${problem.message}`);
  };
  const first = attempt(path, text, version ?? 1);
  if (!(first instanceof SyntaxProblem)) {
    const strict = first.version === 0 && importsV1(first) ? attempt(path, text, 1) : first;
    return strict instanceof SyntaxProblem ? refuse(strict) : strict;
  }
  const older = version === null ? attempt(path, text, 0) : first;
  if (older instanceof SyntaxProblem || importsV1(older)) return refuse(first);
  const message = `read as Rego v0, because it is not valid Rego v1: ${first.message}`;
  problems.push({ severity: 'warning', path, locator: locatorOf(text, first.offset), message });
  return older;
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
