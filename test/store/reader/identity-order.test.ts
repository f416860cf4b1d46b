import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { everyIdentity, listIdentities } from '#electron/store/read/identity-list.ts';
import { identityOrders } from '#shared/domain/identity.ts';
import { at, log, range, use } from '#test/support/people.ts';

const account = '111122223333';
const people = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[A-Za-z]{1,3}$/),
    first: fc.integer({ min: 1000, max: 1003 }),
    more: fc.nat(2),
    events: fc.integer({ min: 1, max: 3 }),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);

test('every order and text is what one by one they come to, equal ones by their ids', () => {
  fc.assert(
    fc.property(
      people,
      fc.constantFrom(...identityOrders),
      fc.constantFrom('', 'a', 'AB'),
      (all, sort, text) => {
        const uses = all.map(({ id, first, more, events }) =>
          use({
            subject: { type: 'user', id, name: null, account },
            events,
            first: at(first),
            last: at(first + more),
          }),
        );
        const logs = [log(range(1000, 1010))];
        const rollUps = { end: at(1010), upTo: () => ({ uses, logs }) } as never;
        const evidence = { rollUps, directories: [], bundles: [], decisions: [] };
        const plain = listIdentities(evidence, everyIdentity).rows;
        expect(plain.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted());
        const field = sort.replace('-', '') as 'id' | 'name' | 'firstSeen' | 'lastSeen' | 'events' | 'denied';
        const expected = plain
          .filter(({ id }) => id.toLowerCase().includes(text.toLowerCase()))
          .toSorted((one, other) => {
            // Without a name an identity goes by its id, and names are read without case.
            const valueOf = (identity: typeof one): string | number =>
              field === 'name' ? identity.id.toLowerCase() : (identity[field] ?? '');
            const [left, right] = [valueOf(one), valueOf(other)];
            const direction = sort.startsWith('-') ? -1 : 1;
            return left === right ? 0 : left < right ? -direction : direction;
          });
        const asked = { ...everyIdentity, sort, text, limit: 3 };
        for (const offset of [0, 3]) {
          const page = listIdentities(evidence, { ...asked, offset });
          expect(page.total).toBe(expected.length);
          expect(page.rows).toEqual(expected.slice(offset, offset + 3));
        }
      },
    ),
  );
});
