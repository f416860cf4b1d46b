/** The query language: one parser, one tree, one meaning, for the command line, the console and every store. */
export type { Bound, FieldTest, Glob, GlobPart, ParseResult, Query, QueryProblem } from './ast.ts';
export { type Completion, complete } from './complete.ts';
export { withFilter } from './edit.ts';
export { type FieldKind, type QueryField, fieldNamed, queryFields } from './fields.ts';
export { formatQuery, quoteValue } from './format.ts';
export { matchesEvent } from './matches.ts';
export { parseQuery } from './parse.ts';
