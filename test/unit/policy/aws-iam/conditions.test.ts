import { describe, expect, test } from 'vitest';
import { allow, ask, deny, load, named } from './support.ts';

/**
 * The operators as the IAM User Guide describes them: "IAM JSON policy elements: Condition operators", "Conditions
 * with multiple context keys or values", "Set operators for multivalued context keys", "Policy variables with no
 * value". Each row: operator, values of the policy, values of the request (undefined: absent), whether it holds.
 */
type Row = readonly [operator: string, policy: unknown, request: unknown, holds: boolean];

const strings: Row[] = [
  ['StringEquals', 'a', 'a', true],
  ['StringEquals', 'a', 'A', false],
  ['StringEquals', ['a', 'b'], 'b', true],
  ['StringEquals', 'a*', 'ab', false],
  ['StringEquals', 'a*', 'a*', true],
  ['StringEquals', 'a', undefined, false],
  ['StringEquals', [], 'a', false],
  ['StringNotEquals', 'a', 'b', true],
  ['StringNotEquals', 'a', 'a', false],
  ['StringNotEquals', ['a', 'b'], 'b', false],
  ['StringNotEquals', ['a', 'b'], 'c', true],
  ['StringNotEquals', 'a', undefined, true],
  ['StringEqualsIgnoreCase', 'Abc', 'aBC', true],
  ['StringEqualsIgnoreCase', 'Abc', 'abd', false],
  ['StringNotEqualsIgnoreCase', 'Abc', 'aBC', false],
  ['StringNotEqualsIgnoreCase', 'Abc', undefined, true],
  ['StringLike', 'a*', 'ab', true],
  ['StringLike', 'a?c', 'abc', true],
  ['StringLike', 'a?c', 'ac', false],
  ['StringLike', '*', '', true],
  ['StringLike', 'A*', 'ab', false],
  ['StringLike', ['x*', '*b'], 'ab', true],
  ['StringLike', 'a${*}', 'a*', true],
  ['StringLike', 'a${*}', 'ab', false],
  ['StringNotLike', 'a*', 'ab', false],
  ['StringNotLike', ['a*', 'b*'], 'c', true],
  ['StringNotLike', 'a*', undefined, true],
  ['StringEquals', 5, '5', true],
  ['StringEquals', true, 'true', true],
];

const numbers: Row[] = [
  ['NumericEquals', '10', '10.0', true],
  ['NumericEquals', 10, 10, true],
  ['NumericEquals', ['1', '2'], '2', true],
  ['NumericEquals', '10', 'ten', false],
  ['NumericNotEquals', '10', '11', true],
  ['NumericNotEquals', ['10', '11'], '11', false],
  ['NumericNotEquals', '10', undefined, true],
  ['NumericLessThan', '10', '9.99', true],
  ['NumericLessThan', '10', '10', false],
  ['NumericLessThanEquals', '10', '10', true],
  ['NumericGreaterThan', '10', '10', false],
  ['NumericGreaterThan', '-1', '0', true],
  ['NumericGreaterThanEquals', '10', '10', true],
  ['NumericGreaterThanEquals', '10', undefined, false],
];

const dates: Row[] = [
  ['DateEquals', '2020-01-01T00:00:01Z', '2020-01-01T00:00:01Z', true],
  ['DateEquals', '2020-01-01T00:00:00Z', '1577836800', true],
  ['DateEquals', '1577836800', '2020-01-01T01:00:00+01:00', true],
  ['DateEquals', '2020-01-01', '2020-01-01T00:00:00Z', true],
  ['DateNotEquals', '2020-01-01T00:00:00Z', '2020-01-01T00:00:01Z', true],
  ['DateNotEquals', '2020-01-01T00:00:00Z', undefined, true],
  ['DateLessThan', '2020-06-30T23:59:59Z', '2020-06-30T23:59:58Z', true],
  ['DateLessThan', '2020-06-30T23:59:59Z', '2020-06-30T23:59:59Z', false],
  ['DateLessThanEquals', '2020-06-30T23:59:59Z', '2020-06-30T23:59:59Z', true],
  ['DateGreaterThan', '2020-04-01T00:00:00Z', '2020-04-01T00:00:00.001Z', true],
  ['DateGreaterThanEquals', '2020-04-01T00:00:00Z', '2020-03-31T23:59:59Z', false],
  ['DateGreaterThan', '2020-04-01T00:00:00Z', 'yesterday', false],
  ['DateGreaterThan', '2020-04-01T00:00:00Z', undefined, false],
];

