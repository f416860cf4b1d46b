import type { Annotation, Import, Literal, Module, RegoVersion, Rule } from './ast.ts';
import { Cursor, type Grammar, improvedNot, laterKeywords, logicalKeywords } from './cursor.ts';
import { type Comment, SyntaxProblem, tokenize } from './lexer.ts';
import { parseBody, parseModifiers, parseQueryBody } from './literals.ts';
import { parseRule } from './rules.ts';
import { parseInfix, parseList, parseTerm } from './terms.ts';

const grammar: Grammar = {
  term: parseTerm,
  infix: parseInfix,
  list: parseList,
  body: parseBody,
  modifiers: parseModifiers,
};

/** Reads one file. Throws `SyntaxProblem`. */
export function parseModule(path: string, text: string, version: RegoVersion): Module {
  const { tokens, comments } = tokenize(text);
  const cursor = new Cursor(text, tokens, version, grammar);
  const start = cursor.token.start;
  if (!cursor.takeKeyword('package')) throw cursor.problem('"package" expected');
  const packagePath = pathOf(cursor);
  const packageSpan = { start, end: cursor.lastEnd };
  const imports: Import[] = [];
  const rules: Rule[] = [];
  endStatement(cursor);
  while (cursor.token.kind !== 'end') {
    if (cursor.isKeyword('import')) imports.push(parseImport(cursor));
    else rules.push(...parseRule(cursor));
    endStatement(cursor);
  }
  const annotations = annotationsOf(comments, text);
  return { path, text, package: packagePath, packageSpan, imports, rules, version, annotations };
}

/** Reads a query: expressions as in a rule's body. Throws `SyntaxProblem`. */
export function parseQuery(text: string): readonly Literal[] {
  const { tokens } = tokenize(text);
  return parseQueryBody(new Cursor(text, tokens, 1, grammar));
}

function endStatement(cursor: Cursor): void {
  if (cursor.takeOperator(';')) return;
  if (!cursor.token.newLine) throw cursor.problem('a new line expected');
}

/** `a.b["c"]` */
function pathOf(cursor: Cursor): string[] {
  const term = parseTerm(cursor);
  if (term.kind === 'variable') return [term.name];
  if (term.kind !== 'ref' || term.head.kind !== 'variable') throw new SyntaxProblem('not a path', term.start);
  const rest = term.path.map((part) => {
    if (part.kind !== 'scalar' || typeof part.value !== 'string') {
      throw new SyntaxProblem('a path consists of fixed texts', part.start);
    }
    return part.value;
  });
  return [term.head.name, ...rest];
}

function parseImport(cursor: Cursor): Import {
  const start = cursor.next().start;
  const path = pathOf(cursor);
  let alias: string | null = null;
  if (cursor.takeKeyword('as')) {
    const token = cursor.next();
    if (token.kind !== 'name') throw cursor.problem('a name expected', token);
    alias = token.text;
  }
  const [root, second, third] = path;
  if (root === 'future') {
    if (second !== 'keywords' || alias !== null) throw new SyntaxProblem('unexpected import path', start);
    const words = third === undefined ? laterKeywords : [third];
    for (const word of words) activate(cursor, word, start);
  } else if (root === 'rego') {
    if ((second !== 'v1' && second !== 'v2') || path.length !== 2 || alias !== null) {
      throw new SyntaxProblem('unexpected import path, must be `rego.v1`', start);
    }
    for (const word of laterKeywords) cursor.keywords.add(word);
    if (second === 'v2') cursor.keywords.add(improvedNot);
  } else if (root !== 'data' && root !== 'input') {
    throw new SyntaxProblem(
      'unexpected import path, must begin with one of: data, future, input, rego',
      start,
    );
  }
  return { path, alias, start, end: cursor.lastEnd };
}

function activate(cursor: Cursor, word: string, start: number): void {
  if (word === 'not') cursor.keywords.add(improvedNot);
  else if (logicalKeywords.some((known) => known === word)) cursor.keywords.add(word);
  else if (laterKeywords.some((known) => known === word)) {
    cursor.keywords.add(word);
    if (word === 'every') cursor.keywords.add('in');
  } else throw new SyntaxProblem(`unexpected keyword, not supported: ${word}`, start);
}

/** Blocks of comments that begin with `# METADATA`. */
function annotationsOf(comments: readonly Comment[], text: string): Annotation[] {
  const annotations: Annotation[] = [];
  for (let index = 0; index < comments.length; index++) {
    const first = comments[index];
    if (first === undefined || !first.alone || first.text.trim() !== 'METADATA') continue;
    const lines: string[] = [];
    let last = first;
    for (let next = comments[index + 1]; next?.alone; next = comments[index + 1]) {
      if (text.slice(last.end, next.start).split('\n').length > 2) break;
      lines.push(next.text);
      last = next;
      index++;
    }
    annotations.push({ yaml: lines.join('\n'), start: first.start, end: last.end });
  }
  return annotations;
}
