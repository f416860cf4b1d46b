import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import { gcpIam } from '#shared/policy/gcp-iam/index.ts';
import { policySystems } from '#shared/policy/index.ts';
import { compareTest } from '#shared/policy-tests/compare.ts';
import { parsePolicyTests } from '#shared/policy-tests/parse.ts';
import { projectRoot } from '#test/support/imports.ts';
import { evaluated, filesSource } from '#test/support/policy-cases.ts';

const root = join(projectRoot, 'test/cases/policy/gcp-iam');

/** Each folder has a bundle and policy tests; the tests' head says where the truth comes from. */
describe.each(readdirSync(root))('%s', (name) => {
  const folder = join(root, name, 'bundle');
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const source = filesSource(
    Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')])),
  );
  const parsed = parsePolicyTests(readFileSync(join(root, name, 'tests.yaml'), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);

  test('is recognised, and by no other system more surely', () => {
    const own = gcpIam.detect(source);
    expect(own).toBeGreaterThan(0.5);
    const others = policySystems.filter((system) => system !== gcpIam);
    expect(Math.max(...others.map((system) => system.detect(source)))).toBeLessThan(own);
  });

  test.each(parsed.value.tests)('line $line: $note', async (each) => {
    const compiled = await gcpIam.load(source, {});
    const evaluation = await evaluated(compiled, each.request as unknown as EvaluationRequest);
    expect(compareTest(each, 1, evaluation).differences).toEqual([]);
  });
});

test('manifests and policies of other systems are not of Google Cloud', () => {
  for (const system of ['aws-iam', 'kubernetes-rbac', 'cedar', 'cerbos', 'casbin', 'opa']) {
    const other = join(projectRoot, 'test/cases/policy', system);
    for (const entry of readdirSync(other, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(?:json|ya?ml)$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      expect(gcpIam.detect(filesSource({ [entry.name]: readFileSync(path, 'utf8') })), path).toBeLessThan(
        0.5,
      );
    }
  }
});
