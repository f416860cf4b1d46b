import type { EventBatch } from '#shared/domain/batch.ts';
import { dimensionNames, hashedFields } from '#shared/domain/dimensions.ts';

/**
 * Throws where a batch is not what it claims to be.
 * SECURITY: batches come from the process that parses hostile files; what reaches the store has been looked at.
 */
export function checkBatch(batch: EventBatch): void {
  const { count } = batch;
  const columns: readonly (readonly [string, ArrayLike<number>])[] = [
    ['micros', batch.micros],
    ['nanos', batch.nanos],
    ['timeDigits', batch.timeDigits],
    ['offsets', batch.offsets],
    ['lengths', batch.lengths],
    ...dimensionNames.map((name) => [name, batch.dimensions[name].ids] as const),
    ...hashedFields.map((name, index) => [name, batch.hashes[index] ?? []] as const),
  ];
  for (const [name, column] of columns) {
    if (column.length < count) throw new RangeError(`batch: ${column.length} of ${count} values in ${name}`);
  }
  if (batch.keys.length < count * 4)
    throw new RangeError(`batch: ${batch.keys.length} words of ${count} keys`);
  for (let index = 0; index < count; index++) {
    if (!Number.isSafeInteger(batch.micros[index])) throw new RangeError(`batch: time of event ${index}`);
    if (!Number.isSafeInteger(batch.offsets[index])) throw new RangeError(`batch: offset of event ${index}`);
  }
}
