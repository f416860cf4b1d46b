import { type Data, objectOf, parse, textOf, textsOf } from './data.ts';
import { isIncluded } from './inclusion.ts';
import { type Note, leafOf, sha256 } from './note.ts';

/** A record of the journal with its body; null where it is of another run, or not in the journal as the checkpoint has it. */
export function provedRecord(
  item: Data,
  run: unknown,
  { size, root }: Pick<Note, 'size' | 'root'>,
): (Data & { readonly seq: number; readonly body: Data }) | null {
  const [line, body] = [textOf(item['line']), textOf(item['body'])];
  const head = objectOf(parse(line));
  const seq = head['seq'];
  const proof = textsOf(item['proof']).map((hash) => Buffer.from(hash, 'base64'));
  const isSound =
    typeof seq === 'number' &&
    seq === item['seq'] &&
    head['run'] === run &&
    head['bodyDigest'] === sha256(body).toString('hex') &&
    isIncluded(leafOf(line), seq, size, proof, Buffer.from(root, 'base64'));
  return isSound ? { ...head, seq, body: objectOf(parse(body)) } : null;
}
