import { expect, test } from 'vitest';
import { readCustody } from '#electron/custody/read.ts';
import { openReadable } from '#electron/store/connection.ts';
import { caseFolder } from '#electron/platform/case-folder.ts';
import { listDecisions } from '#electron/store/read/decisions.ts';
import { newCase } from './support.ts';

test('a decision is kept and journaled; it is taken back by a later one, and that again', () => {
  const { writer, folder } = newCase();
  const data = { kind: 'owner', appearance: '["log","x",null]', owner: 'ann' } as const;
  expect(writer.decide({ who: 'eve', why: 'she said so', data })).toMatchObject({
    number: 1,
    undoneBy: null,
  });
  const undo = (number: number) =>
    writer.decide({ who: 'bob', why: 'she did not', data: { kind: 'undo', number } });
  undo(1);
  expect(() => undo(1)).toThrow(/taken back by decision 2/);
  expect(() => undo(9)).toThrow(/no decision 9/);
  const states = (): (number | null)[] => {
    const db = openReadable(caseFolder(folder).database);
    try {
      return listDecisions(db).map(({ undoneBy }) => undoneBy);
    } finally {
      db.close();
    }
  };
  expect(states()).toEqual([2, null]);
  undo(2);
  expect(states()).toEqual([null, 3, null]);
  writer.close({});
  const { entries } = readCustody(caseFolder(folder).journal, 0, 100);
  const said = entries.filter(({ type }) => type === 'decision').map(({ summary }) => summary);
  expect(said).toHaveLength(3);
  expect(said[0]).toContain('she said so');
  expect(said[0]).toContain('eve');
});
