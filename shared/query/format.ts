import type { Bound, FieldTest, Glob, Query } from './ast.ts';

/** Writes a query so that `parseQuery` gives the same tree again. */
export function formatQuery(query: Query): string {
  return format(query, 0);
}

/** Binding strength: 0 nothing around, 1 within `or`, 2 within `and`, 3 within `not`. */
function format(query: Query, strength: number): string {
  if (query.kind === 'all') return strength === 0 ? '' : '*';
  if (query.kind === 'or') return wrap(query.parts.map((part) => format(part, 1)).join(' OR '), strength > 0);
  if (query.kind === 'and') return wrap(query.parts.map((part) => format(part, 2)).join(' '), strength > 2);
  if (query.kind === 'not') return `-${format(query.part, 3)}`;
  if (query.kind === 'text') return formatGlob(query.glob);
  return `${query.field}:${formatTest(query.test)}`;
}

function wrap(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}

function formatTest(test: FieldTest): string {
  if (test.kind === 'exists') return '*';
  if (test.kind === 'network') return test.network;
  if (test.kind === 'glob') return formatGlob(test.glob);
  return formatRange(test.from, test.to);
}

function formatRange(from: Bound | null, to: Bound | null): string {
  if (from !== null && to !== null) {
    if (from.text === to.text && from.inclusive && to.inclusive)
      return `[${quoteValue(from.text)} TO ${quoteValue(to.text)}]`;
    const [open, close] = [from.inclusive ? '[' : '{', to.inclusive ? ']' : '}'];
    return `${open}${quoteValue(from.text)} TO ${quoteValue(to.text)}${close}`;
  }
  if (from !== null) return `>${from.inclusive ? '=' : ''}${quoteValue(from.text)}`;
  return `<${to?.inclusive === true ? '=' : ''}${quoteValue(to?.text ?? '*')}`;
}

/** A value as it is written in a query: bare where that is safe, else in quotes. */
export function quoteValue(text: string): string {
  const isBare = /^[A-Za-z0-9_][A-Za-z0-9_.:@/+=,#%$-]*$/.test(text) && !/^(?:AND|OR|NOT|TO)$/.test(text);
  return isBare ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Free text with a colon would be read as a field, `/` in an address as a network: those are quoted. */
function formatGlob(glob: Glob): string {
  const [part] = glob;
  if (part === undefined) return '""';
  if (glob.length === 1 && typeof part === 'object') {
    return /[:/]/.test(part.text) ? quoted(part.text) : quoteValue(part.text);
  }
  return glob
    .map((piece) =>
      typeof piece === 'object' ? piece.text.replaceAll(/[^A-Za-z0-9_.@+=,-]|^-/g, String.raw`\$&`) : piece,
    )
    .join('');
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
