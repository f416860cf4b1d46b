import type { JsonObject } from '../../domain/json.ts';
import { textAt } from '../../domain/json.ts';

/** Key of a binding, policy or role of a bundle that was rebuilt from a log: why it is not known how it stood. */
export const unknownKey = 'rescind.unknown-because';

/** Marks what stands instead of everything else that a bundle says of the same. */
export const insteadKey = 'rescind.stands-instead';

export function unknownBecause(object: JsonObject): string | null {
  return textAt(object, unknownKey);
}
