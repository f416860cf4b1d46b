import type { PolicyText } from '#shared/domain/policy-system.ts';
import type { PolicyRef } from '#shared/domain/trace.ts';
import { pointerWithin } from '#shared/what-if/pointer-within.ts';

/** Lines of a text, from 1, both inclusive. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The text in which a rule stands: that of its policy, else that of its file. */
export function textOfRef(texts: readonly PolicyText[], { path, policyId }: PolicyRef): PolicyText | null {
  return (
    texts.find((text) => text.path === path && text.policyId === policyId) ??
    texts.find((text) => text.policyId === policyId) ??
    (path === '' ? null : (texts.find((text) => text.path === path) ?? null))
  );
}

/**
 * The lines of a rule within a policy's text. Its locator counts from the file: where the text is one policy of it,
 * the end of a JSON Pointer counts within the text, and the rows of a policy that is text itself are all of it.
 * Null where the place is not told.
 */
export function rangeOfRef(text: PolicyText, ref: PolicyRef): LineRange | null {
  const lines = text.text.split('\n').length;
  const rows = /^(\d+):\d+(?:-(\d+):\d+)?$/.exec(ref.locator);
  if (rows !== null) {
    const first = Number(rows[1]);
    const last = Number(rows[2] ?? rows[1]);
    // A single policy's text as long as the range is that range.
    if (text.policyId !== text.path && last - first + 1 >= lines - 1) return { first: 1, last: lines };
    return last <= lines ? { first, last } : null;
  }
  if (!ref.locator.startsWith('/')) return null;
  const places = jsonPlaces(text.text);
  for (
    let pointer = pointerWithin(text, ref) ?? ref.locator;
    pointer !== '';
    pointer = withoutFirst(pointer)
  ) {
    const place = places.get(pointer);
    if (place !== undefined) return place;
  }
  return text.policyId === ref.policyId && text.policyId !== text.path ? { first: 1, last: lines } : null;
}

function withoutFirst(pointer: string): string {
  const next = pointer.indexOf('/', 1);
  return next < 0 ? '' : pointer.slice(next);
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\n/g;

interface Open {
  readonly pointer: string;
  readonly first: number;
  /** Position of the next item; null within an object. */
  index: number | null;
  key: string | null;
}

/** The lines of every object and list of a JSON text, by JSON Pointer (RFC 6901). */
function jsonPlaces(text: string): ReadonlyMap<string, LineRange> {
  const places = new Map<string, LineRange>();
  const open: Open[] = [];
  let line = 1;
  let previous = '';
  const childPointer = (): string => {
    const parent = open.at(-1);
    if (parent === undefined) return '';
    return `${parent.pointer}/${parent.index ?? escaped(parent.key ?? '')}`;
  };
  for (const [piece] of text.matchAll(token)) {
    const parent = open.at(-1);
    if (piece === '\n') line++;
    else if (piece === '{' || piece === '[') {
      open.push({ pointer: childPointer(), first: line, index: piece === '[' ? 0 : null, key: null });
    } else if (piece === '}' || piece === ']') {
      const closed = open.pop();
      if (closed !== undefined) places.set(closed.pointer, { first: closed.first, last: line });
    } else if (piece === ',') {
      if (parent !== undefined && parent.index !== null) parent.index++;
    } else if (piece === ':') {
      if (parent !== undefined) parent.key = previous;
    } else previous = piece.startsWith('"') ? unquoted(piece) : piece;
  }
  return places;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
