import { isUtf8 } from 'node:buffer';
import { dimensionNames } from '#shared/domain/dimensions.ts';
import { type BatchColumns, openColumns } from '#shared/domain/packed-batch.ts';

/**
 * The columns of a batch. Throws where it is not what it claims to be; what its columns say of its dictionaries is seen
 * when they are taken in.
 * SECURITY: batches come from the process that parses hostile files; what reaches the store has been looked at.
 */
export function checkedColumns(packed: Uint8Array): BatchColumns {
  const columns = openColumns(packed);
  demandWhole('time', columns.micros);
  demandWhole('offset', columns.offsets);
  for (const name of dimensionNames) {
    if (!isUtf8(columns.dimensions[name].texts)) throw new RangeError(`batch: texts of ${name}`);
  }
  return columns;
}

function demandWhole(what: string, values: Float64Array): void {
  for (let index = 0; index < values.length; index++) {
    if (!Number.isSafeInteger(values[index])) throw new RangeError(`batch: ${what} of event ${index}`);
  }
}
