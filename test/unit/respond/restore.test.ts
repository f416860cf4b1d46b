import { afterEach, describe, expect, test } from 'vitest';
import { buildRestore } from '#electron/respond/plan/build-restore.ts';
import { execute, resume } from '#electron/respond/run/engine.ts';
import { coverage } from '#shared/respond/witness.ts';
import { deviations } from '#shared/respond/baseline.ts';
import { foldRun } from '#shared/respond/run.ts';
import { summarize } from '#shared/respond/run-summary.ts';
import { Bench, emergency } from '#test/support/respond/bench.ts';
import { type Transport, fakeType } from '#test/support/respond/fake/provider.ts';
import { World } from '#test/support/respond/fake/world.ts';
import { VirtualClock } from '#test/support/respond/virtual-clock.ts';

const start = Date.parse('2026-03-01T12:00:00Z');
const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const close of cleanup.splice(0)) close();
});

function transportTo(world: World): Transport {
  return (method, path, body) => {
    const url = new URL(path, 'http://fake');
    const query = Object.fromEntries(url.searchParams);
    const call = {
      method,
      path: url.pathname,
      query,
      body: (body ?? {}) as Record<string, unknown>,
      ifMatch: null,
    };
    const { status, body: answer } = world.handle(call);
    return Promise.resolve(new Response(JSON.stringify(answer), { status }));
  };
}

/** Two identities that were contained, and the plan that gives them back. */
async function contained(
  settings: Record<string, string> = {},
  observeSeconds = 300,
  quiet: readonly string[] = [],
) {
  const clock = new VirtualClock(start);
  const world = new World({ now: () => clock.now() });
  for (const name of ['mallory', 'oscar']) world.addAccount(name);
  const original = world.state();
  const quietWorld = new World({ now: () => clock.now() });
  for (const name of ['mallory', 'oscar']) quietWorld.addAccount(name);
  const types = {
    fake: () => fakeType(transportTo(world)),
    quiet: () => ({ ...fakeType(transportTo(quietWorld)), type: 'quiet' }),
  };
  const bench = new Bench({ clock, types });
  cleanup.push(() => bench.close());
  await bench.add('one', { url: 'http://127.0.0.1:1', ...settings });
  for (const name of quiet) await bench.add(name, { url: 'http://127.0.0.1:2' }, 'quiet');
  const document = await clock.drive(bench.plan(['mallory', 'oscar'], 'remove'));
  const run = await clock.drive(execute(document, emergency(clock.now()), bench.tools()));
  const tools = bench.tools();
  const plan = await clock.drive(
    buildRestore({ run, observeSeconds, proposer: 'tester' }, { ...tools, signal: tools.stop }),
  );
  const right = () =>
    ({ ...emergency(clock.now()), kind: 'approvals', until: clock.now() + 86_400_000 }) as const;
  const begin = () => clock.drive(execute(plan, right(), bench.tools()));
  const go = (name: string, found: Parameters<typeof resume>[3] = []) =>
    clock.drive(resume(name, null, bench.tools(), found));
  return { clock, world, original, bench, plan, begin, go, run };
}

const grantsSorted = (state: unknown): unknown => {
  const { grants, ...rest } = state as { grants: string[][] };
  return { ...rest, grants: grants.map((grant) => grant.join(' ')).toSorted() };
};

const now = (action: string, ip: string) => [
  { group: 'i1', features: [{ action, ip, first: '2026-03-01' }] },
];
const file = (from: string, to: string, status: 'complete' | 'partial' = 'complete') => ({
  format: 'aws-cloudtrail',
  from,
  to,
  status,
});

