import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Redactor } from '#electron/respond/io/redactor.ts';

const secret = fc
  .string({ minLength: 8, maxLength: 40, unit: 'grapheme' })
  .filter((text) => text.length >= 8 && !text.includes('«'));

test('no form of a secret is left in data, wherever it stands', () => {
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
      const redactor = new Redactor();
      redactor.add(hidden);
      const forms = [
        hidden,
        Buffer.from(hidden).toString('base64'),
        Buffer.from(hidden).toString('base64url'),
        encodeURIComponent(hidden),
      ];
      for (const form of forms) {
        const clean = redactor.data({ [`${before}${form}`]: [{ text: `${form}${after}` }] });
        const texts = [...Object.keys(clean), ...Object.values(clean).flatMap(([only]) => only?.text ?? '')];
        expect(texts.map((text) => text.includes('«secret»'))).toEqual([true, true]);
        expect(texts.some((text) => text.includes(form))).toBe(false);
      }
    }),
    { examples: [['$&(a|b)[^x]*', '', '']] },
  );
});

test('a secret that begins with another one leaves no rest', () => {
  const redactor = new Redactor();
  redactor.add('password');
  redactor.add('password-of-the-operator');
  expect(redactor.text('it is password-of-the-operator.')).toBe('it is «secret».');
});
