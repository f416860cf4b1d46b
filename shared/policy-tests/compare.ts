import type { Evaluation } from '../domain/trace.ts';
import type { PolicyTest, PolicyTestResult } from './policy-test.ts';

/** Holds an evaluation against what a test expects. `number` counts the tests of the run from 1. */
export function compareTest(test: PolicyTest, number: number, evaluation: Evaluation): PolicyTestResult {
  const { expected, note, line, request, generated } = test;
  const { decision, kind, determining, blockedBy, verdict } = evaluation;
  const differences: string[] = [];
  if (decision !== expected.decision) differences.push(`expected ${expected.decision}, got ${decision}`);
  if (expected.kind !== undefined && kind !== expected.kind) {
    differences.push(`expected an ${expected.kind} decision, got ${kind}`);
  }
  for (const name of expected.determining ?? []) {
    if (!determining.includes(name)) differences.push(`expected ${name} to be among what decided`);
  }
  if (expected.blockedBy !== undefined && !sameNames(expected.blockedBy, blockedBy)) {
    differences.push(
      `expected to be blocked by ${listed(expected.blockedBy)}, was blocked by ${listed(blockedBy)}`,
    );
  }
  return {
    test: number,
    line,
    note,
    ...(generated === undefined ? {} : { generated }),
    passed: differences.length === 0,
    request,
    expected,
    actual: { decision, kind, determining, blockedBy },
    differences,
    verdict,
  };
}

function sameNames(first: readonly string[], second: readonly string[]): boolean {
  return JSON.stringify(first.toSorted()) === JSON.stringify([...new Set(second)].toSorted());
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
