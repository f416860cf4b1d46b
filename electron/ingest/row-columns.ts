import { batchCapacity } from '#shared/domain/batch.ts';
import { dimensionNames, hashedFields } from '#shared/domain/dimensions.ts';

/** Rows of a batch column by column, each of `batchCapacity`, as `EventBatch` has them. */
export interface RowColumns {
  readonly micros: Float64Array;
  readonly nanos: Uint16Array;
  readonly timeDigits: Uint8Array;
  readonly keys: Uint32Array;
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
  /** In the order of `hashedFields`. */
  readonly hashes: readonly Uint32Array[];
  /** In the order of `dimensionNames`. */
  readonly ids: readonly Uint32Array[];
}

/** Where rows lie. `columns` may be other objects whenever something else has used the memory. */
export interface RowStore {
  readonly columns: RowColumns;
}

export function newRowStore(): RowStore {
  return {
    columns: {
      micros: new Float64Array(batchCapacity),
      nanos: new Uint16Array(batchCapacity),
      timeDigits: new Uint8Array(batchCapacity),
      keys: new Uint32Array(batchCapacity * 4),
      offsets: new Float64Array(batchCapacity),
      lengths: words(),
      hashes: hashedFields.map(words),
      ids: dimensionNames.map(words),
    },
  };
}

function words(): Uint32Array {
  return new Uint32Array(batchCapacity);
}
