import { RE2JS } from 're2js';
import { inRange } from '../../util/ip-range.ts';

/**
 * The functions that matchers may call, as Casbin documents them (https://casbin.org/docs/function). They stand in
 * for the library's own, whose patterns run on JavaScript's regular expressions and in loops that for some patterns
 * never end (`keyMatch2` with `/:/all`).
 */
export type CasbinFunction = (...values: unknown[]) => boolean | string;

export const casbinFunctions: Readonly<Record<string, CasbinFunction>> = {
  keyMatch: texts(keyMatch),
  keyGet: texts(keyGet),
  keyMatch2: texts((path, pattern) => covers(path, pattern, /:[^/]+/g)),
  keyGet2: texts((path, pattern, name) => partOf(path, pattern, /:[^/]+/g, `:${name}`)),
  keyMatch3: texts((path, pattern) => covers(path, pattern, /\{[^/]+?\}/g)),
  keyGet3: texts((path, pattern, name) => partOf(path, pattern, /\{[^/]+?\}/g, `{${name}}`)),
  keyMatch4: texts(keyMatch4),
  keyMatch5: texts((path, pattern) => covers(path.split('?', 1)[0] ?? '', pattern, /\{[^/]+?\}/g)),
  regexMatch: texts((text, pattern) => compiled(pattern).matcher(text).find()),
  ipMatch: texts(ipMatch),
  globMatch: texts(globMatch),
};

/** What a pattern function gets is made text; nothing is the empty text. */
function texts(run: (first: string, second: string, third: string) => boolean | string): CasbinFunction {
  return (first, second, third) => run(textOf(first), textOf(second), textOf(third));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const kept = new Map<string, RE2JS>();
const mostKept = 2_000;

function compiled(pattern: string): RE2JS {
  let found = kept.get(pattern);
  if (found === undefined) {
    found = RE2JS.compile(pattern);
    if (kept.size >= mostKept) kept.clear();
    kept.set(pattern, found);
  }
  return found;
}

/** `/foo/bar` matches `/foo/*`: all before the first `*`. */
function keyMatch(path: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  return star === -1 ? path === pattern : path.startsWith(pattern.slice(0, star));
}

/** What stands where the `*` is. */
function keyGet(path: string, pattern: string): string {
  const star = pattern.indexOf('*');
  return star !== -1 && keyMatch(path, pattern) ? path.slice(star) : '';
}

/** `/*` is the rest of a path, a parameter one segment of it. */
function expressionOf(pattern: string, parameter: RegExp, by: string): string {
  return `^${pattern.replaceAll('/*', '/.*').replaceAll(parameter, by)}$`;
}

function covers(path: string, pattern: string, parameter: RegExp): boolean {
  // Alone it is no pattern with a path: it stands for all.
  return (
    pattern === '*' ||
    compiled(expressionOf(pattern, parameter, '[^/]+'))
      .matcher(path)
      .find()
  );
}

function valuesOf(path: string, pattern: string, parameter: RegExp): string[] | null {
  const matcher = compiled(expressionOf(pattern, parameter, '([^/]+)')).matcher(path);
  if (!matcher.find()) return null;
  return Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? '');
}

/** The segment that a parameter of the pattern stands for. */
function partOf(path: string, pattern: string, parameter: RegExp, name: string): string {
  const names: readonly string[] = pattern.match(parameter) ?? [];
  return valuesOf(path, pattern, parameter)?.[names.indexOf(name)] ?? '';
}

/** As `keyMatch3`, and parameters of one name stand for the same. */
function keyMatch4(path: string, pattern: string): boolean {
  const parameter = /\{[^/]+?\}/g;
  const names = pattern.match(parameter) ?? [];
  const values = valuesOf(path, pattern, parameter);
  if (values === null) return false;
  if (values.length !== names.length) throw new Error('the pattern has groups beside its parameters');
  const seen = new Map<string, string>();
  return names.every((name, index) => {
    const value = values[index] ?? '';
    const before = seen.get(name);
    seen.set(name, before ?? value);
    return before === undefined || before === value;
  });
}

function ipMatch(address: string, range: string): boolean {
  if (range.includes('/')) return inRange(address, range);
  return inRange(address, `${range}/${range.includes(':') && !range.includes('.') ? 128 : 32}`);
}

/** `*` and `?` stop at `/`, `[a-z]` and `[^a-z]` are classes, `\` escapes. */
function globMatch(text: string, pattern: string): boolean {
  let expression = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] ?? '';
    if (character === '*') expression += '[^/]*';
    else if (character === '?') expression += '[^/]';
    else if (character === '\\') expression += RE2JS.quote(pattern[++index] ?? '');
    else if (character === '[') {
      const end = pattern.indexOf(']', index + 2);
      if (end === -1) throw new Error('a class does not end');
      expression += pattern.slice(index, end + 1);
      index = end;
    } else expression += RE2JS.quote(character);
  }
  return compiled(`^(?s:${expression})$`).matcher(text).find();
}
