import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Provider } from '#electron/respond/provider.ts';
import { caep } from '#electron/respond/providers/caep/index.ts';
import { execute } from '#electron/respond/run/engine.ts';
import { summarize } from '#shared/respond/run-summary.ts';
import type { Reference, Target } from '#shared/domain/response.ts';
import { Bench, emergency } from '../support/respond/bench.ts';
import { fakeType } from '../support/respond/fake/provider.ts';
import { serveWorld } from '../support/respond/fake/server.ts';
import { World } from '../support/respond/fake/world.ts';
import { findAction } from '../support/respond/provider-contract.ts';
import { asTarget, callContext, openProvider } from '../support/respond/provider-io.ts';
import { type SignalReceiver, startSignalReceiver } from '../support/respond/servers/receivers.ts';

const token = 'receiver-token-123456';
const pem = { type: 'pkcs8', format: 'pem' } as const;
const keys: Readonly<Record<string, string>> = {
  RS256: String(generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export(pem)),
  ES256: String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem)),
  EdDSA: String(generateKeyPairSync('ed25519').privateKey.export(pem)),
};
const cleanup: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function start(
  algorithm = 'EdDSA',
  more: Readonly<Record<string, string>> = {},
): Promise<{ server: SignalReceiver; settings: Record<string, string>; provider: Provider }> {
  const privateKey = keys[algorithm]!;
  const server = await startSignalReceiver(privateKey, token);
  cleanup.push(() => server.stop());
  const settings = {
    url: server.url,
    issuer: 'https://rescind.example.org',
    audience: 'https://receiver.example.org',
    ...more,
  };
  return { server, settings, provider: openProvider(caep, settings, { secrets: { privateKey, token } }) };
}
const mallory: Reference = {
  kind: 'identity',
  id: 'mallory',
  aliases: ['mallory@example.org'],
  account: null,
  credentialType: null,
};
const find = async (provider: Provider): Promise<Target> =>
  asTarget((await provider.resolve(mallory, callContext())).targets[0]!);

describe('CAEP and RISC signals and a receiver that checks them', () => {
  test.each(Object.keys(keys))(
    'sends a token that the receiver can verify, signed by %s',
    async (algorithm) => {
      const { server, provider } = await start(algorithm);
      const target = await find(provider);
      for (const id of ['session.signal', 'account.signal']) {
        const action = await findAction(provider, target, id);
        const before = await action.snapshot(target, callContext());
        const came = await action.apply(target, before, callContext());
        expect(came).toMatchObject({ kind: 'applied' });
        expect(JSON.stringify([came, before])).not.toContain(token);
      }
      const [session, account] = server.events;
      // RFC 8417, 2.2: neither `exp` nor `sub`, an id of its own.
      expect(Object.keys(session!).toSorted()).toEqual(['aud', 'events', 'iat', 'iss', 'jti', 'sub_id']);
      expect(session!['jti']).not.toBe(account!['jti']);
      expect(session!['sub_id']).toEqual({ format: 'email', email: 'mallory@example.org' });
      expect(session!['events']).toMatchObject({
        'https://schemas.openid.net/secevent/caep/event-type/session-revoked': { initiating_entity: 'admin' },
      });
      expect(Object.keys(account!['events'] as object)).toEqual([
        'https://schemas.openid.net/secevent/risc/event-type/account-disabled',
      ]);
    },
  );

  test('subjects in the formats of RFC 9493', async () => {
    const { provider, server } = await start('EdDSA', {
      subject: 'iss_sub',
      subjectIssuer: 'https://idp.example.org',
    });
    const target = await find(provider);
    const action = await findAction(provider, target, 'session.signal');
    await action.apply(target, await action.snapshot(target, callContext()), callContext());
    expect(server.events[0]?.['sub_id']).toEqual({
      format: 'iss_sub',
      iss: 'https://idp.example.org',
      sub: 'mallory',
    });
  });

  test('a refusal is told in the receiver’s words; a 5xx may have been received', async () => {
    const { provider, server } = await start('EdDSA', { issuer: 'https://somebody.example.org' });
    const target = await find(provider);
    const action = await findAction(provider, target, 'session.signal');
    const before = await action.snapshot(target, callContext());
    const refused = await action.apply(target, before, callContext());
    expect(refused.kind).toBe('unsupported');
    expect(refused.detail).toContain('invalid_issuer');
    server.fault('POST', 'error-after-effect');
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'ambiguous' });
    server.fault('POST', 'throttle');
    expect(await action.apply(target, before, callContext())).toMatchObject({ kind: 'throttled' });
  });

  test('a signal is sent last, never counts as done, and does not keep the rest from being contained', async () => {
    const { settings } = await start();
    const world = new World({ now: () => Date.now() });
    world.addAccount('mallory');
    const served = await serveWorld(world);
    const types = {
      fake: () => fakeType(),
      // The bench holds one secret for all: a key of its own for this test.
      caep: () => ({ ...caep, open: (config, io) => caep.open(config, withSecrets(io)) }) as typeof caep,
    };
    const bench = new Bench({ types });
    cleanup.push(served.close, () => bench.close());
    await bench.add('world', { url: served.url });
    await bench.add('signals', settings, 'caep');
    const document = await bench.plan(['mallory']);
    // The subject is named by mail here, and there is none: nothing may be guessed.
    expect(document.plan.gaps).toMatchObject([{ provider: 'signals', kind: 'unknown-here' }]);
    await bench.add('signals', { ...settings, subject: 'opaque' }, 'caep');
    const { plan, ...rest } = await bench.plan(['mallory']);
    expect(plan.actions.slice(-2).map(({ spec }) => spec.verb)).toEqual(['signal.emit', 'signal.emit']);
    const run = await execute({ plan, ...rest }, emergency(Date.now()), bench.tools());
    expect(summarize(run)).toMatchObject({
      actions: 4,
      effective: 4,
      enforced: 2,
      contained: true,
      signals: 2,
    });
    const sent = run.actions.filter(({ action }) => action.spec.verb === 'signal.emit');
    expect(sent.map(({ state, enforced }) => [state, enforced])).toEqual([
      ['unverifiable', null],
      ['unverifiable', null],
    ]);
  });
});

function withSecrets(io: Parameters<typeof caep.open>[1]): typeof io {
  return { ...io, secret: (field) => Promise.resolve(field === 'token' ? token : keys['EdDSA']!) };
}