describe('giving back', () => {
  test('in reverse order, what can be given, and says what cannot', async () => {
    const { plan } = await contained();
    const first = plan.plan.actions.filter(({ group }) => group === 'i1');
    expect(first.map(({ spec }) => spec.id)).toEqual([
      'grant.remove',
      'key.disable',
      'account.disable',
      'account.deny',
    ]);
    expect(plan.plan.gaps).toMatchObject([{ kind: 'not-restorable' }, { kind: 'not-restorable' }]);
    expect(plan.plan.restores).toMatch(/^run-/);
  });

  test('one identity first; the next only after its time of observation; then exactly what was there', async () => {
    const { clock, world, original, begin, go } = await contained();
    const first = await begin();
    expect(first.status).toBe('observing');
    expect([world.mayLogIn('acct-mallory'), world.mayLogIn('acct-oscar')]).toEqual([true, false]);
    clock.advance(100_000);
    expect((await go(first.run)).status).toBe('observing');
    expect(world.mayLogIn('acct-oscar')).toBe(false);
    clock.advance(300_000);
    const done = await go(first.run);
    expect(done.status).toBe('finished');
    expect(summarize(done)).toMatchObject({ contained: true, effective: 8 });
    expect(grantsSorted(world.state())).toEqual(grantsSorted(original));
  });

  test.each<[string, (world: World, now: number) => void, Parameters<typeof resume>[3]]>([
    ['drift', (world, now) => world.keys.get('key-mallory-0')!.active.set(false, now), []],
    ['something new', (world, now) => world.addPart('keys', 'acct-mallory', 'key-new', now), []],
    [
      'behaviour that was never seen',
      () => undefined,
      [{ group: 'i1', what: 'address 10.9.9.9 was never seen before', at: '2026-03-01T12:04:00Z' }],
    ],
  ])('%s takes the slice away again, and gives nothing more', async (_, happens, found) => {
    const { clock, world, begin, go } = await contained();
    const first = await begin();
    clock.advance(100_000);
    happens(world, clock.now());
    clock.advance(300_000);
    const after = await go(first.run, found);
    expect(after.status).toBe('deviated');
    expect(summarize(after).contained).toBe(false);
    expect([world.mayLogIn('acct-mallory'), world.mayLogIn('acct-oscar')]).toEqual([false, false]);
    expect(world.works('keys', 'key-mallory-0')).toBe(false);
  });

  test('something new at any of the providers takes the slice away again', async () => {
    const { clock, world, begin, go } = await contained({}, 300, ['quiet']);
    const first = await begin();
    clock.advance(100_000);
    world.addPart('keys', 'acct-mallory', 'key-new', clock.now());
    clock.advance(300_000);
    expect((await go(first.run)).status).toBe('deviated');
  });

  test('not before it is safe', async () => {
    const { clock, world, begin, go, plan } = await contained({ wait: '3600' }, 0);
    const disable = plan.plan.actions.find(({ spec }) => spec.id === 'account.disable')!;
    expect(Date.parse(disable.notBefore!)).toBeGreaterThanOrEqual(start + 3_600_000);
    const early = await begin();
    expect(world.accounts.get('acct-mallory')!.disabled.get()).toBe(true);
    expect(early.actions.find(({ action }) => action.id === disable.id)).toMatchObject({
      skipped: { kind: 'not-before' },
    });
    clock.advance(3_700_000);
    await go(early.run);
    expect(world.accounts.get('acct-mallory')!.disabled.get()).toBe(false);
  });

  test('what somebody else has changed since is not put back over it', async () => {
    const { world, begin, bench, clock } = await contained({}, 0);
    world.accounts.get('acct-mallory')!.disabled.set(false, clock.now());
    world.effects.length = 0;
    const run = await begin();
    const view = foldRun(bench.journal.records(run.run))!.actions.find(
      ({ action }) => action.target.endsWith('acct-mallory') && action.spec.id === 'account.disable',
    )!;
    expect(view).toMatchObject({ ours: 'no', outcome: { kind: 'already_in_state' } });
    expect(world.effects).not.toContain('disabled=false acct-mallory');
  });
});