const others: Row[] = [
  ['Bool', 'true', 'true', true],
  ['Bool', 'true', 'TRUE', true],
  ['Bool', true, true, true],
  ['Bool', 'false', 'true', false],
  ['Bool', 'false', undefined, false],
  ['BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', true],
  ['BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'QmluYXJ5VmFsdWVJbkJhc2U2NA', true],
  ['BinaryEquals', 'QmluYXJ5', 'YmluYXJ5', false],
  ['IpAddress', '203.0.113.0/24', '203.0.113.255', true],
  ['IpAddress', '203.0.113.0/24', '203.0.114.0', false],
  ['IpAddress', '203.0.113.7', '203.0.113.7', true],
  ['IpAddress', '203.0.113.7', '203.0.113.8', false],
  ['IpAddress', '0.0.0.0/0', '198.51.100.1', true],
  ['IpAddress', '203.0.113.99/24', '203.0.113.1', true],
  ['IpAddress', ['203.0.113.0/24', '2001:DB8:1234:5678::/64'], '2001:db8:1234:5678::1', true],
  ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1', false],
  ['IpAddress', '2001:db8::1', '2001:db8:0:0::1', true],
  ['IpAddress', '2001:db8::/33', '2001:db8:8000::', false],
  ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
  ['IpAddress', '203.0.113.0/24', '::ffff:203.0.113.9', true],
  ['IpAddress', '203.0.113.0/24', undefined, false],
  ['NotIpAddress', '203.0.113.0/24', '203.0.113.9', false],
  ['NotIpAddress', ['203.0.113.0/24', '198.51.100.0/24'], '198.51.100.9', false],
  ['NotIpAddress', '203.0.113.0/24', '192.0.2.1', true],
  ['NotIpAddress', '203.0.113.0/24', undefined, true],
  ['ArnEquals', 'arn:aws:sns:*:123456789012:topic-*', 'arn:aws:sns:eu-west-1:123456789012:topic-1', true],
  ['ArnLike', 'arn:aws:sns:eu-?est-1:123456789012:t', 'arn:aws:sns:eu-west-1:123456789012:t', true],
  ['ArnLike', 'arn:aws:sns:eu-west-1:123456789012:T', 'arn:aws:sns:eu-west-1:123456789012:t', false],
  [
    'ArnLike',
    'arn:aws:someservice:*:111122223333:finance/*',
    'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt',
    false,
  ],
  [
    'StringLike',
    'arn:aws:someservice:*:111122223333:finance/*',
    'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt',
    true,
  ],
  ['ArnLike', 'arn:aws:lambda:*:123456789012:*', 'arn:aws:lambda:eu-west-1:123456789012:function:f:1', true],
  ['ArnLike', 'arn:aws:sns:*:*:*', 'no-arn', false],
  ['ArnNotEquals', 'arn:aws:sns:*:123456789012:a', 'arn:aws:sns:eu-west-1:123456789012:b', true],
  ['ArnNotLike', 'arn:aws:sns:*:123456789012:*', 'arn:aws:sns:eu-west-1:123456789012:b', false],
  ['ArnNotLike', 'arn:aws:sns:*:123456789012:*', undefined, true],
  ['Null', 'true', undefined, true],
  ['Null', 'true', 'a', false],
  ['Null', 'false', 'a', true],
  ['Null', 'false', undefined, false],
  ['Null', true, undefined, true],
  ['Null', 'true', [], true],
  ['Null', 'false', [], false],
  ['Null', 'true', '', false],
];

const ifExists: Row[] = [
  ['StringEqualsIfExists', 'a', undefined, true],
  ['StringEqualsIfExists', 'a', 'b', false],
  ['StringNotEqualsIfExists', 'a', undefined, true],
  ['StringNotEqualsIfExists', 'a', 'a', false],
  ['StringLikeIfExists', 'a*', undefined, true],
  ['NumericLessThanIfExists', '10', undefined, true],
  ['NumericLessThanIfExists', '10', '11', false],
  ['DateGreaterThanIfExists', '2020-04-01T00:00:00Z', undefined, true],
  ['BoolIfExists', 'true', undefined, true],
  ['BoolIfExists', 'true', 'false', false],
  ['IpAddressIfExists', '203.0.113.0/24', undefined, true],
  ['ArnLikeIfExists', 'arn:aws:sns:*:*:a', undefined, true],
  ['BinaryEqualsIfExists', 'QQ==', undefined, true],
];

const sets: Row[] = [
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['ForAllValues:StringEquals', ['a'], undefined, true],
  ['ForAllValues:StringEquals', ['a'], [], true],
  ['ForAllValues:StringEquals', ['a'], '', true],
  ['ForAllValues:StringEquals', ['a'], 'b', false],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'd'], true],
  ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'a'], false],
  ['ForAllValues:StringNotEquals', ['a'], undefined, true],
  ['ForAllValues:StringLike', ['a*'], ['ab', 'ac'], true],
  ['ForAllValues:StringNotLike', ['a*'], ['b', 'ac'], false],
  ['ForAllValues:NumericLessThan', '10', [1, 2], true],
  ['ForAllValues:NumericLessThan', '10', [1, 12], false],
  ['ForAllValues:StringEqualsIfExists', ['a'], undefined, true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
  ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
  ['ForAnyValue:StringEquals', ['a'], undefined, false],
  ['ForAnyValue:StringEquals', ['a'], [], false],
  ['ForAnyValue:StringEquals', ['a'], 'a', true],
  ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
  ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
  ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
  ['ForAnyValue:StringLike', ['a*'], ['b', 'ac'], true],
  ['ForAnyValue:ArnLike', 'arn:aws:sns:*:*:a*', ['arn:aws:sns:x:1:b', 'arn:aws:sns:x:1:ab'], true],
  ['ForAnyValue:Bool', 'true', ['false', 'true'], true],
  ['ForAnyValue:IpAddress', '10.0.0.0/8', ['192.0.2.1', '10.1.1.1'], true],
];

