import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cedar } from '#shared/policy/cedar/index.ts';
import { parseExactJson, withPlainNumbers } from '#shared/util/exact-json.ts';

test('whole numbers of any size come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (numbers) => {
      const text = `{"numbers":[${numbers.join(',')}],"others":[1.5,1e+300,null,"9007199254740993"]}`;
      expect(JSON.stringify(parseExactJson(text))).toBe(text);
      expect(withPlainNumbers(parseExactJson(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('Cedar compares them exactly', async () => {
  const document = parseExactJson(
    '{"policies":"permit (principal, action, resource) when { context.n == 9007199254740993 };"}',
  );
  const bundle = await cedar.load({ kind: 'inline', document: document as never }, {});
  const decisions = [];
  for (const n of ['9007199254740992', '9007199254740993', '9007199254740994']) {
    const { evaluation } = await bundle.evaluate(
      {
        subject: { type: 'User', id: 'ann' },
        action: { name: 'view' },
        resource: { type: 'Photo', id: 'p' },
        context: parseExactJson(`{"n":${n}}`) as never,
      },
      { complete: true },
    );
    decisions.push(evaluation.decision);
  }
  expect(decisions).toEqual(['deny', 'allow', 'deny']);
});
