import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRosterFile } from '#electron/respond/approval/roster-store.ts';
import { isPublicKey, newRoster, usualThresholds } from '#shared/respond/new-roster.ts';
import { people } from '#test/support/respond/bench.ts';

describe('a new roster', () => {
  test('has a rule for each number, and is what this workstation can pin', () => {
    const roster = newRoster(people('anna', 'ben', 'cleo'), usualThresholds, { version: 4, quorum: 2 });
    const plain = JSON.stringify({
      ...roster,
      people: roster.people.map(({ ...own }) => ({ ...own, key: undefined })),
    });
    expect(parseRosterFile(plain, 'roster.json').roster).toMatchObject({
      version: 4,
      rules: [
        { reversibilities: ['R0', 'R1', 'R2', 'R3'], needed: 2, selfApproval: false },
        { reversibilities: ['R4'], needed: 3, selfApproval: false },
      ],
    });
  });

  test('one alone may approve where one is enough', () => {
    const { rules } = newRoster(people('anna'), { R0: 1, R2: 1 }, { version: 1, quorum: 1 });
    expect(rules).toEqual([
      { playbook: null, reversibilities: ['R0', 'R2'], needed: 1, roles: [], selfApproval: true },
    ]);
  });

  test('a public key is 32 bytes in base64 as Node writes them, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 40 }), (bytes) => {
        expect(isPublicKey(Buffer.from(bytes).toString('base64'))).toBe(bytes.length === 32);
      }),
    );
    expect(isPublicKey(`${'A'.repeat(42)}B=`)).toBe(false);
  });
});
