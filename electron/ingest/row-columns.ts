import { dimensionNames, hashedFields } from '#shared/domain/dimensions.ts';
import type { RowColumns } from '#shared/domain/packed-batch.ts';

/** Where rows lie. `columns` may be other objects whenever something else has used the memory. */
export interface RowStore {
  readonly columns: RowColumns;
}

/** Columns of so many rows. */
export function newRowColumns(rows: number): RowColumns {
  const words = (): Uint32Array => new Uint32Array(rows);
  return {
    micros: new Float64Array(rows),
    nanos: new Uint16Array(rows),
    timeDigits: new Uint8Array(rows),
    keys: new Uint32Array(rows * 4),
    offsets: new Float64Array(rows),
    lengths: words(),
    hashes: hashedFields.map(words),
    ids: dimensionNames.map(words),
  };
}
