import { type Document, LineCounter, type Node, isMap, isNode, isSeq, parseDocument } from 'yaml';
import { type Json, type JsonObject, isObject } from '../domain/json.ts';
import type { Decision, Evaluation } from '../domain/trace.ts';
import { type Result, failure, success } from '../util/result.ts';
import {
  type CheckSettings,
  type Expectation,
  type PolicyTest,
  type PolicyTestFile,
  noChecks,
} from './policy-test.ts';

const decisions: ReadonlyMap<unknown, Decision> = new Map<unknown, Decision>([
  ['allow', 'allow'],
  ['deny', 'deny'],
  ['indeterminate', 'indeterminate'],
  // AuthZEN's decision is a boolean.
  [true, 'allow'],
  [false, 'deny'],
]);
const kinds: readonly string[] = ['explicit', 'implicit', 'bypass'] satisfies Evaluation['kind'][];
const parts = ['subject', 'action', 'resource', 'context'] as const;

/** Something wrong in a file of policy tests, at a line and a column from 1. */
export interface TestsProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface ReadTests {
  /** What could be read; tests with a problem are left out. */
  readonly file: PolicyTestFile;
  readonly problems: readonly TestsProblem[];
}

/**
 * Reads a file of policy tests (YAML, and so JSON): `tests` is a list of `request`, `expect` and `note`; `defaults`
 * gives parts of requests that a test leaves out; `checks` switches generated checks on. Fails with the first thing
 * that is wrong.
 */
export function parsePolicyTests(text: string): Result<PolicyTestFile> {
  const { file, problems } = readPolicyTests(text);
  const [first] = problems;
  return first === undefined ? success(file) : refuse(first.line, first.message);
}

/** As `parsePolicyTests`, with everything that is wrong and where. */
export function readPolicyTests(text: string): ReadTests {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: TestsProblem[] = [];
  const report = (offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({ line, column: col, message });
  };
  const nothing: PolicyTestFile = { tests: [], checks: noChecks };
  for (const { pos, message } of document.errors) report(pos[0], message);
  if (problems.length > 0) return { file: nothing, problems };
  let root: unknown;
  try {
    root = plain(document);
  } catch (thrown) {
    report(0, thrown instanceof Error ? thrown.message : String(thrown));
    return { file: nothing, problems };
  }
  const whole: JsonObject = Array.isArray(root) ? { tests: root } : isObject(root) ? root : {};
  const list = isSeq(document.contents) ? document.contents : seqAt(document.contents);
  const { tests, defaults } = whole;
  if (!Array.isArray(tests) || list === null) {
    report(offsetOf(document, ['tests']), 'There is no list of “tests”.');
    return { file: nothing, problems };
  }
  if (defaults !== undefined && !isObject(defaults)) {
    report(offsetOf(document, ['defaults']), '“defaults” is an object.');
  }
  const checks = checksOf(whole['checks']);
  if (typeof checks === 'string') report(offsetOf(document, ['checks']), checks);

  const read: PolicyTest[] = [];
  for (const [index, test] of (tests as readonly Json[]).entries()) {
    const item: unknown = list.items[index];
    const offset = isNode(item) ? ((item as Node).range?.[0] ?? 0) : 0;
    const { line } = lines.linePos(offset);
    const parsed = testOf(test, isObject(defaults) ? defaults : {}, line);
    if (typeof parsed === 'string') report(offset, parsed);
    else read.push(parsed);
  }
  return { file: { tests: read, checks: typeof checks === 'string' ? noChecks : checks }, problems };
}

function offsetOf(document: Document, path: readonly string[]): number {
  const node: unknown = isMap(document.contents) ? document.getIn(path, true) : null;
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function plain(document: Document): unknown {
  // The guard against alias bombs is the library's own.
  return document.toJS({ maxAliasCount: 100 }) as unknown;
}

function seqAt(contents: unknown): { readonly items: readonly unknown[] } | null {
  const found: unknown = isMap(contents) ? contents.get('tests', true) : null;
  return isSeq(found) ? found : null;
}

function testOf(test: Json, defaults: JsonObject, line: number): PolicyTest | string {
  if (!isObject(test)) return 'A test is an object with “request” and “expect”.';
  const { request } = test;
  if (!isObject(request)) return '“request” is an evaluation request.';
  const expected = expectationOf(test['expect'] ?? test['expected']);
  if (typeof expected === 'string') return expected;
  const note = test['note'] ?? test['name'] ?? null;
  if (note !== null && typeof note !== 'string') return '“note” is a text.';
  return { request: withDefaults(request, defaults), expected, note, line };
}

/** The request with the parts that it leaves out; within subject, action, resource and context by member. */
function withDefaults(request: JsonObject, defaults: JsonObject): JsonObject {
  const filled: Record<string, Json> = {};
  for (const part of parts) {
    const own = request[part];
    const usual = defaults[part];
    if (isObject(own) && isObject(usual)) filled[part] = { ...usual, ...own };
    else if (own !== undefined) filled[part] = own;
    else if (usual !== undefined) filled[part] = usual;
  }
  return filled;
}

function expectationOf(value: Json | undefined): Expectation | string {
  const short = decisions.get(value);
  if (short !== undefined) return { decision: short };
  if (!isObject(value)) return '“expect” is allow, deny or indeterminate, or an object with “decision”.';
  const decision = decisions.get(value['decision']);
  if (decision === undefined) return '“expect.decision” is allow, deny or indeterminate.';
  const { kind, determining, blockedBy } = value;
  if (kind !== undefined && (typeof kind !== 'string' || !kinds.includes(kind))) {
    return '“expect.kind” is explicit, implicit or bypass.';
  }
  if (determining !== undefined && !isTexts(determining)) return '“expect.determining” is a list of names.';
  if (blockedBy !== undefined && !isTexts(blockedBy)) return '“expect.blockedBy” is a list of layers.';
  return {
    decision,
    ...(kind === undefined ? {} : { kind: kind as Evaluation['kind'] }),
    ...(determining === undefined ? {} : { determining }),
    ...(blockedBy === undefined ? {} : { blockedBy }),
  };
}

function checksOf(value: Json | undefined): CheckSettings | string {
  if (value === undefined || value === null) return noChecks;
  if (!isObject(value)) return '“checks” is an object.';
  const { denyByDefault = false, scopes = [], exceptionPaths = false } = value;
  if (typeof denyByDefault !== 'boolean' || typeof exceptionPaths !== 'boolean') {
    return '“checks.denyByDefault” and “checks.exceptionPaths” are true or false.';
  }
  if (!isTexts(scopes)) return '“checks.scopes” is a list of paths, e.g. resource.properties.namespace.';
  return { denyByDefault, scopes, exceptionPaths };
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function refuse(line: number, message: string): Result<never> {
  return failure('unusable', `Line ${line} of the policy tests: ${message}`, { line });
}
