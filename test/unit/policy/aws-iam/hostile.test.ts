import { describe, expect, test } from 'vitest';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { evaluated, filesSource } from '#test/support/policy-cases.ts';
import { allow, ask, load, named } from './support.ts';

/** Far above what any of these takes, far below what a pattern that explodes would. */
const soon = 2000;

async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; milliseconds: number }> {
  const start = performance.now();
  const value = await work();
  return { value, milliseconds: performance.now() - start };
}

describe('patterns made to be slow', () => {
  const stars = `${'*a'.repeat(2000)}*b`;
  const marks = `${'*?a'.repeat(1000)}b`;
  test.each([
    ['an action', allow(`s3:${stars}`), `s3:${'a'.repeat(6000)}`, {}],
    ['a resource', allow('*', `arn:aws:s3:::${stars}`), 's3:GetObject', {}],
    ['a resource across segments', allow('*', `arn:aws:s3:*:*:${'*a:'.repeat(300)}b`), 's3:GetObject', {}],
    ['question marks', allow('*', `arn:aws:s3:::${marks}`), 's3:GetObject', {}],
    [
      'a condition',
      allow('*', '*', { Condition: { StringLike: { 'test:key': stars } } }),
      's3:GetObject',
      { 'test:key': 'a'.repeat(6000) },
    ],
    [
      'an ARN',
      allow('*', '*', { Condition: { ArnLike: { 'test:key': `arn:aws:s3:::${stars}` } } }),
      's3:GetObject',
      { 'test:key': `arn:aws:s3:::${'a'.repeat(6000)}` },
    ],
  ])('%s', async (_why, statement, action, context) => {
    const bundle = await load({ identityPolicies: [named('P', statement)] });
    const resource = `arn:aws:s3:::${'a'.repeat(3000)}:${'a:'.repeat(500)}`;
    const { value, milliseconds } = await timed(() => ask(bundle, { action, resource, context }));
    expect(value.decision).toBe('deny');
    expect(milliseconds).toBeLessThan(soon);
  });
});

describe('what cannot be read makes no decision', () => {
  const account = '111122223333';
  const document = { Version: '2012-10-17', Statement: [allow('*')] };
  const user = {
    Arn: `arn:aws:iam::${account}:user/ann`,
    UserName: 'ann',
    UserPolicyList: [{ PolicyName: 'P', PolicyDocument: document }],
  };
  const details = JSON.stringify({ UserDetailList: [user] });
  const request = {
    subject: { type: 'user', id: user.Arn },
    action: { name: 's3:GetObject' },
    resource: { type: 'object', id: 'arn:aws:s3:::b/k', properties: { account } },
  };

  test.each([
    ['nothing', '', 'allow'],
    ['the organization', 'organization.json', 'indeterminate'],
    ['policies of resources', `accounts/${account}/resource-policies.json`, 'indeterminate'],
    ['a page of users and roles', `accounts/${account}/authorization-details-2.json`, 'indeterminate'],
    ['the same of an account that is not concerned', 'accounts/444455556666/resource-policies.json', 'allow'],
  ])('%s', async (_what, path, decision) => {
    const broken = path === '' ? {} : { [path]: '{"root":' };
    const files = { [`accounts/${account}/authorization-details.json`]: details, ...broken };
    const bundle = await awsIam.load(filesSource(files), {});
    expect((await evaluated(bundle, request)).decision).toBe(decision);
    expect(bundle.problems.map((problem) => problem.path)).toEqual(Object.keys(broken));
  });

  test('a member whose name is not one of a policy set', async () => {
    const set = { identityPolicies: [named('P', allow('*'))], permissionsBoundary: document };
    const bundle = await load(set);
    expect((await ask(bundle)).decision).toBe('indeterminate');
    expect(bundle.problems.map(({ locator }) => locator)).toEqual(['/permissionsBoundary']);
  });
});

describe('documents made to break', () => {
  test('huge lists', async () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `s3:Action${index}`);
    const { value, milliseconds } = await timed(() =>
      load({ identityPolicies: [named('P', allow([...many, 's3:GetObject']))] }),
    );
    expect((await ask(value)).decision).toBe('allow');
    expect(milliseconds).toBeLessThan(soon * 2);
  });

  test('deep nesting', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const bundle = await awsIam.load(
      filesSource({ 'a.json': deep, 'b.json': '{"UserDetailList":[{"Arn":{}},7]}' }),
      {},
    );
    expect(bundle.problems.map(({ path, locator }) => [path, locator])).toEqual([
      ['a.json', '/0'],
      ['b.json', '/UserDetailList/1'],
      ['b.json', '/UserDetailList/0/Arn'],
    ]);
  });

  // `aws iam get-account-authorization-details --no-paginate`, its pages written to one file.
  test.each([
    ['pages.json', '\n', 'allow'],
    ['pages.jsonl', '\n', 'allow'],
    ['pages.json', '', 'allow'],
    ['pages.json', '{}', 'indeterminate'],
    ['pages.json', ']', 'indeterminate'],
  ])('pages one after the other: %s, between them %j', async (path, between, decision) => {
    const arn = 'arn:aws:iam::111122223333:user/ann';
    const user = { Arn: arn, UserName: 'ann', GroupList: ['all "of {them'] };
    const grant = { PolicyName: 'P', PolicyDocument: { Version: '2012-10-17', Statement: [allow('*')] } };
    const group = {
      Arn: 'arn:aws:iam::111122223333:group/all "of {them',
      GroupName: 'all "of {them',
      GroupPolicyList: [grant],
    };
    const [first, second] = [{ UserDetailList: [user] }, { GroupDetailList: [group] }];
    const text = JSON.stringify(first) + between + JSON.stringify(second);
    const bundle = await awsIam.load(filesSource({ [path]: text }), {});
    const request = {
      subject: { type: 'user', id: arn },
      action: { name: 's3:GetObject' },
      resource: { type: 'object', id: 'arn:aws:s3:::b/k', properties: { account: '111122223333' } },
    };
    expect((await evaluated(bundle, request)).decision).toBe(decision);
  });

  test('a syntax error has its row and column', async () => {
    const text = '{\n "UserDetailList": [\n  {"Arn": ]}';
    const { problems } = await awsIam.load(filesSource({ 'broken.json': text }), {});
    expect(problems).toMatchObject([{ severity: 'error', path: 'broken.json', locator: '3:11' }]);
  });

  test('names that objects have anyway', async () => {
    const document = JSON.parse(
      '{"identityPolicies":[{"name":"__proto__","policy":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"constructor":"x"}}}}}]}',
    );
    const bundle = await load(document);
    expect((await ask(bundle)).decision).toBe('deny');
    expect(await ask(bundle, { context: { constructor: 'x' } })).toMatchObject({
      decision: 'allow',
      determining: ['__proto__'],
    });
  });

  test.each([
    null,
    7,
    'x',
    [],
    {},
    { Statement: null },
    { Statement: [null, 7] },
    { Version: '2012-10-17', Statement: { Effect: 'Permit', Action: 's3:*', Resource: '*' } },
    { Version: '2012-10-17', Statement: { Effect: 'Allow', Resource: '*' } },
    {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:*', NotAction: 's3:*', Resource: '*' },
    },
    { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*', Principal: '*' } },
    { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*' } },
    { Version: '2013', Statement: allow('s3:*') },
  ])('no answer rests on a policy that AWS would not accept: %j', async (policy) => {
    const bundle = await load({ identityPolicies: [{ name: 'P', policy }] });
    expect(bundle.problems.length).toBeGreaterThan(0);
    expect((await ask(bundle)).decision).toBe('indeterminate');
  });
});
