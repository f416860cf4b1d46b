import type { FieldName } from '../domain/dimensions.ts';
import { type QueryField, fieldNamed, queryFields } from './fields.ts';
import { quoteValue } from './format.ts';

/** What may stand at the caret. `from`..`to` is the text that a candidate replaces. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly kind: 'field' | 'value' | 'operator';
  /** The field whose value stands here, for `value`. */
  readonly field?: FieldName;
  /** What is written so far, without quotes: ask the store for values that hold it. */
  readonly prefix: string;
  /** Texts to insert, where they are known without asking the store. */
  readonly candidates?: readonly string[];
}

const operators = ['AND', 'OR', 'NOT'];

/** A word with the field it belongs to; `from` and `to` are its ends in the text. */
interface Word {
  readonly from: number;
  readonly to: number;
  readonly field: QueryField | undefined;
}

/**
 * What can be completed at the caret, in any text, also one that is not finished or wrong. Field candidates end with a
 * colon; operators are offered once an upper-case letter of one is there.
 */
export function complete(text: string, caret: number): Completion {
  const at = Math.max(0, Math.min(caret, text.length));
  const word = wordAt(text, at);
  const start = /^[-!]?/.exec(text.slice(word.from, at))?.[0].length ?? 0;
  const from = word.field === undefined ? word.from + start : word.from;
  const written = text.slice(from, at);
  if (word.field !== undefined) {
    const prefix = written.replace(/^(?:"|[<>]=?)/, '').replaceAll(/\\(.)/g, '$1');
    const known = valuesOf(word.field).filter((value) => value.includes(prefix.toLowerCase()));
    const sign = /^[<>]=?/.exec(written)?.[0].length ?? 0;
    const base = { from: from + sign, to: word.to, kind: 'value', field: word.field.name, prefix } as const;
    return known.length === 0 ? base : { ...base, candidates: known.map(quoteValue) };
  }
  const upper = operators.filter((operator) => written !== '' && operator.startsWith(written));
  if (upper.length > 0) return { from, to: word.to, kind: 'operator', prefix: written, candidates: upper };
  return { from, to: word.to, kind: 'field', prefix: written, candidates: fieldsFor(written) };
}

function valuesOf(field: QueryField): readonly string[] {
  return field.values ?? [];
}

/** Fields whose name starts with the text first, then those that hold it. */
function fieldsFor(written: string): readonly string[] {
  const wanted = written.toLowerCase();
  const names = queryFields.map((field) => field.name);
  const starts = names.filter((name) => name.toLowerCase().startsWith(wanted));
  const holds = names.filter((name) => !starts.includes(name) && name.toLowerCase().includes(wanted));
  return [...starts, ...holds].map((name) => `${name}:`);
}

/** The word at the caret: quotes, parentheses after a field and ranges are followed from the start of the text. */
function wordAt(text: string, caret: number): Word {
  const groups: (QueryField | undefined)[] = [];
  let at = 0;
  let from = 0;
  let field: QueryField | undefined;
  while (at < caret) {
    const character = text[at] ?? '';
    if (character === '"') {
      const end = quoteEnd(text, at);
      if (end > caret || (end === caret && text[end - 1] !== '"')) return { from: at, to: end, field };
      at = end;
    } else if (character === '\\') at += 2;
    else if (character === '(') {
      groups.push(field);
      from = ++at;
    } else if (character === ')') {
      groups.pop();
      field = groups.at(-1);
      from = ++at;
    } else if (/[\s[\]{}]/.test(character)) {
      if (character === '[' || character === '{') groups.push(field);
      else if (character === ']' || character === '}') groups.pop();
      field = groups.at(-1);
      from = ++at;
    } else if (character === ':' && field === undefined) {
      field = fieldNamed(text.slice(from, at).replace(/^[-!]/, ''));
      at++;
      if (field !== undefined) from = at;
    } else at++;
  }
  let to = caret;
  while (to < text.length && !/[\s()[\]{}"]/.test(text[to] ?? '')) to++;
  if (field === undefined && text.slice(caret, to).includes(':')) to = text.indexOf(':', caret) + 1;
  return { from: Math.min(from, caret), to, field };
}

/** The end of the quoted text that starts at `at`, behind its closing quote; the end of the text where it is open. */
function quoteEnd(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '"') return end + 1;
  }
  return text.length;
}
