import { type Document, type YAMLSeq, isMap, isSeq, parseDocument } from 'yaml';
import type { JsonObject } from '../domain/json.ts';
import { type Result, failure, success } from '../util/result.ts';
import type { CheckSettings, Expectation } from './policy-test.ts';

/** A test to be written down. */
export interface NewTest {
  readonly request: JsonObject;
  readonly expected: Expectation;
  readonly note: string | null;
}

/** A file to begin with: what can be written in it, and no test. */
export const emptyTests = `# Expected decisions: each test has a request, the decision that is expected, and a note.
# checks: { denyByDefault: true, scopes: [resource.properties.namespace], exceptionPaths: true }
tests: []
`;

/** The text with tests added at the end of its list; comments stay. Fails with kind `unusable` where it is broken. */
export function withTests(text: string, tests: readonly NewTest[]): Result<string> {
  const document = parseDocument(text.trim() === '' ? emptyTests : text);
  const [broken] = document.errors;
  if (broken !== undefined) return failure('unusable', `The policy tests cannot be read: ${broken.message}`);
  const list = listOf(document);
  if (list === null) return failure('unusable', 'The policy tests have no list of “tests”.');
  // A list in one row is laid out: tests are long.
  list.flow = false;
  for (const { request, expected, note } of tests) {
    const { decision, ...more } = expected;
    const isShort = Object.keys(more).length === 0;
    list.add(
      document.createNode({
        ...(note === null ? {} : { note }),
        request,
        expect: isShort ? decision : expected,
      }),
    );
  }
  return success(written(document));
}

/** The text with other generated checks switched on. */
export function withChecks(text: string, checks: CheckSettings): Result<string> {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken !== undefined) return failure('unusable', `The policy tests cannot be read: ${broken.message}`);
  if (isSeq(document.contents)) {
    return failure(
      'unusable',
      'Write the tests under “tests” first: a plain list has no place for “checks”.',
    );
  }
  document.set('checks', document.createNode(checks));
  return success(written(document));
}

function listOf(document: Document): YAMLSeq | null {
  if (isSeq(document.contents)) return document.contents;
  if (!isMap(document.contents)) return null;
  const found: unknown = document.contents.get('tests', true);
  if (isSeq(found)) return found;
  if (document.contents.has('tests') && document.contents.get('tests') !== null) return null;
  const made = document.createNode([]);
  document.contents.set('tests', made);
  return made;
}

function written(document: Document): string {
  return document.toString({ lineWidth: 0 });
}