describe.each([
  ['text', strings],
  ['numbers', numbers],
  ['dates', dates],
  ['booleans, binary, addresses, ARNs, existence', others],
  ['IfExists', ifExists],
  ['set operators', sets],
])('%s', (_family, rows) => {
  test.each(rows)('%s %j with %j: %s', async (operator, expected, actual, holds) => {
    const context = actual === undefined ? {} : { 'Test:Key': actual };
    const condition = { Condition: { [operator]: { 'test:key': expected } } };
    const bundle = await load({ identityPolicies: [named('P', allow('*', '*', condition))] });
    expect(bundle.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect((await ask(bundle, { context })).decision).toBe(holds ? 'allow' : 'deny');
  });
});

describe('combination', () => {
  const both = { StringEquals: { 'a:one': '1', 'a:two': ['2', '3'] }, Bool: { 'a:three': 'true' } };
  test.each([
    [{ 'a:one': '1', 'a:two': '3', 'a:three': 'true' }, 'allow'],
    [{ 'a:one': '1', 'a:two': '3', 'a:three': 'false' }, 'deny'],
    [{ 'a:one': '1', 'a:two': '4', 'a:three': 'true' }, 'deny'],
    [{ 'a:two': '3', 'a:three': 'true' }, 'deny'],
  ])('operators and keys are all needed, one value of a key is enough: %j', async (context, decision) => {
    const bundle = await load({ identityPolicies: [named('P', allow('*', '*', { Condition: both }))] });
    expect((await ask(bundle, { context })).decision).toBe(decision);
  });
});

function withVariable(operator: string, text = '${aws:PrincipalTag/team}') {
  const Condition = { [operator]: { 'test:key': text } };
  return load({ identityPolicies: [named('P', allow('*', '*', { Condition }))] });
}

describe('variables in conditions', () => {
  test.each([
    ['StringEquals', { 'test:key': 'blue', 'aws:PrincipalTag/team': 'blue' }, 'allow'],
    ['StringEquals', { 'test:key': 'red', 'aws:PrincipalTag/Team': 'blue' }, 'deny'],
    ['StringLike', { 'test:key': 'blue', 'aws:PrincipalTag/team': 'b*' }, 'deny'],
    ['StringEquals', { 'test:key': 'blue' }, 'deny'],
    ['StringNotEquals', { 'test:key': 'blue' }, 'allow'],
    ['Bool', { 'test:key': 'true', 'aws:PrincipalTag/team': 'true' }, 'allow'],
  ])('%s with %j', async (operator, context, decision) => {
    expect((await ask(await withVariable(operator), { context })).decision).toBe(decision);
  });
  test('a key with several values is no variable', async () => {
    const context = { 'test:key': 'blue', 'aws:PrincipalTag/team': ['blue', 'red'] };
    expect((await ask(await withVariable('StringEquals'), { context })).decision).toBe('deny');
  });
  // "Policy variables can be used in condition values of ARN operators" (IAM User Guide, "Variables and tags").
  test.each([
    ['ArnEquals', '${aws:PrincipalTag/owner}', 'arn:aws:iam::111122223333:role/own', 'allow'],
    ['ArnEquals', '${aws:PrincipalTag/owner}', 'arn:aws:iam::111122223333:role/other', 'deny'],
    ['ArnNotLike', '${aws:PrincipalTag/owner}', 'arn:aws:iam::111122223333:role/own', 'deny'],
    ['ArnLike', '${aws:PrincipalTag/owner}/*', 'arn:aws:iam::111122223333:role/own/of:mine', 'allow'],
    ['ArnLike', '${aws:PrincipalTag/none}', 'arn:aws:iam::111122223333:role/own', 'deny'],
    ['ArnLike', '${aws:PrincipalTag/team}', 'arn:aws:iam::111122223333:role/own', 'deny'],
  ])('%s %s with %s: a variable may be a whole ARN', async (operator, text, actual, decision) => {
    const owner = 'arn:aws:iam::111122223333:role/own';
    const context = { 'test:key': actual, 'aws:PrincipalTag/owner': owner, 'aws:PrincipalTag/team': 'blue' };
    expect((await ask(await withVariable(operator, text), { context })).decision).toBe(decision);
  });
  test('a default stands in', async () => {
    const bundle = await withVariable('StringEquals', "${aws:PrincipalTag/team, 'any'}");
    expect((await ask(bundle, { context: { 'test:key': 'any' } })).decision).toBe('allow');
  });
});

describe('what cannot be read', () => {
  test.each([
    [{ StringResembles: { 'a:b': 'c' } }, '/StringResembles'],
    [{ NullIfExists: { 'a:b': 'true' } }, '/NullIfExists'],
    [{ NumericEquals: { 'a:b': 'ten' } }, '/NumericEquals/a:b'],
    [{ IpAddress: { 'aws:SourceIp': '300.1.1.1/8' } }, '/IpAddress/aws:SourceIp'],
    [{ StringEquals: { 'a:b': { c: 'd' } } }, '/StringEquals/a:b'],
    [{ StringEquals: 'a' }, '/StringEquals'],
    ['always', ''],
  ])('%j is a problem with its position, and no answer rests on it', async (Condition, at) => {
    const bundle = await load({ identityPolicies: [named('P', allow('*', '*', { Condition }))] });
    expect(bundle.problems).toMatchObject([
      { severity: 'error', locator: `/identityPolicies/0/policy/Statement/0/Condition${at}` },
    ]);
    expect((await ask(bundle)).decision).toBe('indeterminate');
  });
});

describe('keys that the request may have carried', () => {
  const unknown = { complete: false };
  test('an unknown key leaves the decision open and says what would decide', async () => {
    const Condition = {
      IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
      Bool: { 'aws:SecureTransport': 'true' },
    };
    const bundle = await load({ identityPolicies: [named('P', allow('*', '*', { Condition }))] });
    const answer = await ask(bundle, { knowledge: unknown, context: { 'aws:SecureTransport': true } });
    expect(answer).toMatchObject({
      decision: 'indeterminate',
      unknowns: ['aws:SourceIp'],
      wouldAllowIf: { op: 'leaf', key: 'aws:SourceIp', operator: 'IpAddress', expected: '10.0.0.0/8' },
    });
  });
  test('a key that was certainly absent is absent', async () => {
    const bundle = await load({
      identityPolicies: [
        named('P', allow('*', '*', { Condition: { Null: { 'aws:TokenIssueTime': 'true' } } })),
      ],
    });
    const knowledge = { complete: false, absent: ['aws:tokenissuetime'] };
    expect((await ask(bundle, { knowledge })).decision).toBe('allow');
    expect((await ask(bundle, { knowledge: unknown })).decision).toBe('indeterminate');
  });
  test('an unknown Deny is only named where it matters', async () => {
    const Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'false' } };
    const bundle = await load({
      identityPolicies: [named('Mfa', deny('*', '*', { Condition })), named('Read', allow('s3:Get*'))],
    });
    const read = await ask(bundle, { knowledge: unknown });
    expect(read).toMatchObject({
      decision: 'indeterminate',
      wouldAllowIf: { op: 'not', children: [{ key: 'aws:MultiFactorAuthPresent' }] },
    });
    const write = await ask(bundle, { knowledge: unknown, action: 's3:PutObject' });
    expect(write).toMatchObject({
      decision: 'deny',
      kind: 'implicit',
      unknowns: [],
      blockedBy: ['identity'],
    });
  });
  test('a variable that is not known', async () => {
    const bundle = await load({
      identityPolicies: [named('P', allow('*', 'arn:aws:s3:::amzn-s3-demo-bucket/${aws:PrincipalTag/file}'))],
    });
    expect(await ask(bundle, { knowledge: unknown })).toMatchObject({
      decision: 'indeterminate',
      unknowns: ['aws:PrincipalTag/file'],
    });
  });
});

describe('what AWS accepts and authors seldom mean', () => {
  const all = { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } };
  test.each([
    [allow('*', '*', { Condition: all }), ['ForAllValues also holds where aws:TagKeys is absent']],
    [allow('*', '*', { Condition: { ...all, Null: { 'aws:TagKeys': 'false' } } }), []],
    [deny('*', '*', { Condition: all }), []],
    [
      deny('*', '*', { Condition: { StringEquals: { 'aws:TagKeys': 'a' } } }),
      ['aws:TagKeys has several values'],
    ],
    [
      deny('*', '*', { Condition: { 'ForAnyValue:StringEquals': { 'aws:SourceVpce': 'a' } } }),
      ['aws:SourceVpce has one value'],
    ],
    [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, ['It allows every action of every service']],
    [allow('s3:NoSuchThing'), ['“s3:NoSuchThing” covers no known action']],
  ])('%j', async (statement, messages) => {
    const { problems } = await load({ identityPolicies: [named('P', statement)] });
    expect(problems.map(({ severity }) => severity)).toEqual(messages.map(() => 'warning'));
    for (const [place, message] of messages.entries()) expect(problems[place]?.message).toContain(message);
  });
});
