import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { type CaseManifest, caseFolder, fileMode } from '#electron/platform/case-folder.ts';
import { isObject } from '#shared/domain/json.ts';
import { FailureError } from '#shared/util/result.ts';
import { codeOf } from './failures.ts';

/** Reads `case.json`; null where there is none. Throws kind `unusable` where it is no manifest of a case. */
export function readManifest(folder: string): CaseManifest | null {
  const { manifest } = caseFolder(folder);
  let text: string;
  try {
    text = readFileSync(manifest, 'utf8');
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(thrown))) return null;
    throw thrown;
  }
  const parsed = parse(text);
  if (parsed === null) {
    throw new FailureError(
      'unusable',
      `${manifest} is not a case's manifest: a JSON object with the texts id, name, created and the number schemaVersion is expected. Restore it from a copy of the case.`,
    );
  }
  return parsed;
}

/** Writes `case.json` so that at every moment the old or the new one is there whole. */
export function writeManifest(folder: string, manifest: CaseManifest): void {
  const file = caseFolder(folder).manifest;
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w', fileMode);
  try {
    writeSync(handle, `${JSON.stringify(manifest, null, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}

function parse(text: string): CaseManifest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { id, name, created, schemaVersion } = value as { readonly [K in keyof CaseManifest]: unknown };
  if (typeof id !== 'string' || typeof name !== 'string' || typeof created !== 'string') return null;
  return typeof schemaVersion === 'number' ? { id, name, created, schemaVersion } : null;
}
