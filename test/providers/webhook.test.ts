import { afterEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { webhook } from '#electron/respond/providers/webhook/index.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { expectActionContract, findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import { type Payroll, ed25519Pem, hmacKey, startPayroll } from '../support/respond/servers/receivers.ts';

let server: Payroll;
afterEach(() => server.stop());

async function start(signature: 'hmac' | 'ed25519' = 'hmac', key?: string): Promise<Provider> {
  server = await startPayroll(signature);
  const secret = key ?? (signature === 'hmac' ? hmacKey : ed25519Pem);
  return openProvider(webhook, { url: server.url, signature }, { secrets: { key: secret } });
}
const mallory: Reference = {
  kind: 'identity',
  id: 'mallory',
  aliases: [],
  account: null,
  credentialType: null,
};
const find = async (provider: Provider): Promise<Target> =>
  asTarget((await provider.resolve(mallory, callContext())).targets[0]!);

describe('a signed webhook and a receiver that keeps to the protocol', () => {
  test.each(['hmac', 'ed25519'] as const)('acts and takes back, signed by %s', async (signature) => {
    const provider = await start(signature);
    expect(await provider.test(callContext())).toMatchObject({
      identity: { tenant: 'payroll-1', operator: ['svc-rescind'] },
      missing: [],
    });
    await expectActionContract(provider, await find(provider), 'employee.block', {
      secrets: [hmacKey, ed25519Pem],
      isCut: async () => server.employees.get('e-17')?.active === false,
    });
    expect(server.effects).toEqual(['rescind.apply e-17', 'rescind.undo e-17']);
    expect(server.employees.get('e-18')?.active).toBe(true);
  });

  test('what it declares is what the plan says: residual access, no proof of enforcement', async () => {
    const provider = await start();
    const { spec, probe } = await findAction(provider, await find(provider), 'employee.block');
    expect(spec.doesNotStop).toMatchObject([{ artefact: 'web_session', residualSeconds: 900 }]);
    expect(probe).toBeNull();
  });

  test('the same attempt is the same message, and happens once; another attempt is another', async () => {
    const provider = await start();
    const target = await find(provider);
    const action = await findAction(provider, target, 'employee.block');
    const before = await action.snapshot(target, callContext());
    const attempt = callContext();
    expect(await action.apply(target, before, attempt)).toMatchObject({ kind: 'applied' });
    server.employees.get('e-17')!.active = true;
    expect(await action.apply(target, before, attempt)).toMatchObject({ kind: 'applied' });
    expect(server.effects).toHaveLength(1);
    expect(await action.apply(target, before, callContext(attempt.since + 1))).toMatchObject({
      kind: 'applied',
    });
    expect(server.effects).toHaveLength(2);
  });

  test('a wrong key, and a message that comes late, are refused', async () => {
    const other = await start('hmac', `whsec_${Buffer.alloc(32, 7).toString('base64')}`);
    await expect(other.whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
    await server.stop();
    const provider = await start();
    server.now.value = () => Date.now() + 600_000;
    await expect(provider.whoami(callContext())).rejects.toMatchObject({ kind: 'forbidden' });
    await server.stop();
    const weak = await start('hmac', 'whsec_c2hvcnQ=');
    await expect(weak.whoami(callContext())).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('an answer to another message, or of another shape, is none', async () => {
    const provider = await start();
    const target = await find(provider);
    const action = await findAction(provider, target, 'employee.block');
    const before = await action.snapshot(target, callContext());
    const attempt = callContext();
    await action.apply(target, before, attempt);
    const [id] = [...server.answered.keys()];
    const kept = server.answered.get(id!)!;
    const again = (body: unknown): Promise<unknown> => {
      server.answered.set(id!, { ...kept, reply: { status: 200, body } });
      return action.apply(target, before, attempt);
    };
    await expect(again({ id: 'msg_of-another', outcome: 'applied', detail: '' })).rejects.toMatchObject({
      kind: 'protocol',
    });
    await expect(again({ id, outcome: 'all good', detail: '' })).rejects.toMatchObject({ kind: 'protocol' });
    await expect(again('<html>')).rejects.toMatchObject({ kind: 'protocol' });
  });

  test('faults on the way become what they are: throttled, refused, perhaps done', async () => {
    const provider = await start();
    const target = await find(provider);
    const action = await findAction(provider, target, 'employee.block');
    const before = await action.snapshot(target, callContext());
    server.fault('msg_', 'throttle');
    expect(await action.apply(target, before, callContext())).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 2_000,
    });
    server.fault('msg_', 'refused');
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'forbidden' });
    expect(server.effects).toEqual([]);
    server.fault('msg_', 'error-after-effect');
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    expect(await action.observe(target, before, callContext())).toMatchObject({ state: 'in_effect' });
    await action.undo?.(target, before, callContext());
    server.fault('msg_', 'reset-after-effect');
    await expect(action.apply(target, before, callContext())).rejects.toMatchObject({ kind: 'interrupted' });
    expect(server.effects).toHaveLength(3);
  });
});
