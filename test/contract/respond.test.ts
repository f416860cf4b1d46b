import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openSigner } from '#electron/custody/signer.ts';
import { canonicalText, sha256 } from '#electron/respond/canonical.ts';
import type { Receipt } from '#electron/respond/receipt/issue.ts';
import { checkReceipt } from '#electron/respond/verify/receipt.ts';
import type { RunStatus } from '#shared/ipc/respond-views.ts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { HostEvent } from '#shared/ipc/client.ts';
import type { AppInfo } from '#shared/ipc/views.ts';
import { CommandLine } from '#test/support/respond/command-line.ts';
import { serveWorld } from '#test/support/respond/fake/server.ts';
import { World } from '#test/support/respond/fake/world.ts';

const secret = 'CANARY-token-that-nobody-may-see-1c7';
const world = new World({ now: () => Date.now() });
const line = new CommandLine();
let server: Awaited<ReturnType<typeof serveWorld>>;
const said: string[] = [];
const rescind = async (...words: string[]) => {
  const answer = await line.run(...words);
  said.push(answer.out, answer.err);
  return answer;
};
const at = (name: string) => line.path(name);

beforeAll(async () => {
  server = await serveWorld(world);
  for (const name of ['mallory', 'oscar', 'innocent']) world.addAccount(name);
  await line.session.engine.createCase(at('case'), 'Case');
  line.session.engine.closeCase();
});
afterAll(async () => {
  line.close();
  await server.close();
});

