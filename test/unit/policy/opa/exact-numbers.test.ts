import { expect, test } from 'vitest';
import type { JsonObject } from '#shared/domain/json.ts';
import { parseExactJson } from '#shared/util/exact-json.ts';
import { ask, filesOf } from './support.ts';

const policy = `package t
same := input.x == 12345678901234567890
text := sprintf("%v", [input.x])
next := input.x + 1
huge := input.y > 1e399
`;

// OPA keeps the digits of JSON numbers (https://www.openpolicyagent.org/docs/policy-language, "Numbers").
test('whole numbers of an input beyond 2^53 keep their digits, and those of a result are written out', async () => {
  const input = parseExactJson('{"x":12345678901234567890,"y":1e400}') as JsonObject;
  const answers = ['same', 'text', 'next', 'huge'].map(async (name) =>
    JSON.stringify((await ask(filesOf({ 'p.rego': policy }), `t/${name}`, input)).evaluation.result),
  );
  expect(await Promise.all(answers)).toEqual([
    'true',
    '"12345678901234567890"',
    '12345678901234567891',
    'true',
  ]);
});
