import { isObject, type Json } from '../../../domain/json.ts';
import type { BundleProblem } from '../../../domain/policy-system.ts';
import { unknownBecause } from '../history/unknown.ts';
import { readDocument } from './read-document.ts';
import { smell } from './smells.ts';
import { type CompiledStatement, compileStatement, type PolicyKind } from './statement.ts';

/** Where a policy document stands. */
export interface PolicyOrigin {
  readonly path: string;
  /** JSON Pointer of the document within its file. */
  readonly pointer: string;
  /** Unique in the bundle where the bundle has it so: the ARN of a managed policy, owner and name of an inline one. */
  readonly id: string;
  /** Its name as people say it. */
  readonly name: string;
}

export interface CompiledPolicy {
  readonly origin: PolicyOrigin;
  readonly statements: readonly CompiledStatement[];
  /** JSON Pointers of the statements within the file. */
  readonly pointers: readonly string[];
  /** Why the meaning of a part of it is not known. */
  readonly gaps: readonly string[];
  /** The document, for the text view. */
  readonly document: Json;
}

/**
 * Compiles a policy document. What is wrong becomes a problem with its position; a statement that cannot be used
 * leaves a gap, so that no decision rests on what it may have said.
 */
export function compilePolicy(
  value: Json,
  kind: PolicyKind,
  origin: PolicyOrigin,
  problems: BundleProblem[],
): CompiledPolicy {
  const report = (severity: BundleProblem['severity'], locator: string, message: string): void => {
    problems.push({ severity, path: origin.path, locator, message: `${origin.name}: ${message}` });
  };
  const read = readDocument(value);
  const statements: CompiledStatement[] = [];
  const pointers: string[] = [];
  const gaps: string[] = [];
  const fail = (locator: string, message: string): void => {
    report('error', locator, message);
    gaps.push(`${origin.name}${locator.slice(origin.pointer.length)}: ${message}`);
  };
  const document = read?.document ?? null;
  if (!isObject(document)) {
    fail(origin.pointer, 'Expected a policy document.');
    return { origin, statements, pointers, gaps, document };
  }
  const unknown = unknownBecause(document);
  if (unknown !== null) {
    report('warning', origin.pointer, unknown);
    return { origin, statements, pointers, gaps: [`${origin.name}: ${unknown}`], document };
  }
  const version = document['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    fail(origin.pointer, `${JSON.stringify(version)} is no version of the policy language.`);
  }
  const element = document['Statement'];
  const list = Array.isArray(element) ? (element as readonly Json[]) : element === undefined ? [] : [element];
  if (element === undefined) fail(origin.pointer, 'Expected Statement.');
  list.forEach((statement, index) => {
    const inFile =
      read?.encoded === true ? '' : Array.isArray(element) ? `/Statement/${index}` : '/Statement';
    const pointer = origin.pointer + inFile;
    const at = (relative: string): string => (read?.encoded === true ? pointer : pointer + relative);
    const compiled = compileStatement(statement, index, kind, version === '2012-10-17', {
      error: (relative, message) => fail(at(relative), `statement ${index + 1}: ${message}`),
      warning: (relative, message) => report('warning', at(relative), `statement ${index + 1}: ${message}`),
    });
    if (compiled === null) return;
    smell(compiled, (relative, message) =>
      report('warning', at(relative), `statement ${index + 1}: ${message}`),
    );
    statements.push(compiled);
    pointers.push(pointer);
  });
  return { origin, statements, pointers, gaps, document };
}

/** Keys that the policy's conditions and variables read, in lower case. */
export function keysOf(policy: CompiledPolicy): string[] {
  return policy.statements.flatMap((statement) => [
    ...(statement.condition?.keys ?? []),
    ...(statement.resource?.patterns.flatMap((pattern) => pattern.keys) ?? []),
  ]);
}
