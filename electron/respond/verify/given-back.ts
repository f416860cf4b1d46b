import { type Data, listOf, objectOf } from './data.ts';
import type { Note } from './note.ts';
import { provedRecord } from './proved-record.ts';

/**
 * Checks what a receipt says of a restore: that the journal has it, that it is of this run, that it began then, and
 * that nothing in the receipt is from later. `checkpoint`: null where no known key has signed it.
 */
export function checkGivenBack(
  receipt: Data,
  last: number,
  checkpoint: Note | null,
): { readonly at: string; readonly plan: string } | 'unproved' | null {
  const claim = receipt['givenBack'];
  if (claim === null || claim === undefined) return null;
  if (checkpoint === null) return 'unproved';
  const { run, plan, planHash, at, records } = objectOf(claim);
  const [start, intent] = listOf(records).map((item) => provedRecord(item, run, checkpoint));
  const document = objectOf(start?.body['document']);
  const restored = objectOf(document['plan']);
  const isIts =
    start?.['kind'] === 'run-started' &&
    document['hash'] === planHash &&
    restored['id'] === plan &&
    restored['restores'] === receipt['run'];
  const isThen =
    intent?.['kind'] === 'intent' &&
    intent.body['operation'] === 'undo' &&
    intent['time'] === at &&
    intent.seq > last;
  return isIts && isThen ? { at: String(at), plan: String(plan) } : 'unproved';
}
