import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSigma } from '#shared/analysis/sigma/parse.ts';
import type { JsonObject } from '#shared/domain/json.ts';

const rule = (detection: string, more = '') =>
  `title: A rule\nid: 11111111-2222-3333-4444-555555555555\nlogsource:\n  product: aws\n  service: cloudtrail\n${more}detection:\n${detection
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;

function matches(detection: string, record: JsonObject): boolean {
  const { rules, problems } = parseSigma('rule.yml', rule(detection));
  expect(problems).toEqual([]);
  const [only] = rules;
  return only?.kind === 'event' && only.matches(record);
}

const record: JsonObject = {
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateAccessKey',
  sourceIPAddress: '192.0.2.44',
  userIdentity: { type: 'AssumedRole', sessionContext: { attributes: { mfaAuthenticated: 'false' } } },
  requestParameters: { userName: 'svc\\backup', items: [{ cidrIp: '0.0.0.0/0' }, { cidrIp: '10.0.0.0/8' }] },
  errorCode: null,
  size: 42,
};

// The meaning of each form is that of the Sigma rules and modifiers specifications.
describe('Sigma detections', () => {
  test.each([
    [
      'a map needs every field, case does not count',
      'selection:\n  eventSource: IAM.amazonaws.com\n  eventName: createaccesskey\ncondition: selection',
      true,
    ],
    [
      'a list of values is one of them',
      'selection:\n  eventName:\n    - DeleteUser\n    - CreateAccessKey\ncondition: selection',
      true,
    ],
    [
      'a list of maps is one of them',
      'selection:\n  - eventName: DeleteUser\n  - eventSource: iam.amazonaws.com\ncondition: selection',
      true,
    ],
    [
      'a nested field',
      'selection:\n  userIdentity.sessionContext.attributes.mfaAuthenticated: "false"\ncondition: selection',
      true,
    ],
    [
      'a field in a list',
      'selection:\n  requestParameters.items.cidrIp: 0.0.0.0/0\ncondition: selection',
      true,
    ],
    ['wildcards', 'selection:\n  eventName: Create*K?y\ncondition: selection', true],
    ['an escaped wildcard is itself', 'selection:\n  eventName: Create\\*\ncondition: selection', false],
    [
      'a backslash before a letter is itself',
      "selection:\n  requestParameters.userName: 'svc\\backup'\ncondition: selection",
      true,
    ],
    ['contains', 'selection:\n  eventName|contains: accesskey\ncondition: selection', true],
    [
      'contains all',
      'selection:\n  eventName|contains|all:\n    - Access\n    - Secret\ncondition: selection',
      false,
    ],
    [
      'startswith and endswith',
      'selection:\n  eventName|startswith: create\n  eventSource|endswith: .com\ncondition: selection',
      true,
    ],
    ['cased', 'selection:\n  eventName|cased: createaccesskey\ncondition: selection', false],
    ['re', "selection:\n  eventName|re: '^Create(Access|Secret)Key$'\ncondition: selection", true],
    [
      're is case-sensitive unless told',
      "selection:\n  eventName|re: '^create'\ncondition: selection",
      false,
    ],
    ['re with i', "selection:\n  eventName|re|i: '^create'\ncondition: selection", true],
    ['cidr', 'selection:\n  sourceIPAddress|cidr: 192.0.2.0/24\ncondition: selection', true],
    ['numbers', 'selection:\n  size|gte: 42\n  size|lt: 43\ncondition: selection', true],
    ['exists', 'selection:\n  eventName|exists: true\n  nothing|exists: false\ncondition: selection', true],
    [
      'null is null or missing',
      'selection:\n  errorCode: null\n  errorMessage: null\ncondition: selection',
      true,
    ],
    ['null is not a value', 'selection:\n  eventName: null\ncondition: selection', false],
    ['keywords stand anywhere', 'keywords:\n  - mfa\n  - SVC\ncondition: keywords', true],
    [
      'and not',
      'selection:\n  eventName: CreateAccessKey\nfilter:\n  sourceIPAddress|cidr: 10.0.0.0/8\ncondition: selection and not filter',
      true,
    ],
    [
      '1 of',
      'selection_a:\n  eventName: A\nselection_b:\n  eventName: CreateAccessKey\ncondition: 1 of selection_*',
      true,
    ],
    [
      'all of',
      'selection_a:\n  eventName: A\nselection_b:\n  eventName: CreateAccessKey\ncondition: all of selection_*',
      false,
    ],
    [
      'them leaves out the underscored',
      '_helper:\n  eventName: A\nselection:\n  eventName: CreateAccessKey\ncondition: all of them',
      true,
    ],
    [
      'not binds closer than and, and closer than or',
      'a:\n  eventName: CreateAccessKey\nb:\n  eventName: X\ncondition: b and b or not b and a',
      true,
    ],
    ['base64', 'selection:\n  eventName|base64: x\ncondition: selection', false],
    ['fieldref', 'selection:\n  eventName|fieldref: eventName\ncondition: selection', true],
  ])('%s', (_, detection, expected) => expect(matches(detection, record)).toBe(expected));

  test('base64offset finds a text at each of the three places', () => {
    const found = ['', 'a', 'ab'].map((before) =>
      matches("selection:\n  data|base64offset|contains: 'http://'\ncondition: selection", {
        data: Buffer.from(`${before}http://evil`).toString('base64'),
      }),
    );
    expect(found).toEqual([true, true, true]);
  });

  test.each([
    ['selection:\n  a|frobnicate: 1\ncondition: selection', 'The modifier |frobnicate is not supported.'],
    ['selection:\n  a: 1\ncondition: selection | count() > 5', 'Aggregations behind “|”'],
    ['selection:\n  a: 1\ncondition: other', 'The condition names “other”'],
    ["selection:\n  a|re: '(?<=x)y'\ncondition: selection", 'is not one that RE2 reads'],
  ])('what is not supported is refused: %j', (detection, message) => {
    const { rules, problems } = parseSigma('rule.yml', rule(detection));
    expect(rules).toEqual([]);
    expect(problems[0]?.message).toContain(message);
  });

  test('a correlation and a broken rule in one file', () => {
    const text = `${rule('selection:\n  eventName: A\ncondition: selection')}---\ntitle: Many\nname: many\ncorrelation:\n  type: event_count\n  rules: [a]\n  group-by: [userIdentity.arn]\n  timespan: 5m\n  condition:\n    gte: 10\n---\ntitle: Broken\ndetection: 5\n`;
    const { rules, problems } = parseSigma('rules.yml', text);
    expect(rules.map(({ kind }) => kind)).toEqual(['event', 'correlation']);
    expect(rules[1]).toMatchObject({ id: 'many', spanMicros: 300e6, groupBy: ['userIdentity.arn'] });
    expect(problems).toHaveLength(1);
  });

  test('needs name the only texts that can match', () => {
    const [only] = parseSigma(
      'rule.yml',
      rule('selection:\n  eventName: [A, B]\n  eventSource|contains: iam\ncondition: selection'),
    ).rules;
    expect(only?.kind === 'event' ? [...only.needs] : null).toEqual([['eventName', ['a', 'b']]]);
  });

  test('no text and no record makes it throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (detection, json) => {
        const { rules } = parseSigma('rule.yml', rule(detection));
        const value: unknown = JSON.parse(json);
        const all = rules.every(
          (found) => found.kind !== 'event' || typeof found.matches({ value } as JsonObject) === 'boolean',
        );
        expect(all).toBe(true);
      }),
    );
  });
});
