import { closingOf, type Token, tokensOf } from '../../util/boolean-expression.ts';

/**
 * Writes out what the CEL parser does not know: `cel.bind(name, value, body)` as `[value].map(name, body)[0]`, and
 * an optional path `a.?b.c` that ends in `.orValue(x)` or `.hasValue()` as a question for its fields. Anything
 * else stays as it is, and is then refused.
 */
export function withoutSugar(expression: string): string {
  let text = expression;
  for (let round = 0; round < 100; round += 1) {
    const next = withoutBind(text) ?? withoutOptional(text);
    if (next === null) return text;
    text = next;
  }
  return text;
}

function withoutBind(text: string): string | null {
  const tokens = tokensOf(text);
  const at = tokens.findIndex(
    ({ text: word }, index) => word === 'cel' && tokens[index + 2]?.text === 'bind',
  );
  if (at === -1 || tokens[at + 3]?.text !== '(') return null;
  const end = closingOf(tokens, at + 3);
  const [name, value, body, ...more] = argumentsOf(text, tokens, at + 4, end);
  if (name === undefined || value === undefined || body === undefined || more.length > 0) return null;
  return replaced(text, tokens, at, end, `[${value}].map(${name}, ${body})[0]`);
}

function withoutOptional(text: string): string | null {
  const tokens = tokensOf(text);
  const mark = tokens.findIndex(
    ({ text: word }, index) => word === '?' && '.['.includes(tokens[index - 1]?.text ?? ' '),
  );
  if (mark === -1) return null;
  let from = mark - 2;
  while (/^[\w.]+$/.test(tokens[from - 1]?.text ?? ' ')) from -= 1;
  const root = text.slice(tokens[from]?.start ?? 0, tokens[mark - 2]?.end ?? 0);
  const fields: string[] = [];
  let at = mark - 1;
  while (at < tokens.length) {
    const step = fieldAt(tokens, at);
    if (step === null) break;
    fields.push(step.field);
    at = step.next;
  }
  const verb = tokens[at + 1]?.text;
  const end = closingOf(tokens, at + 2);
  if (fields.length === 0 || tokens[at]?.text !== '.' || tokens[at + 2]?.text !== '(') return null;
  const paths = fields.map((_, index) => `${root}.${fields.slice(0, index + 1).join('.')}`);
  const there = paths.map((path) => `has(${path})`).join(' && ');
  if (verb === 'hasValue') return replaced(text, tokens, from, end, `(${there})`);
  const [other, ...more] = argumentsOf(text, tokens, at + 3, end);
  if (verb !== 'orValue' || other === undefined || more.length > 0) return null;
  return replaced(text, tokens, from, end, `(${there} ? ${paths.at(-1) ?? ''} : (${other}))`);
}

/** `.name`, `.?name`, `["name"]` or `[?"name"]`; null where the path ends. */
function fieldAt(tokens: readonly Token[], at: number): { field: string; next: number } | null {
  const optional = tokens[at + 1]?.text === '?' ? 1 : 0;
  const word = tokens[at + 1 + optional]?.text ?? '';
  const after = tokens[at + 2 + optional]?.text;
  if (tokens[at]?.text === '.' && /^[A-Za-z_]\w*$/.test(word) && after !== '(')
    return { field: word, next: at + 2 + optional };
  const quoted = /^["']([A-Za-z_]\w*)["']$/.exec(word)?.[1];
  if (tokens[at]?.text !== '[' || quoted === undefined || after !== ']') return null;
  return { field: quoted, next: at + 3 + optional };
}

function argumentsOf(text: string, tokens: readonly Token[], from: number, end: number): string[] {
  const found: string[] = [];
  let start = from;
  for (let at = from; at <= end; at += 1) {
    const word = tokens[at]?.text ?? '';
    if (at < end && word.length === 1 && '([{'.includes(word)) at = closingOf(tokens, at);
    else if (word === ',' || at === end) {
      found.push(text.slice(tokens[start]?.start ?? 0, tokens[at - 1]?.end ?? 0));
      start = at + 1;
    }
  }
  return found;
}

function replaced(text: string, tokens: readonly Token[], from: number, end: number, by: string): string {
  return text.slice(0, tokens[from]?.start ?? 0) + by + text.slice(tokens[end]?.end ?? text.length);
}
