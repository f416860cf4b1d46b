import type { DirectoryFormat } from '#shared/domain/directory.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { fitsMapping } from '#shared/directories/directory-csv/index.ts';
import { directoryByName } from '#shared/directories/index.ts';
import { shapeOf } from '#electron/evidence/records/decode.ts';
import type { Sniff } from './detect-format.ts';

/** A directory export is taken when it is at least this sure of one record. */
const leastConfidence = 0.5;

/** The directory export that is surest of the records; a table that fits the analyst's mapping is what that says. */
export function detectDirectory(
  directories: readonly DirectoryFormat[],
  { syntax, records }: Sniff,
  mapping: JsonObject | null,
): DirectoryFormat | null {
  if (mapping !== null && syntax.kind === 'table' && fitsMapping(syntax.header, mapping)) {
    return directoryByName('directory-csv') ?? null;
  }
  const shape = shapeOf(syntax);
  let best: { readonly format: DirectoryFormat; readonly total: number } | null = null;
  for (const format of directories) {
    const confidences = records.map((record) => format.detect(record, shape));
    const total = confidences.reduce((sum, confidence) => sum + confidence, 0);
    if (Math.max(0, ...confidences) >= leastConfidence && total > (best?.total ?? 0))
      best = { format, total };
  }
  return best?.format ?? null;
}