/** The steps are one story: each needs what those before it have left. */
describe('revocation on the command line', () => {
  let run = '';
  let restoreRun = '';

  test('a provider is set up, listed and tried; its secret goes in once', async () => {
    const { client } = line.session;
    const settings = { url: server.url, logs: 'openldap' };
    const added = await client.request('provider.add', {
      name: 'dir',
      type: 'fake',
      settings,
      secrets: { token: secret },
    });
    expect(added).toMatchObject({ ok: true, value: { name: 'dir', logs: ['openldap'] } });
    expect((await rescind('provider', 'list')).json()).toMatchObject([{ name: 'dir', type: 'fake' }]);
    expect(await rescind('provider', 'test', 'dir')).toMatchObject({ code: 0 });
    expect((await rescind('provider', 'types')).json()).toMatchObject([
      { type: 'fake', secrets: [{ name: 'token' }] },
    ]);
    const wrong = await client.request('provider.add', {
      name: 'x',
      type: 'fake',
      settings: { url: 'http://example.org' },
      secrets: { token: 'x' },
    });
    expect(wrong).toMatchObject({ ok: false, error: { kind: 'invalid-input' } });
    expect(await rescind('provider', 'test', 'nobody')).toMatchObject({ code: 3 });
  });

  test('a secret that is kept goes only to where it was given for', async () => {
    const { client } = line.session;
    const change = (settings: Record<string, string>, secrets: Record<string, string> = {}) =>
      client.request('provider.add', { name: 'dir', type: 'fake', settings, secrets });
    // What says nothing about the address is changed without it.
    expect(await change({ url: server.url, logs: 'openldap', 'break-glass': 'root' })).toMatchObject({
      ok: true,
      value: { breakGlass: ['root'] },
    });
    const elsewhere = { url: server.url.replace('127.0.0.1', 'localhost'), logs: 'openldap' };
    expect(await change(elsewhere)).toMatchObject({
      error: { kind: 'invalid-input', message: 'The secret “token” is missing.' },
    });
    expect((await rescind('provider', 'list')).json()).toMatchObject([{ settings: { url: server.url } }]);
    expect(await change({ url: server.url, logs: 'openldap' })).toMatchObject({ ok: true });
    expect(await rescind('provider', 'test', 'dir')).toMatchObject({ code: 0 });
  });

  test('approvers have keys and a roster', async () => {
    const people = await Promise.all(
      ['alice', 'bob', 'carol'].map(async (id) => {
        const made = await rescind('respond', 'key', at(`${id}.pem`));
        return { id, name: id, roles: ['responder'], keys: [made.json()['publicKey']] };
      }),
    );
    const words = people.flatMap(({ id, keys }) => ['--person', `${id}=${String(keys[0])}`]);
    expect(await rescind('respond', 'roster', 'new', ...words, '--out', at('roster.json'))).toMatchObject({
      code: 0,
    });
    expect(await rescind('respond', 'roster', 'pin', at('roster.json'))).toMatchObject({ code: 0 });
  });

  test('a plan changes nothing and shows every call', async () => {
    const plan = await rescind(
      'respond',
      'plan',
      '--case',
      at('case'),
      '--identity',
      'mallory',
      'oscar',
      '--playbook',
      'remove',
      '--out',
      at('plan.json'),
    );
    expect(plan.code).toBe(0);
    expect(plan.json()).toMatchObject({ requirement: { needed: 2 }, plan: { residual: { seconds: 600 } } });
    expect(world.effects).toEqual([]);
    const preview = await rescind('respond', 'preview', at('plan.json'));
    expect(preview.out).toContain('/accounts/acct-mallory');
  });

  test('one approval is not enough, the same person twice neither', async () => {
    expect(await rescind('respond', 'execute', at('plan.json'))).toMatchObject({ code: 4 });
    expect(await rescind('respond', 'approve', at('plan.json'), '--key', at('alice.pem'))).toMatchObject({
      code: 0,
    });
    expect(await rescind('respond', 'approve', at('plan.json'), '--key', at('alice.pem'))).toMatchObject({
      code: 0,
    });
    const refused = await rescind('respond', 'execute', at('plan.json'));
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.err).toContain('needs 2 approvals');
    expect((await rescind('respond', 'preview', at('plan.json'))).json()).toMatchObject({
      approvals: [{ objection: null }, { objection: 'the same person counts once' }],
    });
    expect(world.effects).toEqual([]);
  });

  test('a new plan takes the place of no signed one; one without an action is never executed', async () => {
    const words = ['respond', 'plan', '--case', at('case'), '--identity', 'nobody-here', '--out'];
    const replaced = await rescind(...words, at('plan.json'));
    expect(replaced).toMatchObject({ code: 2 });
    expect(replaced.err).toContain('is there already, with signed decisions');
    expect(await rescind(...words, at('alice.pem'))).toMatchObject({ code: 2 });
    expect(await rescind(...words, at('empty.json'))).toMatchObject({ code: 1 });
    expect(await rescind(...words, at('empty.json'))).toMatchObject({ code: 1 });
    const alone = await rescind('respond', 'execute', at('empty.json'), '--emergency', '--reason', 'a drill');
    expect(alone).toMatchObject({ code: 4 });
    expect(alone.err).toContain('there is nothing to execute');
  });

  test('a playbook goes out as CACAO and comes back', async () => {
    expect(await rescind('respond', 'playbook', 'export', 'remove', '--out', at('cacao.json'))).toMatchObject(
      { code: 0 },
    );
    const plan = await rescind(
      'respond',
      'plan',
      '--case',
      at('case'),
      '--identity',
      'mallory',
      '--playbook',
      at('cacao.json'),
      '--out',
      at('again.json'),
    );
    expect(plan.json()).toMatchObject({ plan: { playbook: { name: 'remove' } } });
    expect(
      await rescind('respond', 'playbook', 'export', at('again.json'), '--out', at('plan-cacao.json')),
    ).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(at('plan-cacao.json'), 'utf8'))).toMatchObject({
      type: 'playbook',
      spec_version: 'cacao-2.0',
    });
  });

  test('a dry run changes nothing', async () => {
    const tried = await rescind('respond', 'execute', at('plan.json'), '--dry-run');
    expect(tried).toMatchObject({ code: 0 });
    expect(world.effects).toEqual([]);
  });

  test('an altered plan is refused', async () => {
    const altered = readFileSync(at('plan.json'), 'utf8').replaceAll('acct-oscar', 'acct-innocent');
    writeFileSync(at('altered.json'), altered);
    expect(await rescind('respond', 'execute', at('altered.json'))).toMatchObject({ code: 4 });
    expect(world.effects).toEqual([]);
  });

  test('two of three: both lose everything, nobody else does', async () => {
    // Carol signs a copy on another machine, and the copy comes back.
    copyFileSync(at('plan.json'), at('copy.json'));
    await rescind('respond', 'approve', at('copy.json'), '--key', at('carol.pem'));
    const taken = await rescind('respond', 'approve', at('plan.json'), '--from', at('copy.json'));
    expect(taken).toMatchObject({ code: 0 });
    expect(taken.json()).toMatchObject({ refusal: null });
    const done = await rescind('respond', 'execute', at('plan.json'));
    expect(done.code).toBe(0);
    const status = done.json() as {
      run: string;
      summary: { contained: boolean };
      authority: { people: string[] };
    };
    expect(status).toMatchObject({
      summary: { contained: true },
      authority: { kind: 'approvals', people: ['alice', 'carol'] },
    });
    run = status.run;
    expect([
      world.mayLogIn('acct-mallory'),
      world.mayLogIn('acct-oscar'),
      world.mayLogIn('acct-innocent'),
    ]).toEqual([false, false, true]);
    expect(world.works('grants', 'grant-innocent-0')).toBe(true);
  });

  test('the approvals are used up', async () => {
    const again = await rescind('respond', 'execute', at('plan.json'));
    expect(again).toMatchObject({ code: 4 });
    expect(again.err).toContain('used before');
  });

  test('status by plan and by run; verify finds drift', async () => {
    expect((await rescind('respond', 'status', at('plan.json'))).json()).toMatchObject({ run });
    expect(await rescind('respond', 'verify', run)).toMatchObject({ code: 0 });
    world.handle({
      method: 'PUT',
      path: '/accounts/acct-oscar/disabled',
      query: {},
      body: { value: false },
      ifMatch: null,
    });
    expect(await rescind('respond', 'verify', run)).toMatchObject({ code: 1 });
    world.handle({
      method: 'PUT',
      path: '/accounts/acct-oscar/disabled',
      query: {},
      body: { value: true },
      ifMatch: null,
    });
    expect(await rescind('respond', 'verify', run)).toMatchObject({ code: 0 });
  });

  test('a host that opens the case later looks again at what is due, and says what it found', async () => {
    const events: HostEvent[] = [];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    const host = line.anotherHost((event) => void events.push(event));
    try {
      const context = {
        sender: 'page',
        signal: new AbortController().signal,
        emit: () => undefined,
      } as const;
      const info = await host.router.handle('app.info', {}, context);
      const id = (info as { value: AppInfo }).value.recent[0]?.id ?? '';
      expect(await host.router.handle('case.openRecent', { id }, context)).toMatchObject({ ok: true });
      const seen = () => events.filter(({ type }) => type === 'run-verified');
      await expect
        .poll(seen, { timeout: 20_000 })
        .toMatchObject([{ run, round: '+residual', contained: true }]);
    } finally {
      vi.useRealTimers();
      host.close();
    }
  });

  test('no receipt while no log covers the run; said precisely', async () => {
    const refused = await rescind('respond', 'receipt', run, '--out', at('receipt.json'));
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.err).toMatch(
      /dir: openldap must reach from \S+ or earlier to \S+ or later; none is imported/,
    );
  });

  test('logs on both sides of the run cover it: the receipt has the last success and the first denial', async () => {
    const settings = { url: server.url, logs: 'kubernetes-audit' };
    await line.session.client.request('provider.add', { name: 'dir', type: 'fake', settings, secrets: {} });
    const before = Date.now() - 3_600_000;
    writeFileSync(at('before.jsonl'), audit([before, 200, 'mallory'], [before + 1_000, 200, 'innocent']));
    await rescind('ingest', '--case', at('case'), at('before.jsonl'));
    const early = await rescind('respond', 'receipt', run, '--out', at('covered.json'));
    expect(early).toMatchObject({ code: 4 });
    expect(early.err).toContain('kubernetes-audit reaches from');
    const after = Date.now() + 60_000;
    writeFileSync(at('after.jsonl'), audit([after, 403, 'mallory'], [after + 1_000, 200, 'innocent']));
    await rescind('ingest', '--case', at('case'), at('after.jsonl'));
    expect(await rescind('respond', 'receipt', run, '--out', at('covered.json'))).toMatchObject({ code: 0 });
    const { receipt } = JSON.parse(readFileSync(at('covered.json'), 'utf8')) as { receipt: string };
    const { logs } = JSON.parse(receipt) as { logs: { kind: string; subjects: unknown[] }[] };
    expect(logs).toMatchObject([
      {
        kind: 'covered',
        subjects: [
          {
            group: 'i1',
            lastSuccess: { time: iso(before) },
            firstDenial: { time: iso(after) },
            successesAfter: 0,
          },
          { group: 'i2', lastSuccess: null, firstDenial: null },
        ],
      },
    ]);
  });

  test('what the case knows of an identity goes into the plan: who uses it, and when it is due', async () => {
    const plan = await rescind(
      'respond',
      'plan',
      '--case',
      at('case'),
      '--identity',
      'innocent',
      '--out',
      at('innocent.json'),
    );
    expect(plan.json()).toMatchObject({
      plan: { forecast: [{ group: 'i1', atLeast: 1, atMost: null, consumers: [{ events: 2 }] }] },
    });
  });

  test('a receipt holds on its own, and no change of it does', async () => {
    const settings = { url: server.url, logs: 'none' };
    await line.session.client.request('provider.add', { name: 'dir', type: 'fake', settings, secrets: {} });
    expect(await rescind('respond', 'receipt', run, '--out', at('receipt.json'))).toMatchObject({ code: 0 });
    const checked = await rescind('receipt', 'check', at('receipt.json'));
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.json()).toMatchObject({ ok: true, run, contained: true, approvals: ['alice', 'carol'] });
    const verifier = resolve(import.meta.dirname, '../../electron/respond/verify/verifier.ts');
    const alone = spawnSync(process.execPath, [verifier, at('receipt.json')], {
      encoding: 'utf8',
      cwd: line.home,
    });
    expect(JSON.parse(alone.stdout)).toMatchObject({ ok: true });
    const file = JSON.parse(readFileSync(at('receipt.json'), 'utf8')) as { receipt: string };
    const changes: ((text: string) => string)[] = [
      (text) => text.replace('acct-mallory', 'acct-mallorx'),
      (text) => text.replace('in_effect', 'not_in_effect'),
      (text) => text.replace(/"contained":true/, '"contained":null'),
    ];
    for (const change of changes) {
      writeFileSync(at('forged.json'), JSON.stringify({ ...file, receipt: change(file.receipt) }));
      expect(await rescind('receipt', 'check', at('forged.json'))).toMatchObject({ code: 1 });
    }
    // Signed anew by whoever has the workstation's key: what it says must still rest on its records.
    const again = (change: (receipt: Receipt) => object): readonly string[] => {
      const receipt = JSON.parse(file.receipt) as Receipt;
      return checkReceipt(signedAnew({ ...receipt, ...change(receipt) }, at('config'))).problems;
    };
    expect(again(() => ({}))).toEqual([]);
    expect(again(({ authority }) => ({ authority: { ...authority, people: ['alice', 'bob'] } }))).toEqual([
      'the journal has another right for this run',
      'bob has not signed this plan',
    ]);
    const { people } = (JSON.parse(file.receipt) as Receipt).roster!;
    expect(again(({ roster }) => ({ roster: { ...roster, people: people.slice(0, 2) } }))).toContain(
      'the run has believed another roster',
    );
    expect(
      again(({ actions }) => ({ actions: actions.map((each) => ({ ...each, configured: null })) })).join(),
    ).toContain('it does not hold');
    expect(
      again(({ survivors }) => ({
        survivors: survivors.map((sweep) => ({ ...sweep, failed: 'not allowed' })),
      })).join(),
    ).toContain('the last sweep');
    const noSweep = again(() => ({ survivors: [] }));
    expect(noSweep).toContain('what the sweeps found does not rest on the journal');
    expect(noSweep.join()).toContain('the last sweep of dir');
  });

  test('restore: its own approvals, one slice, observation, the rest; exactly what was there', async () => {
    const plan = await rescind('respond', 'restore', run, '--out', at('restore.json'), '--observe', '0');
    expect(plan.code).toBe(0);
    expect(plan.json()).toMatchObject({
      plan: { kind: 'restore', gaps: [{ kind: 'not-restorable' }, { kind: 'not-restorable' }] },
    });
    expect(await rescind('respond', 'execute', at('restore.json'))).toMatchObject({ code: 4 });
    expect(
      await rescind('respond', 'execute', at('restore.json'), '--emergency', '--reason', 'quick'),
    ).toMatchObject({ code: 4 });
    await rescind('respond', 'approve', at('restore.json'), '--key', at('alice.pem'));
    await rescind('respond', 'approve', at('restore.json'), '--key', at('bob.pem'));
    const done = await rescind('respond', 'execute', at('restore.json'));
    expect(done.json()).toMatchObject({ status: 'finished', summary: { contained: true } });
    restoreRun = String(done.json()['run']);
    expect(done.code).toBe(0);
    const fresh = new World({ now: () => Date.now() });
    for (const name of ['mallory', 'oscar', 'innocent']) fresh.addAccount(name);
    expect(sorted(world.state())).toEqual(sorted(fresh.state()));
    expect(restoreRun).not.toBe(run);
  });

  test('after a restore, the revocation’s receipt judges the time until then, and what is used again is no drift', async () => {
    const again = Date.now() + 1_000;
    writeFileSync(at('again.jsonl'), audit([again, 200, 'mallory'], [again + 90_000, 200, 'innocent']));
    await rescind('ingest', '--case', at('case'), at('again.jsonl'));
    const settings = { url: server.url, logs: 'kubernetes-audit' };
    await line.session.client.request('provider.add', { name: 'dir', type: 'fake', settings, secrets: {} });
    const looked = await rescind('respond', 'verify', run);
    const seen = looked.json() as unknown as RunStatus;
    expect(seen.actions.filter(({ state }) => state === 'drifted')).toEqual([]);
    expect(seen).toMatchObject({
      survivors: [],
      scheduled: [],
      givenBack: { plan: expect.stringMatching(/^plan-/) },
    });
    expect(await rescind('respond', 'receipt', run, '--out', at('until.json'))).toMatchObject({ code: 0 });
    const checked = await rescind('receipt', 'check', at('until.json'));
    expect(checked.json()).toMatchObject({ ok: true, contained: true, givenBack: seen.givenBack });
    // The restore’s beginning is proved: another time or another plan is found out.
    const file = JSON.parse(readFileSync(at('until.json'), 'utf8')) as { receipt: string };
    const receipt = JSON.parse(file.receipt) as Receipt;
    for (const change of [{ at: iso(Date.now() + 3_600_000) }, { plan: 'plan-0000000000000000' }]) {
      const forged = { ...receipt, givenBack: { ...receipt.givenBack!, ...change } };
      expect(checkReceipt(signedAnew(forged, at('config'))).problems).toEqual([
        'that access was given back does not rest on the journal',
      ]);
    }
  });

  test('the journal verifies, and no secret is anywhere but in the sealed vault', async () => {
    const verified = await rescind('journal', 'verify', '--case', at('case'));
    expect(verified).toMatchObject({ code: 0 });
    expect(said.join('\n')).not.toContain(secret);
    for (const file of filesBelow(line.home)) {
      expect(readFileSync(file).includes(secret), file).toBe(false);
    }
  });

  test('an emergency by one person is flagged until others sign for it', async () => {
    world.addAccount('trudy');
    await rescind(
      'respond',
      'plan',
      '--case',
      at('case'),
      '--identity',
      'trudy',
      '--out',
      at('emergency.json'),
    );
    expect(
      await rescind('respond', 'execute', at('emergency.json'), '--emergency', '--key', at('bob.pem')),
    ).toMatchObject({ code: 4 });
    const done = await rescind(
      'respond',
      'execute',
      at('emergency.json'),
      '--emergency',
      '--reason',
      'active intruder',
      '--key',
      at('bob.pem'),
    );
    expect(done).toMatchObject({ code: 0 });
    expect(done.json()).toMatchObject({
      countersignaturesMissing: 2,
      authority: { kind: 'emergency', people: ['bob'] },
    });
    await rescind('respond', 'approve', at('emergency.json'), '--key', at('alice.pem'));
    await rescind('respond', 'approve', at('emergency.json'), '--key', at('carol.pem'));
    expect((await rescind('respond', 'status', at('emergency.json'))).json()).toMatchObject({
      countersignaturesMissing: 0,
    });
  });
});

