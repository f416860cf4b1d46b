import { describe, expect, test } from 'vitest';
import { takeInventory } from '#shared/analysis/identities/inventory.ts';
import type { DirectorySource } from '#shared/analysis/identities/sources.ts';
import type { Decision } from '#shared/domain/decision.ts';
import type { Alias } from '#shared/domain/directory.ts';
import type { Use } from '#shared/domain/identity.ts';
import { at, decision, directory, log, range, use } from '#test/support/people.ts';

const login = (value: string): Alias => ({ kind: 'login', value, verified: true });
const mail = (value: string, verified = true): Alias => ({ kind: 'mail', value, verified });
const immutable = (value: string): Alias => ({ kind: 'immutable', value, verified: true });

const take = (
  directories: readonly DirectorySource[],
  uses: readonly Use[] = [],
  decisions: readonly Decision[] = [],
) =>
  takeInventory(
    uses,
    [log(range(1000, 1100))],
    { asOf: at(1100), dormantAfterDays: 90 },
    { directories, bundles: [], decisions, answersFor: () => null },
  );
const idsOf = (taken: ReturnType<typeof take>) => taken.identities.map(({ ids }) => ids.toSorted());

const okta = directory('okta-users', 1100, [
  { id: '00u1', name: 'Ann Lee', aliases: [login('ann.lee@corp.example')] },
  { id: '00u2', name: 'Bob Ray', aliases: [login('bob.ray@corp.example')] },
]);

describe('appearances become one identity', () => {
  test('by a mail that both vouch for, whatever its case', () => {
    const google = directory('google-workspace', 1100, [
      { id: '1', aliases: [login('Ann.Lee@corp.example')] },
    ]);
    const taken = take([okta, google]);
    expect(idsOf(taken)).toEqual([['00u1', '1'], ['00u2']]);
    expect(taken.identities[0]?.matches).toMatchObject([{ rule: 'mail' }]);
    expect(taken.doubts).toEqual([]);
  });

  test('by an immutable id, across systems only where it is unique everywhere', () => {
    const sid = 'S-1-5-21-2127521184-1604012920-1887927527-72713';
    const taken = take([
      directory('entra', 1100, [{ id: 'e1', aliases: [immutable('e1'), immutable(sid)] }]),
      directory('ldif', 1100, [{ id: 'l1', aliases: [immutable(sid)] }]),
      directory('github', 1100, [{ id: '42', aliases: [immutable('42')] }]),
      directory('scim', 1100, [{ id: '42', aliases: [immutable('42')] }]),
    ]);
    expect(idsOf(taken)).toEqual([['42'], ['42'], ['e1', 'l1']]);
  });

  test('by ARN with the logs, and by name where a session’s role has lost its path', () => {
    const role = 'arn:aws:iam::111122223333:role/team/deploy';
    const details = directory('aws-authorization-details', 1100, [
      {
        id: role,
        type: 'role',
        authority: '111122223333',
        aliases: [
          { kind: 'arn', value: role, verified: true },
          { kind: 'name', value: 'role/deploy', verified: true },
        ],
      },
    ]);
    const session = use({
      subject: {
        type: 'role',
        id: 'arn:aws:iam::111122223333:role/deploy',
        name: 'deploy',
        account: '111122223333',
      },
    });
    const other = use({
      subject: {
        type: 'role',
        id: 'arn:aws:iam::999900001111:role/deploy',
        name: 'deploy',
        account: '999900001111',
      },
    });
    expect(idsOf(take([details], [session, other]))).toEqual([
      ['arn:aws:iam::111122223333:role/deploy', role],
      ['arn:aws:iam::999900001111:role/deploy'],
    ]);
  });

  test('never two accounts of one directory, whatever mail they share: that is for somebody to look at', () => {
    const twice = directory('okta-users', 1100, [
      { id: '00u1', aliases: [login('ann@corp.example')] },
      { id: '00u9', status: 'deleted', aliases: [login('ann@corp.example')] },
    ]);
    const taken = take([twice]);
    expect(idsOf(taken)).toEqual([['00u1'], ['00u9']]);
    expect(taken.doubts).toMatchObject([
      { one: { id: '00u1' }, other: { id: '00u9' }, against: [expect.any(String)] },
    ]);
  });

  test('never by what somebody typed, or by a name that is alike: those wait for a decision', () => {
    const github = directory('github', 1100, [
      { id: '7', name: 'annlee', aliases: [mail('ann.lee@corp.example', false)] },
    ]);
    const iam = use({
      subject: {
        type: 'user',
        id: 'arn:aws:iam::111122223333:user/bob.ray',
        name: 'bob.ray',
        account: '111122223333',
      },
    });
    const taken = take([okta, github], [iam]);
    expect(taken.identities).toHaveLength(4);
    expect(taken.doubts.map(({ one, other }) => [one.id, other.id].toSorted())).toEqual([
      ['00u1', '7'],
      ['00u2', 'arn:aws:iam::111122223333:user/bob.ray'],
    ]);
    expect(taken.identities.find(({ id }) => id === '7')?.doubts).toBe(1);
  });

  test('an employee number counts with the name alone', () => {
    const staff = directory('directory-csv', 1100, [
      { id: '1', name: 'Lee, Ann', aliases: [{ kind: 'external', value: '1', verified: true }] },
      { id: '2', name: 'Eve Moss', aliases: [{ kind: 'external', value: '2', verified: true }] },
    ]);
    const numbered = directory('okta-users', 1100, [
      { id: '00u1', name: 'Ann Lée', aliases: [{ kind: 'external', value: '1', verified: true }] },
      { id: '00u2', name: 'Bob Ray', aliases: [{ kind: 'external', value: '2', verified: true }] },
    ]);
    const taken = take([staff, numbered]);
    expect(idsOf(taken)).toEqual([['00u1', '1'], ['00u2'], ['2']]);
    expect(taken.doubts).toHaveLength(1);
  });
});

