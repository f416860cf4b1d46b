import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { caseFolder, fileMode, folderMode } from '#electron/platform/case-folder.ts';
import { isObject } from '#shared/domain/json.ts';
import type { AgreementReport } from '#shared/domain/agreement.ts';

/** What is kept was worked out by this way of working it out; another one begins anew. */
const method = 1;

/** The last report on the agreement in a case, if it is one of this revision; null where there is none. */
export async function readAgreement(folder: string, revision: number): Promise<AgreementReport | null> {
  try {
    const found: unknown = JSON.parse(await readFile(fileOf(folder), 'utf8'));
    if (!isObject(found) || found['method'] !== method || found['revision'] !== revision) return null;
    return { revision, sources: found['sources'] as unknown as AgreementReport['sources'] };
  } catch {
    // What is derived can be worked out again.
    return null;
  }
}

export async function writeAgreement(folder: string, report: AgreementReport): Promise<void> {
  const file = fileOf(folder);
  await mkdir(caseFolder(folder).derived, { recursive: true, mode: folderMode });
  const part = `${file}.part`;
  await writeFile(part, JSON.stringify({ method, ...report }), { mode: fileMode });
  await rename(part, file);
}

function fileOf(folder: string): string {
  return join(caseFolder(folder).derived, 'agreement.json');
}
