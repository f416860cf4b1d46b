import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { opa } from '#electron/respond/providers/opa/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import { type FakeOpa, opaToken, startOpa } from '../support/respond/servers/opa.ts';

let first: FakeOpa;
let second: FakeOpa;
let provider: Provider;
beforeEach(async () => {
  [first, second] = [await startOpa(), await startOpa()];
  provider = open(`${first.url}, ${second.url}`);
});
afterEach(async () => {
  await first.stop();
  await second.stop();
});

function open(urls: string, token = opaToken): Provider {
  const settings = { urls, decision: 'app/authz/allow', input: '{"user":"{subject}"}' };
  return openProvider(opa, settings, { secrets: { token } });
}
const reference = (id: string): Reference => ({
  kind: 'identity',
  id,
  aliases: [],
  account: null,
  credentialType: null,
});
const find = async (id: string): Promise<Target> =>
  asTarget((await provider.resolve(reference(id), callContext())).targets[0]!);
const denied = (server: FakeOpa): unknown =>
  (server.data['emergency'] as { deny?: unknown } | undefined)?.deny;

describe('OPA on a stand-in that follows its API', () => {
  test('sets the flag on every replica, proves it by the decision, and takes exactly it away', async () => {
    first.data['emergency'] = { deny: { alice: false } };
    await expectActionContract(provider, await find('team/mallory'), 'subject.deny', {
      secrets: [opaToken],
      isCut: async () =>
        [first, second].every((server) => Object.hasOwn(denied(server) as object, 'team/mallory')),
    });
    expect(denied(first)).toEqual({ alice: false });
    expect(first.calls).toContain('PUT /v1/data/emergency/deny/team%2Fmallory');
  });

  test('a flag that was false is false again', async () => {
    first.data['emergency'] = { deny: { mallory: false } };
    await expectActionContract(provider, await find('mallory'), 'subject.deny');
    expect(denied(first)).toEqual({ mallory: false });
  });

  test('denied only when every replica denies', async () => {
    const target = await find('mallory');
    const action = await findAction(provider, target, 'subject.deny');
    const before = await action.snapshot(target, callContext());
    expect(await action.probe?.(target, before, callContext())).toMatchObject({ state: 'still_allowed' });
    first.fault('PUT', 'refused');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'partial',
      done: [second.url],
      failed: [first.url],
    });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    expect(await action.probe?.(target, before, callContext())).toMatchObject({ state: 'still_allowed' });
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'applied' });
    expect(await action.probe?.(target, before, callContext())).toMatchObject({ state: 'denied' });
  });

  test('a path that a bundle owns is refused, in OPA’s own words', async () => {
    first.owned.add('emergency');
    const alone = open(first.url);
    const target = await find('mallory');
    const action = await findAction(alone, target, 'subject.deny');
    const outcome = await action.apply(target, await action.snapshot(target, callContext()), callContext());
    expect(outcome.kind).toBe('unsupported');
    expect(outcome.detail).toContain('owned by bundle');
  });

  test('says beforehand when no policy consults the flag', async () => {
    const target = await find('mallory');
    expect((await provider.actions(target, callContext())).missing).toEqual([]);
    second.policies[0]!.raw = 'package app.authz\n# data.emergency.deny\nallow := true';
    const { missing } = await provider.actions(target, callContext());
    expect(missing[0]?.control).toContain('data.emergency.deny');
  });

  test('an undo leaves what somebody changed since', async () => {
    const target = await find('mallory');
    const action = await findAction(provider, target, 'subject.deny');
    const before = await action.snapshot(target, callContext());
    await action.apply(target, before, callContext());
    for (const server of [first, second]) server.data['emergency'] = { deny: { mallory: 'until Friday' } };
    expect(await action.undo?.(target, before, callContext())).toMatchObject({ kind: 'precondition_failed' });
    expect(denied(first)).toEqual({ mallory: 'until Friday' });
  });

  test('faults on the way become what they are: throttled, refused, perhaps done', async () => {
    const alone = open(first.url);
    const target = await find('mallory');
    const action = await findAction(alone, target, 'subject.deny');
    const before = await action.snapshot(target, callContext());
    first.fault('PUT', 'throttle');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 2_000,
    });
    first.fault('PUT', 'refused');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'forbidden',
      missingPermissions: ['PUT /v1/data'],
    });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'not_in_effect' });
    first.fault('PUT', 'error-after-effect');
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(target, before, callContext());
    first.fault('PUT', 'reset-after-effect');
    await expect(action.apply(target, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    expect(first.calls.filter((call) => call.startsWith('PUT'))).toHaveLength(4);
  });

  test('a wrong token is a refusal, not a result', async () => {
    await expect(open(first.url, 'wrong').whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
    expect((await provider.test(callContext())).missing).toEqual([]);
  });
});