describe('analysts decide', () => {
  const github = directory('github', 1100, [{ id: '7', name: 'annlee', aliases: [] }]);
  const google = directory('google-workspace', 1100, [
    { id: 'g1', aliases: [login('ann.lee@corp.example')] },
  ]);
  const all = [okta, github, google];
  const keyOf = (id: string): string =>
    take(all)
      .identities.flatMap(({ appearances }) => appearances)
      .find((each) => each.id === id)!.key;

  test('merge, then split, then merge again: the last word counts, and nothing else moves', () => {
    const merge = decision(1, { kind: 'merge', appearances: [keyOf('00u1'), keyOf('7')] });
    expect(idsOf(take(all, [], [merge]))).toEqual([['00u1', '7', 'g1'], ['00u2']]);
    const split = decision(2, { kind: 'split', appearances: [keyOf('g1')] });
    expect(idsOf(take(all, [], [merge, split]))).toEqual([['00u1', '7'], ['00u2'], ['g1']]);
    const again = decision(3, { kind: 'merge', appearances: [keyOf('g1'), keyOf('00u2')] });
    expect(idsOf(take(all, [], [merge, split, again]))).toEqual([
      ['00u1', '7'],
      ['00u2', 'g1'],
    ]);
  });

  test('a doubt that is none is asked about no more', () => {
    const claimed = directory('github', 1100, [{ id: '7', aliases: [mail('ann.lee@corp.example', false)] }]);
    const taken = take([okta, claimed]);
    const [doubt] = taken.doubts;
    const distinct = decision(1, { kind: 'distinct', appearances: [doubt!.one.key, doubt!.other.key] });
    expect(take([okta, claimed], [], [distinct]).doubts).toEqual([]);
  });

  test('names, owners, kinds and ends are theirs', () => {
    const appearance = keyOf('00u2');
    const [, bob] = take(
      all,
      [],
      [
        decision(1, { kind: 'rename', appearance, name: 'Robert' }),
        decision(2, { kind: 'owner', appearance, owner: 'platform' }),
        decision(3, { kind: 'kind', appearance, as: 'break-glass' }),
        decision(4, { kind: 'standing', appearance, as: 'exception', until: at(1200).text }),
      ],
    ).identities;
    expect(bob).toMatchObject({
      name: 'Robert',
      owner: 'platform',
      kind: 'break-glass',
      kindBasis: 'analyst',
      standing: 'exception',
      standingUntil: at(1200).text,
    });
  });
});
