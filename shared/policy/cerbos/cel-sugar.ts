import { closingOf, type Token, tokensOf } from '../../util/boolean-expression.ts';

/**
 * Writes out what the CEL parser does not know, as calls of functions that it has (`cel-optional.ts`): optional
 * paths `a.?b[?c]`, `optMap`, `cel.bind`, `sortBy`, macros with two variables, and `has` for keys whose value is
 * null. Anything else stays as it is, and is then refused.
 */
export function withoutSugar(expression: string): string {
  let text = expression;
  for (let round = 0; round < 200; round += 1) {
    const tokens = tokensOf(text);
    const next = rewritten(text, tokens);
    if (next === null) return text;
    text = next;
  }
  return text;
}

function rewritten(text: string, tokens: readonly Token[]): string | null {
  for (const [at, { text: word }] of tokens.entries()) {
    const next =
      word === '?' ? optionalPath(text, tokens, at) : /^[A-Za-z]/.test(word) ? call(text, tokens, at) : null;
    if (next !== null) return next;
  }
  return null;
}

/** `a.?b.c[d]` as `a.optField("b").optField("c").optIndex(d)`: what follows an optional is optional too. */
function optionalPath(text: string, tokens: readonly Token[], mark: number): string | null {
  const opening = tokens[mark - 1]?.text;
  const before = tokens[mark - 2]?.text ?? '';
  if ((opening !== '.' && opening !== '[') || !/[\w)\]"']$/.test(before)) return null;
  let written = '';
  let at = mark - 1;
  for (;;) {
    const optional = tokens[at + 1]?.text === '?' ? 1 : 0;
    const word = tokens[at + 1 + optional]?.text ?? '';
    if (tokens[at]?.text === '.' && /^[A-Za-z_]\w*$/.test(word) && tokens[at + 2 + optional]?.text !== '(') {
      written += `.optField("${word}")`;
      at += 2 + optional;
    } else if (tokens[at]?.text === '[') {
      const end = closingOf(tokens, at);
      if (end === tokens.length) return null;
      written += `.optIndex(${between(text, tokens, at + 1 + optional, end)})`;
      at = end + 1;
    } else break;
  }
  return written === '' ? null : replaced(text, tokens, mark - 1, at - 1, written);
}

type Macro = (args: readonly string[]) => string | null;

/** A pair of key and value, while a macro with two variables is written out. */
const pair = 'pair_of_two';
const eachOf =
  (macro: string) =>
  (key: string, value: string, body: string): string =>
    `[${pair}[0]].${macro}(${key}, [${pair}[1]].${macro}(${value}, ${body}))`;
const holds = eachOf('exists');
const bound = (key: string, value: string, body: string): string =>
  `[${pair}[0]].map(${key}, [${pair}[1]].map(${value}, ${body})[0])[0]`;

function quantifier(macro: string, inner: string): Macro {
  return ([key = '', value = '', body, ...more]) =>
    body === undefined || more.length > 0
      ? null
      : `pairs().${macro}(${pair}, ${eachOf(inner)(key, value, body)})`;
}

function transformation(make: (body: string) => string, end: string): Macro {
  return ([key = '', value = '', first, second, ...more]) => {
    if (first === undefined || more.length > 0) return null;
    const filter = second === undefined ? '' : `.filter(${pair}, ${holds(key, value, first)})`;
    return `pairs()${filter}.map(${pair}, ${make(bound(key, value, second ?? first))})${end}`;
  };
}

/** Macros called on a value. */
const methods: Readonly<Record<string, Macro>> = {
  optMap: ([name, body, ...more]) =>
    name === undefined || body === undefined || more.length > 0
      ? null
      : `optList().map(${name}, ${body}).optFirst()`,
  optFlatMap: ([name, body, ...more]) =>
    name === undefined || body === undefined || more.length > 0
      ? null
      : `optList().map(${name}, ${body}).optJoin()`,
  sortBy: ([name, key, ...more]) =>
    name === undefined || key === undefined || more.length > 0
      ? null
      : `map(${name}, [${key}, ${name}]).sortedPairs()`,
  all: quantifier('all', 'all'),
  exists: quantifier('exists', 'exists'),
  existsOne: quantifier('exists_one', 'exists'),
  exists_one: quantifier('exists_one', 'exists'),
  transformList: transformation((body) => body, ''),
  transformMap: transformation((body) => `[${pair}[0], ${body}]`, '.pairMap()'),
  transformMapEntry: transformation((body) => body, '.mergedMap()'),
};

function call(text: string, tokens: readonly Token[], at: number): string | null {
  if (tokens[at]?.text === 'cel' && tokens[at + 1]?.text === '.' && tokens[at + 2]?.text === 'bind')
    return bind(text, tokens, at);
  if (tokens[at + 1]?.text !== '(') return null;
  const end = closingOf(tokens, at + 1);
  if (end === tokens.length) return null;
  const word = tokens[at]?.text ?? '';
  if (tokens[at - 1]?.text !== '.') return word === 'has' ? presence(text, tokens, at, end) : null;
  const macro = Object.hasOwn(methods, word) ? methods[word] : undefined;
  const written = macro?.(argumentsOf(text, tokens, at + 2, end)) ?? null;
  return written === null ? null : replaced(text, tokens, at, end, written);
}

/** `cel.bind(name, value, body)` as `[value].map(name, body)[0]`. */
function bind(text: string, tokens: readonly Token[], at: number): string | null {
  if (tokens[at + 3]?.text !== '(') return null;
  const end = closingOf(tokens, at + 3);
  const [name, value, body, ...more] = argumentsOf(text, tokens, at + 4, end);
  if (name === undefined || value === undefined || body === undefined || more.length > 0) return null;
  return replaced(text, tokens, at, end, `[${value}].map(${name}, ${body})[0]`);
}

/** `has(a.b)` as a question for the key: to the parser's own, a null is not there. */
function presence(text: string, tokens: readonly Token[], at: number, end: number): string | null {
  const name = tokens[end - 1]?.text ?? '';
  if (tokens[end - 2]?.text !== '.' || !/^[A-Za-z_]\w*$/.test(name) || end - 2 <= at + 2) return null;
  return replaced(
    text,
    tokens,
    at,
    end,
    `fieldIsThere(${between(text, tokens, at + 2, end - 2)}, "${name}")`,
  );
}

function argumentsOf(text: string, tokens: readonly Token[], from: number, end: number): string[] {
  const found: string[] = [];
  let start = from;
  for (let at = from; at <= end; at += 1) {
    const word = tokens[at]?.text ?? '';
    if (at < end && word.length === 1 && '([{'.includes(word)) at = closingOf(tokens, at);
    else if (word === ',' || at === end) {
      found.push(between(text, tokens, start, at));
      start = at + 1;
    }
  }
  return found;
}

/** The source from one token up to another, the end exclusive. */
function between(text: string, tokens: readonly Token[], from: number, end: number): string {
  return text.slice(tokens[from]?.start ?? 0, tokens[end - 1]?.end ?? 0);
}

function replaced(text: string, tokens: readonly Token[], from: number, end: number, by: string): string {
  return text.slice(0, tokens[from]?.start ?? 0) + by + text.slice(tokens[end]?.end ?? text.length);
}