/** A receipt of other content, signed with the workstation's own key. */
function signedAnew(receipt: Receipt, config: string): string {
  const text = canonicalText(receipt);
  const signer = openSigner(config);
  const body = `rescind/receipt/${receipt.run}\n${sha256(text)}\ntime ${receipt.issued}\n`;
  return JSON.stringify({
    format: 'rescind-receipt-file',
    receipt: text,
    note: `${body}\n${signer.signatureLine(body)}\n`,
    keys: [signer.verifierKey],
  });
}

function sorted(state: unknown): unknown {
  const { grants, ...rest } = state as { grants: string[][] };
  return { ...rest, grants: grants.map((grant) => grant.join(' ')).toSorted() };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Lines of a Kubernetes audit log. */
function audit(...events: [time: number, code: number, user: string][]): string {
  return events
    .map(([time, code, username], index) =>
      JSON.stringify({
        kind: 'Event',
        apiVersion: 'audit.k8s.io/v1',
        level: 'Metadata',
        auditID: `00000000-0000-4000-8000-${String(time + index)
          .padStart(12, '0')
          .slice(-12)}`,
        stage: 'ResponseComplete',
        requestURI: '/api/v1/namespaces/default/secrets',
        verb: 'list',
        user: { username, groups: ['system:authenticated'] },
        sourceIPs: ['10.0.0.7'],
        userAgent: 'kubectl',
        objectRef: { resource: 'secrets', namespace: 'default', apiVersion: 'v1' },
        responseStatus: { metadata: {}, code },
        requestReceivedTimestamp: iso(time),
        stageTimestamp: iso(time),
        annotations: { 'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow' },
      }),
    )
    .join('\n');
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
