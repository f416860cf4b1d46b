import type { PolicyText } from '../domain/policy-system.ts';
import type { PolicyRef } from '../domain/trace.ts';

/**
 * Where a rule stands within its policy's text, as a JSON Pointer (RFC 6901); null where that is not told. A locator
 * counts from the file. Into a document that its file holds as a string no pointer leads: there the position of the
 * statement tells it.
 */
export function pointerWithin({ pointer = '' }: PolicyText, { locator, index }: PolicyRef): string | null {
  if (pointer !== '' && locator === pointer && index !== undefined) return `/Statement/${index}`;
  return locator.startsWith(`${pointer}/`) ? locator.slice(pointer.length) : null;
}
