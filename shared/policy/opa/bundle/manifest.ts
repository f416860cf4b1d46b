import { arrayAt, isObject, objectAt, textAt } from '../../../domain/json.ts';
import type { PolicyFile } from '../../../domain/policy-system.ts';
import type { RegoVersion } from '../syntax/ast.ts';

export interface Manifest {
  readonly revision: string | null;
  readonly roots: readonly string[];
  readonly wasmModules: readonly string[];
  /** The version of Rego that the file is written in; null where the manifest does not say. */
  readonly versionOf: (path: string) => RegoVersion | null;
}

/** The `.manifest` at the bundle's root; without one everything is permitted. */
export function readManifest(
  files: readonly PolicyFile[],
  fail: (path: string, locator: string, message: string) => void,
): Manifest {
  const file = files.find(({ path }) => path === '.manifest');
  const nested = files.find(({ path }) => path.endsWith('/.manifest'));
  if (nested !== undefined) fail(nested.path, '', 'a manifest must lie at the root of its bundle');
  const none: Manifest = { revision: null, roots: [''], wasmModules: [], versionOf: () => null };
  if (file === undefined) return none;
  let json: unknown;
  try {
    json = JSON.parse(file.text ?? '');
  } catch {
    fail(file.path, '', 'the manifest is not JSON');
    return none;
  }
  if (!isObject(json)) {
    fail(file.path, '', 'the manifest is not an object');
    return none;
  }
  const roots = arrayAt(json, 'roots').filter((root) => typeof root === 'string');
  const wasmModules = arrayAt(json, 'wasm').flatMap((entry) => {
    const module = isObject(entry) ? textAt(entry, 'module') : null;
    return module === null ? [] : [module];
  });
  const version = versionAt(json['rego_version']);
  const perFile = Object.entries(objectAt(json, 'file_rego_versions') ?? {});
  return {
    revision: textAt(json, 'revision'),
    roots: json['roots'] === undefined || json['roots'] === null ? [''] : roots,
    wasmModules,
    versionOf: (path) => {
      const found = perFile.find(([pattern]) => fitsPattern(pattern, path));
      return (found === undefined ? null : versionAt(found[1])) ?? version;
    },
  };
}

function versionAt(value: unknown): RegoVersion | null {
  return value === 0 || value === 1 ? value : null;
}

/** A path or a glob of one, in which `*` stands for anything within a folder. */
function fitsPattern(pattern: string, path: string): boolean {
  const parts = pattern.replace(/^\/+/, '').split('*');
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === 0 ? (path.startsWith(part) ? 0 : -1) : path.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at === path.length || parts.at(-1) === '';
}
