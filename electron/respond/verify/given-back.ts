import { isIncluded } from './inclusion.ts';
import { leafOf, readNote, sha256 } from './note.ts';

type Data = Readonly<Record<string, unknown>>;

/**
 * Checks what a receipt says of a restore: that the journal has it, that it is of this run, that it began then, and
 * that nothing in the receipt is from later.
 */
export function checkGivenBack(
  receipt: Data,
  last: number,
  keys: readonly string[],
): { readonly at: string; readonly plan: string } | 'unproved' | null {
  const claim = receipt['givenBack'];
  if (claim === null || claim === undefined) return null;
  const { run, plan, planHash, at, records } = objectOf(claim);
  const checkpoint = readNote(String(objectOf(receipt['journal'])['checkpoint']), keys);
  if (checkpoint === null || !checkpoint.signed || !Array.isArray(records)) return 'unproved';
  const root = Buffer.from(checkpoint.root, 'base64');
  const heads = records.map((item: unknown) => {
    const { line, body, proof } = objectOf(item);
    const head = objectOf(parse(line));
    const hashes = (Array.isArray(proof) ? proof : []).map((hash) => Buffer.from(String(hash), 'base64'));
    const isSound =
      typeof head['seq'] === 'number' &&
      head['run'] === run &&
      head['bodyDigest'] === sha256(String(body)).toString('hex') &&
      isIncluded(leafOf(String(line)), head['seq'], checkpoint.size, hashes, root);
    return isSound ? { ...head, body: objectOf(parse(body)) } : {};
  });
  const [start, intent] = heads.map(objectOf);
  const document = objectOf(objectOf(start?.['body'])['document']);
  const restored = objectOf(document['plan']);
  const isIts =
    start?.['kind'] === 'run-started' &&
    document['hash'] === planHash &&
    restored['id'] === plan &&
    restored['restores'] === receipt['run'];
  const isThen =
    intent?.['kind'] === 'intent' &&
    objectOf(intent['body'])['operation'] === 'undo' &&
    intent['time'] === at &&
    Number(intent['seq']) > last;
  return isIts && isThen ? { at: String(at), plan: String(plan) } : 'unproved';
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
}
