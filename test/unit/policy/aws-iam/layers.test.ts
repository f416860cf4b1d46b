import { describe, expect, test } from 'vitest';
import { account, alice, allow, ask, deny, load, named, object, policy } from './support.ts';

/** What a layer says: nothing about it at all, an Allow, only Allows for something else, or a Deny. */
type Says = 'absent' | 'allows' | 'silent' | 'denies';
const says: readonly Says[] = ['absent', 'allows', 'silent', 'denies'];

const statement = (said: Says, more: object = {}) =>
  said === 'allows'
    ? allow('s3:*', '*', more)
    : said === 'silent'
      ? allow('sqs:*', '*', more)
      : deny('s3:*', '*', more);

/** Every combination of what four layers say. */
const combinations = says.flatMap((identity) =>
  says.flatMap((boundary) =>
    says.flatMap((scp) => says.map((endpoint) => ({ identity, boundary, scp, endpoint }))),
  ),
);

describe('within an account, without a resource policy', () => {
  test.each(combinations)('%j', async ({ identity, boundary, scp, endpoint }) => {
    const bundle = await load({
      identityPolicies: identity === 'absent' ? [] : [named('identity', statement(identity))],
      ...(boundary === 'absent' ? {} : { permissionBoundaries: [named('boundary', statement(boundary))] }),
      ...(scp === 'absent'
        ? {}
        : { serviceControlPolicies: [{ level: 'Root', policies: [named('scp', statement(scp))] }] }),
      ...(endpoint === 'absent'
        ? {}
        : { endpointPolicies: [named('vpce', statement(endpoint, { Principal: '*' }))] }),
    });
    const layers = { scp, vpce: endpoint, identity, boundary };
    const layersThatSay = (wanted: readonly Says[]) =>
      Object.entries(layers).flatMap(([name, said]) => (wanted.includes(said) ? [name] : []));
    const denied = layersThatSay(['denies']);
    // Grants must allow; limits only where there are any.
    const silent = Object.entries(layers).flatMap(([name, said]) =>
      said === 'silent' || (name === 'identity' && said === 'absent') ? [name] : [],
    );
    const explicit = denied.length > 0;
    const answer = await ask(bundle);
    expect(answer.decision).toBe(explicit || silent.length > 0 ? 'deny' : 'allow');
    expect(answer.kind).toBe(!explicit && silent.length > 0 ? 'implicit' : 'explicit');
    expect(answer.blockedBy).toEqual(explicit ? denied : silent);
    expect(answer.determining).toEqual(explicit ? denied : silent.length > 0 ? [] : ['identity']);
  });
});

describe('across accounts', () => {
  test.each(says.flatMap((identity) => says.map((resource) => ({ identity, resource }))))(
    '%j',
    async ({ identity, resource }) => {
      const bundle = await load({
        identityPolicies: identity === 'absent' ? [] : [named('identity', statement(identity))],
        ...(resource === 'absent'
          ? {}
          : { resourcePolicy: policy(statement(resource, { Principal: { AWS: alice } })) }),
      });
      const request = {
        subject: { type: 'user', id: alice },
        action: { name: 's3:GetObject' },
        resource: { type: 'object', id: 'arn:aws:s3:::elsewhere/x', properties: { account: '999999999999' } },
        context: {},
      };
      const { evaluation } = await bundle.evaluate(request, { complete: true });
      const layers = { resource, identity };
      const explicit = Object.values(layers).includes('denies');
      const blocking = Object.entries(layers).flatMap(([name, said]) =>
        (explicit ? said === 'denies' : said !== 'allows') ? [name] : [],
      );
      expect(evaluation.decision).toBe(blocking.length === 0 ? 'allow' : 'deny');
      expect(evaluation.blockedBy).toEqual(blocking);
      expect(evaluation.layers.map(({ name }) => name)).toEqual(['resource', 'identity']);
    },
  );
});

function level(name: string, more: readonly object[] = []) {
  return { level: name, policies: [named('Full', allow()), ...more] };
}

