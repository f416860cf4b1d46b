/**
 * A text as QR codes, as few as possible. Each code holds one part:
 *
 *     RSCQ1 INDEX/TOTAL DIGEST DATA
 *
 * INDEX counts from 1; DIGEST is the first 16 hexadecimal digits of the SHA-256 of the whole text (UTF-8), the same in
 * all parts; DATA is a piece of the text, compressed (raw DEFLATE, RFC 1951) and then in base64url (RFC 4648, without
 * padding), cut into pieces in order. What the parts carry is signed, or bound by its hash: the digest only finds
 * parts that do not belong together.
 */
const mark = 'RSCQ1';
const shape = /^RSCQ1 (\d{1,3})\/(\d{1,3}) ([0-9a-f]{16}) ([\w-]+)$/;

/** Characters of DATA a code: it can still be read from a photo of a screen. */
const pieceLength = 720;
/** More codes nobody takes photos of: a file is the better way then. */
const mostParts = 40;
/** Characters of a text that is put together. SECURITY: a few codes could unfold into very much. */
const largestText = 8_000_000;

/** The parts of a text; null where it is too long for codes. */
export async function partsOf(text: string): Promise<readonly string[] | null> {
  const bytes = new TextEncoder().encode(text);
  const packed = base64url(await bytesOf(through(bytes, new CompressionStream('deflate-raw'))));
  const total = Math.ceil(packed.length / pieceLength);
  if (total > mostParts) return null;
  const digest = await digestOf(bytes);
  return Array.from({ length: total }, (_, index) => {
    const piece = packed.slice(index * pieceLength, (index + 1) * pieceLength);
    return `${mark} ${index + 1}/${total} ${digest} ${piece}`;
  });
}

export function isPart(text: string): boolean {
  return shape.test(text);
}

export type Joined = { readonly text: string } | { readonly problem: string };

/** The text of its parts, in any order, each once or more. */
export async function joinParts(parts: readonly string[]): Promise<Joined> {
  const pieces = new Map<number, string>();
  let whole: { readonly total: number; readonly digest: string } | null = null;
  for (const part of parts) {
    const [, index, total, digest, piece] = shape.exec(part) ?? [];
    if (index === undefined || total === undefined || digest === undefined || piece === undefined) {
      return { problem: 'One of the codes is none of a plan or of an approval.' };
    }
    whole ??= { total: Number(total), digest };
    if (whole.total !== Number(total) || whole.digest !== digest) {
      return { problem: 'These codes do not belong together: they are of different plans or approvals.' };
    }
    const number = Number(index);
    if (number < 1 || number > whole.total)
      return { problem: 'One of the codes has a number that cannot be.' };
    if ((pieces.get(number) ?? piece) !== piece) {
      return { problem: `Code ${number} is there twice, and the two differ.` };
    }
    pieces.set(number, piece);
  }
  if (whole === null) return { problem: 'No code was found.' };
  const numbers = Array.from({ length: whole.total }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !pieces.has(number));
  if (missing.length > 0) {
    return {
      problem: `Of ${whole.total} codes ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
    };
  }
  return unpacked(numbers.map((number) => pieces.get(number) ?? '').join(''), whole.digest);
}

const altered = {
  problem: 'The codes were altered or misread: what they hold does not have the digest that they name.',
};

async function unpacked(packed: string, digest: string): Promise<Joined> {
  try {
    const bytes = await bytesOf(
      through(fromBase64url(packed), new DecompressionStream('deflate-raw')),
      largestText,
    );
    if (bytes === null) return { problem: 'The codes hold more than any plan.' };
    if ((await digestOf(bytes)) !== digest) return altered;
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return altered;
  }
}

function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([bytes]).stream().pipeThrough(transform);
}

async function bytesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>>;
async function bytesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | null>;
async function bytesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  limit = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = stream.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCodePoint(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.codePointAt(0) ?? 0);
}