describe('what counts', () => {
  test('a deviation is an action or address that was never seen', () => {
    const before = [
      {
        group: 'i1',
        features: [
          { action: 'read', ip: '10.0.0.1', first: 't' },
          { action: 'list', ip: '10.0.0.2', first: 't' },
        ],
      },
    ];
    expect(deviations(before, now('read', '10.0.0.2'))).toEqual([]);
    expect(deviations(before, now('delete', '10.0.0.1'))).toMatchObject([
      { what: 'action delete was never seen before' },
    ]);
    expect(deviations(before, now('read', '10.9.9.9'))).toMatchObject([
      { what: 'address 10.9.9.9 was never seen before' },
    ]);
    expect(deviations([], now('read', ''))).toHaveLength(1);
  });

  const everyHour = new Map([
    [
      'aws-cloudtrail',
      Array.from({ length: 96 }, (_, each) => Date.parse('2026-02-28T00:00:00Z') + each * 3_600_000),
    ],
  ]);
  const window = { formats: ['aws-cloudtrail'], from: '2026-03-01T12:00:00Z', to: '2026-03-01T12:10:00Z' };
  test.each([
    ['both sides', [file('2026-03-01T11:00:00Z', '2026-03-01T13:00:00Z')], 'covered'],
    [
      'both sides, in two files',
      [
        file('2026-03-01T11:00:00Z', '2026-03-01T12:05:00Z'),
        file('2026-03-01T12:05:00Z', '2026-03-01T12:10:00Z'),
      ],
      'covered',
    ],
    ['an end before the last effect', [file('2026-03-01T11:00:00Z', '2026-03-01T12:09:59Z')], 'not-covered'],
    [
      'a beginning after the first call',
      [file('2026-03-01T12:00:01Z', '2026-03-01T13:00:00Z')],
      'not-covered',
    ],
    [
      'a file that is half imported',
      [file('2026-03-01T11:00:00Z', '2026-03-01T13:00:00Z', 'partial')],
      'not-covered',
    ],
    [
      'another format',
      [{ ...file('2026-03-01T11:00:00Z', '2026-03-01T13:00:00Z'), format: 'okta' }],
      'not-covered',
    ],
    ['nothing', [], 'not-covered'],
  ])('logs with %s', (_, files, expected) => {
    expect(coverage(window, files, everyHour).kind).toBe(expected);
  });
  test('a provider without logs must have been said to have none', () => {
    expect(coverage({ ...window, formats: [] }, [], everyHour).kind).toBe('none-configured');
    expect(coverage({ ...window, formats: null }, [], everyHour).kind).toBe('not-covered');
  });
  test.each([
    ['on the same day, on both sides', ['2026-03-01T06:00:00Z', '2026-03-01T18:00:00Z'], 'covered'],
    ['from months before and months after', ['2026-01-01T06:00:00Z', '2026-05-01T18:00:00Z'], 'not-covered'],
    ['that fell silent two days before', ['2026-02-27T06:00:00Z', '2026-03-01T18:00:00Z'], 'not-covered'],
    ['that came back two days after', ['2026-03-01T11:00:00Z', '2026-03-03T18:00:00Z'], 'not-covered'],
    ['with nothing around the run', [], 'not-covered'],
  ])('records %s', (_, hours, expected) => {
    const files = [file('2026-01-01T06:00:00Z', '2026-05-01T18:00:00Z')];
    const heard = new Map([['aws-cloudtrail', hours.map((time) => Date.parse(time))]]);
    expect(coverage(window, files, heard).kind).toBe(expected);
  });
  test('a run of a week needs the log of each of its days', () => {
    const files = [file('2026-03-01T06:00:00Z', '2026-03-09T18:00:00Z')];
    const week = { ...window, to: '2026-03-08T12:00:00Z' };
    const days = Array.from({ length: 9 }, (_, day) => Date.parse('2026-03-01T11:00:00Z') + day * 86_400_000);
    expect(coverage(week, files, new Map([['aws-cloudtrail', days]])).kind).toBe('covered');
    const without = days.filter((_, day) => day !== 4);
    expect(coverage(week, files, new Map([['aws-cloudtrail', without]]))).toMatchObject({
      kind: 'not-covered',
      why: expect.stringContaining('silent for more than a day') as string,
    });
  });
});
