import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** One import: from a file to a file of the project (path from the root) or a package (its name). */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly package: boolean;
}

// Statements begin a line, as the formatter has them; words of comments and texts do not.
const specifiers =
  /^(?:import\s(?:[^'"`;]*?\sfrom\s)?|export\s[^'"`;]*?\sfrom\s)\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|\bnew URL\(\s*['"](\.[^'"]+\.(?:ts|mjs))['"]/gm;

/** Every import of every source file below the given folders of the project. */
export function importEdges(folders: readonly string[]): Edge[] {
  return folders.flatMap((folder) => sourceFiles(join(projectRoot, folder)).flatMap(edgesOf));
}

export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function edgesOf(file: string): Edge[] {
  const from = relative(projectRoot, file).split(sep).join('/');
  return [...readFileSync(file, 'utf8').matchAll(specifiers)].map((match) =>
    edge(from, match[1] ?? match[2] ?? match[3] ?? ''),
  );
}

export function edge(from: string, specifier: string): Edge {
  if (specifier.startsWith('#')) return { from, to: specifier.slice(1), package: false };
  if (specifier.startsWith('.'))
    return { from, to: posix.join(posix.dirname(from), specifier), package: false };
  const parts = specifier.split('/');
  return { from, to: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/'), package: true };
}
