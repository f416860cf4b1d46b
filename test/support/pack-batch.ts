import type { EventBatch } from '#shared/domain/batch.ts';
import { type DimensionName, dimensionNames } from '#shared/domain/dimensions.ts';
import { type PackedBatch, type PackedColumn, packColumns } from '#shared/domain/packed-batch.ts';

const encoder = new TextEncoder();

/** Packs a batch that a test has made. */
export function packBatch(batch: EventBatch): PackedBatch {
  const { count, micros, nanos, timeDigits, keys, offsets, lengths, dimensions, hashes, ...rest } = batch;
  const packed = Object.fromEntries(
    dimensionNames.map((name): [DimensionName, PackedColumn] => {
      const { ids, values } = dimensions[name];
      return [name, { ids, entries: values.length, texts: encoder.encode(values.join('\n')) }];
    }),
  ) as Record<DimensionName, PackedColumn>;
  const columns = { count, micros, nanos, timeDigits, keys, offsets, lengths, dimensions: packed, hashes };
  return { ...rest, columns: packColumns(columns) };
}