describe('the trace', () => {
  test('every statement is a step, with what did not match and why', async () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    const bundle = await load({
      identityPolicies: [
        {
          name: 'P',
          policy: policy(
            { Sid: 'Read', ...allow('s3:Get*', 'arn:aws:s3:::${aws:username}/*') },
            allow('sqs:*'),
            deny('s3:GetObject', '*', { Condition }),
          ),
        },
      ],
    });
    const { layers, verdict } = await ask(bundle, { resource: 'arn:aws:s3:::alice/x' });
    expect(layers).toMatchObject([
      {
        name: 'identity',
        role: 'grant',
        outcome: 'allow',
        steps: [
          {
            id: 'identity/0/0',
            ref: {
              locator: '/identityPolicies/0/policy/Statement/0',
              policyId: 'P',
              statementId: 'Read',
              index: 0,
            },
            effect: 'allow',
            matched: true,
            tests: {
              action: { result: 'match', pattern: 's3:Get*', actual: 's3:GetObject' },
              resource: {
                result: 'match',
                pattern: 'arn:aws:s3:::${aws:username}/*',
                resolved: 'arn:aws:s3:::alice/*',
              },
            },
          },
          { matched: false, tests: { action: { result: 'no-match', pattern: 'sqs:*' } } },
          {
            effect: 'deny',
            matched: false,
            tests: {
              condition: {
                op: 'all',
                result: 'false',
                children: [
                  { operator: 'IpAddress', key: 'aws:SourceIp', expected: '10.0.0.0/8', result: 'missing' },
                ],
              },
            },
          },
        ],
      },
    ]);
    expect(verdict).toBe('Allowed: “P” allows s3:GetObject on arn:aws:s3:::alice/x.');
  });

  test('levels of the organization stand in their order, with their names', async () => {
    const bundle = await load({
      identityPolicies: [named('P', allow())],
      serviceControlPolicies: [
        level('Root'),
        level('Production', [named('NoDelete', deny('s3:Delete*'))]),
        level(account),
      ],
    });
    const answer = await ask(bundle, { action: 's3:DeleteObject' });
    expect(answer.layers.map(({ name, label, outcome }) => [name, label, outcome])).toEqual([
      ['scp', 'Root', 'allow'],
      ['scp', 'Production', 'deny'],
      ['scp', account, 'allow'],
      ['identity', undefined, 'allow'],
    ]);
    expect(answer).toMatchObject({ determining: ['NoDelete'], kind: 'explicit', assumptions: [] });
    expect(answer.verdict).toBe(
      `Denied: “NoDelete” (service control policy) explicitly denies s3:DeleteObject on ${object}.`,
    );
  });

  test('no organization is said', async () => {
    const bundle = await load({ identityPolicies: [named('P', allow())] });
    expect((await ask(bundle)).assumptions).toEqual([
      'No organization data: no service control or resource control policy is taken to apply.',
    ]);
  });

  test('an action without single resources is asked for all of them', async () => {
    const one = `arn:aws:ec2:eu-west-1:${account}:instance/i-1`;
    const bundle = await load({
      identityPolicies: [named('P', allow('ec2:*', `arn:aws:ec2:*:${account}:instance/*`))],
    });
    expect((await ask(bundle, { action: 'ec2:DescribeInstances', resource: one })).decision).toBe('deny');
    expect((await ask(bundle, { action: 'ec2:StartInstances', resource: one })).decision).toBe('allow');
  });

  test('nobody can be denied to ask who they are', async () => {
    const bundle = await load({ identityPolicies: [named('P', deny())] });
    expect(await ask(bundle, { action: 'sts:GetCallerIdentity', resource: '*' })).toMatchObject({
      decision: 'allow',
      kind: 'bypass',
      blockedBy: [],
    });
  });

  test('a bypass of the root user is called one', async () => {
    const bundle = await load({});
    const root = `arn:aws:iam::${account}:root`;
    expect(await ask(bundle, { subject: root })).toMatchObject({
      decision: 'allow',
      kind: 'bypass',
      determining: [],
    });
  });
});
