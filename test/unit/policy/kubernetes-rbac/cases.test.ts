import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { compareTest } from '#shared/policy-tests/compare.ts';
import { generateChecks } from '#shared/policy-tests/generate.ts';
import { parsePolicyTests } from '#shared/policy-tests/parse.ts';
import { projectRoot } from '#test/support/imports.ts';
import { evaluated, filesSource } from '#test/support/policy-cases.ts';

const root = join(projectRoot, 'test/cases/policy/kubernetes-rbac');

/** Each folder has manifests and policy tests; the tests' head says where the truth comes from. */
describe.each(readdirSync(root))('%s', (name) => {
  const folder = join(root, name);
  const bundle = readdirSync(folder).find((file) => file.startsWith('bundle.')) ?? '';
  const source = filesSource({ [bundle]: readFileSync(join(folder, bundle), 'utf8') });
  const parsed = parsePolicyTests(readFileSync(join(folder, 'tests.yaml'), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const tests = [...parsed.value.tests, ...generateChecks(parsed.value)];

  test('is recognised', () => {
    expect(kubernetesRbac.detect(source)).toBeGreaterThan(0.5);
  });

  test.each(tests)('line $line: $note', async (each) => {
    const compiled = await kubernetesRbac.load(source, {});
    const evaluation = await evaluated(compiled, each.request as unknown as EvaluationRequest);
    expect(compareTest(each, 1, evaluation).differences).toEqual([]);
  });
});
