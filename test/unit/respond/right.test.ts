import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createRespondService } from '#electron/respond/service/respond-service.ts';
import type { PlanDocument } from '#shared/respond/plan.ts';
import { serveWorld } from '#test/support/respond/fake/server.ts';
import { World } from '#test/support/respond/fake/world.ts';
import { fakeType } from '#test/support/respond/fake/provider.ts';

const cleanup: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

const answer = (value: unknown) => Promise.resolve({ ok: true, value } as never);

/** A workstation with a provider, three approvers and a pinned roster; its clock can be set. */
async function workstation() {
  const root = mkdtempSync(join(tmpdir(), 'rescind-right-'));
  const world = new World({ now: () => Date.now() });
  world.addAccount('mallory');
  const server = await serveWorld(world);
  cleanup.push(() => rmSync(root, { recursive: true, force: true }), server.close);
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now(),
    sleep: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
  const service = createRespondService(
    { call: (method: string) => answer(method === 'secret' ? 'a secret of the operator' : null) } as never,
    { fake: () => fakeType() },
    { write: () => undefined },
    { clock },
  );
  const config = join(root, 'config');
  const context = { signal: new AbortController().signal, emit: () => undefined } as never;
  const home = { id: 'case-1', name: 'Case', folder: join(root, 'case') };
  const at = (name: string): string => join(root, name);
  service.start({ configFolder: config });
  const settings = { url: server.url, logs: 'none' };
  await service.providerSave({ name: 'one', type: 'fake', settings });
  const people = ['alice', 'bob', 'carol'].map((id) => {
    const { publicKey } = service.createKey({ file: at(`${id}.pem`), passphrase: null });
    return { id, name: id, roles: [], keys: [publicKey], identities: [], users: [] };
  });
  const roster = { format: 'rescind-roster', version: 1, quorum: 2, people, rules: [], clockSkewSeconds: 60 };
  writeFileSync(at('roster.json'), JSON.stringify(roster));
  service.pinRoster({ file: at('roster.json') });
  const file = at('plan.json');
  const reference = { kind: 'identity', id: 'mallory', aliases: [], account: null, credentialType: null };
  const plan = { file };
  return {
    at,
    world,
    roster,
    config,
    setClock: (milliseconds: number) => {
      ahead = milliseconds;
    },
    plan: (playbook = 'contain') =>
      service.plan(
        {
          references: [{ ...reference, group: 'i1' }],
          playbook,
          playbookFile: null,
          providers: [],
          incident: null,
          since: null,
          usage: [],
          out: file,
          case: home,
        } as never,
        context,
      ),
    decide: async (who: string, decision: 'approve' | 'reject' = 'approve') =>
      service.approve({
        plan,
        key: at(`${who}.pem`),
        passphrase: null,
        decision,
        reason: null,
        case: home,
      }),
    execute: async (emergency: string | null = null) =>
      service.execute(
        {
          plan,
          hash: null,
          emergency: emergency === null ? null : { reason: 'active intruder' },
          key: emergency === null ? null : at(`${emergency}.pem`),
          passphrase: null,
          case: home,
        },
        context,
      ),
    status: async (run: string) => service.status({ run, plan: null, case: home }),
    preview: async () => service.preview({ plan, case: home }),
    document: () => JSON.parse(readFileSync(file, 'utf8')) as PlanDocument,
    keep: (document: PlanDocument) => writeFileSync(file, JSON.stringify(document)),
  };
}

describe('what the journal knows of a right', () => {
  test('a no that was taken out of the plan’s file still holds', async () => {
    const place = await workstation();
    await place.plan('evict');
    await place.decide('carol', 'reject');
    place.keep({ ...place.document(), approvals: [] });
    await place.decide('alice');
    await place.decide('bob');
    await expect(place.execute()).rejects.toThrow(/carol has rejected/);
    expect((await place.preview()).refusal).toContain('carol has rejected');
    expect(place.world.effects).toEqual([]);
  });

  test('only a yes by somebody else counts for an emergency, and it is used up by that', async () => {
    const place = await workstation();
    await place.plan();
    const { run } = await place.execute('bob');
    expect((await place.status(run)).countersignaturesMissing).toBe(2);
    await place.decide('alice', 'reject');
    await place.decide('bob');
    expect((await place.status(run)).countersignaturesMissing).toBe(2);
    await place.decide('alice');
    await place.decide('carol');
    expect((await place.status(run)).countersignaturesMissing).toBe(0);
    // Else what was signed to excuse the emergency would be a right to do it once more.
    await expect(place.execute()).rejects.toThrow(/used before/);
  });

  test('a roster that was exchanged for another one of the same number', async () => {
    const place = await workstation();
    await place.plan();
    await place.decide('alice');
    await place.decide('bob');
    await place.execute();
    rmSync(place.at('plan.json'));
    await place.plan();
    const [alice, ...others] = place.roster.people;
    const thief = { ...place.roster, people: [{ ...alice!, id: 'eve', name: 'eve' }, ...others] };
    writeFileSync(join(place.config, 'respond', 'roster.json'), JSON.stringify({ roster: thief }));
    await place.decide('bob');
    await expect(place.execute()).rejects.toThrow(/roster was exchanged/);
    rmSync(join(place.config, 'respond', 'roster.json'));
    await expect(place.execute('bob')).rejects.toThrow(/roster was exchanged/);
  });

  test('a clock that was turned back brings nothing back', async () => {
    const place = await workstation();
    await place.plan();
    await place.execute('bob');
    place.setClock(-600_000);
    await place.plan();
    await expect(place.execute('bob')).rejects.toThrow(/clock of this workstation is \d+ s behind/);
    place.setClock(0);
    await place.execute('bob');
  });
});
