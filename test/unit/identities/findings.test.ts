import { describe, expect, test } from 'vitest';
import { identityFindings } from '#shared/analysis/identities/findings.ts';
import { inventory } from '#shared/analysis/identities/inventory.ts';
import type { DirectorySource } from '#shared/analysis/identities/sources.ts';
import type { Decision } from '#shared/domain/decision.ts';
import type { DirectoryCredential, LastUse } from '#shared/domain/directory.ts';
import type { Use } from '#shared/domain/identity.ts';
import { at, decision, directory, log, range, use } from '#test/support/people.ts';

const options = { asOf: at(1200), dormantAfterDays: 90 };
const run = (
  directories: readonly DirectorySource[],
  uses: readonly Use[] = [],
  decisions: readonly Decision[] = [],
) => {
  const sources = { directories, bundles: [], decisions, answersFor: () => null };
  const identities = inventory(uses, [log(range(1000, 1200))], options, sources);
  return identityFindings(identities, options).map(({ rule, subject, severity }) => [
    rule,
    subject,
    severity,
  ]);
};
const used = (days: number | null): LastUse => ({
  what: 'access key 1',
  at: days === null ? null : at(days).text,
  staleHours: 4,
  recordedSince: at(0).text,
  source: 'access_key_1_last_used_date',
});
const key = (
  id: string,
  made: number,
  last: number | null,
  more: Partial<DirectoryCredential> = {},
): DirectoryCredential => ({
  id,
  type: 'access-key',
  status: 'active',
  created: at(made).text,
  rotated: at(made).text,
  expires: null,
  lastUse: used(last),
  ...more,
});
const account = (id: string, more: object) => ({
  id,
  authority: '111122223333',
  lastUses: [used(1199)],
  usesComplete: true,
  ...more,
});

describe('credentials', () => {
  test('age, expiry, a second key that is not used; nothing of one that is young and used', () => {
    const report = directory('aws-credential-report', 1200, [
      account('fine', { credentials: [key('k', 1150, 1199)] }),
      account('old', { credentials: [key('k', 1050, 1199)] }),
      account('ancient', { credentials: [key('k', 700, 1199)] }),
      account('second', { credentials: [key('k1', 1150, 1199), key('k2', 1050, null)] }),
      account('off', { credentials: [key('k', 700, null, { status: 'inactive' })] }),
      account('ended', {
        credentials: [key('k', 1150, 1199, { expires: at(1190).text, type: 'client-secret' })],
      }),
    ]);
    expect(run([report])).toEqual([
      ['stale-credential', 'ancient', 'medium'],
      ['credential-expired', 'ended', 'low'],
      ['stale-credential', 'old', 'low'],
      ['unused-second-key', 'second', 'medium'],
    ]);
  });

  test('that a key is not used is not said where the directory does not keep it', () => {
    const github = directory('github', 1200, [
      account('x', { authority: null, credentials: [key('k', 1000, null, { lastUse: null })] }),
    ]);
    expect(run([github]).map(([rule]) => rule)).toEqual(['stale-credential']);
  });
});

test('a second factor: asked for where a password opens the account, and more of administrators', () => {
  const report = directory('aws-credential-report', 1200, [
    account('person', { mfa: false, password: true }),
    account('safe', { mfa: true, password: true }),
    account('machine', { mfa: false, password: false }),
    account('unknown', { mfa: null, password: true }),
    account('root', {
      mfa: false,
      password: true,
      privileged: true,
      kind: 'break-glass',
      credentials: [key('r', 1150, 1199)],
    }),
  ]);
  expect(run([report])).toEqual([
    ['identity-without-mfa', 'person', 'medium'],
    ['identity-without-mfa', 'root', 'high'],
    ['root-access-key', 'root', 'critical'],
  ]);
});

test('silence is a finding only of an account that is open', () => {
  const okta = directory('okta-users', 1200, [
    { id: 'asleep', lastUses: [used(1000)], usesComplete: true },
    { id: 'closed', status: 'disabled', lastUses: [used(1000)], usesComplete: true },
    { id: 'never', created: at(900).text, lastUses: [used(null)], usesComplete: true },
  ]);
  expect(run([okta]).map(([rule, subject]) => [rule, subject])).toEqual([
    ['identity-dormant', 'asleep'],
    ['identity-never-used', 'never'],
  ]);
});

const end = (days: number): Decision =>
  decision(1, {
    kind: 'standing',
    appearance: '["log","x","111122223333"]',
    as: 'exception',
    until: at(days).text,
  });

test('an exception that has ended: still used is worse than still open', () => {
  const subject = { type: 'user', id: 'x', name: 'x', account: '111122223333' } as const;
  const seen = use({ subject, last: at(1180) });
  expect(run([], [seen], [end(1150)])).toEqual([['exception-expired-used', 'x', 'high']]);
  expect(run([], [seen], [end(1190)])).toEqual([]);
  expect(run([], [seen], [end(1300)])).toEqual([]);
  const report = directory('aws-credential-report', 1200, [
    account('temp', { ends: at(1100).text, lastUses: [used(1099)] }),
  ]);
  expect(run([report]).map(([rule]) => rule)).toContain('exception-expired');
});

test('a finding names its subject and where the entry stands, and is mapped', () => {
  const report = directory('aws-credential-report', 1200, [
    account('old', { credentials: [key('k', 700, 1199)] }),
  ]);
  const sources = { directories: [report], bundles: [], decisions: [], answersFor: () => null };
  const [found] = identityFindings(inventory([], [], options, sources), options);
  expect(found).toMatchObject({
    subject: 'old',
    entries: [{ sha256: report.snapshot.sha256, offset: 0, length: 10 }],
  });
  expect(found?.tags).toContain('owasp-nhi.7');
});
