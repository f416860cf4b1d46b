import { join } from 'node:path';
import { expect } from 'vitest';
import { JournalReader } from '#electron/respond/journal/journal-reader.ts';
import { verifyActionJournal } from '#electron/respond/journal/verify-journal.ts';
import { buildRestore } from '#electron/respond/plan/build-restore.ts';
import { execute } from '#electron/respond/run/engine.ts';
import type { JournalRecord } from '#shared/respond/record.ts';
import { type RunView, foldRun } from '#shared/respond/run.ts';
import type { IntentBody } from '#shared/respond/run-records.ts';
import type { Random } from '#shared/sample/random.ts';
import { type Bench, emergency } from './bench.ts';
import type { Fault, World, WorldCall } from './fake/world.ts';

/** People whose access is taken: all of it, and one of them had no access already. */
export const people = ['mallory', 'oscar', 'disabled'] as const;

export function peopleOf(world: World): void {
  for (const name of people) world.addAccount(name);
  world.accounts.get('acct-disabled')!.disabled.set(true, 0);
}

const kinds = ['throttle', 'before', 'after', 'reset-before', 'reset-after'] as const;

/** A provider that fails every fourth write, in every way that a provider can. */
export function unreliable(random: Random): () => Fault | null {
  return () => {
    const kind = random.fraction() < 0.25 ? kinds[Math.floor(random.fraction() * kinds.length)] : undefined;
    return kind === undefined ? null : { kind, ms: 20 };
  };
}

/** Whether these records have an intent for this write that has no result yet. */
export function isAnnounced(records: readonly JournalRecord[], { path }: WorldCall): boolean {
  const id = path.split('/')[2] ?? '';
  const open = new Map<string, boolean>();
  for (const { kind, action, body } of records) {
    const intent = body as unknown as IntentBody;
    if (kind === 'intent' && intent.target.endsWith(`/${id}`)) open.set(action ?? '', true);
    if (kind === 'result' && open.has(action ?? '')) open.set(action ?? '', false);
  }
  return [...open.values()].includes(true);
}

/** Runs in a journal on disk, as another process would read it. */
export function recordsIn(root: string): { readonly run: string; readonly records: JournalRecord[] } {
  const reader = new JournalReader(join(root, 'case', 'journal'));
  try {
    const run = reader.runs()[0] ?? '';
    return { run, records: run === '' ? [] : reader.records(run) };
  } finally {
    reader.close();
  }
}

/** Whether a person would leave the run alone: everything holds that can be told. */
export function isDone(view: RunView): boolean {
  return view.actions.every(({ state, action }) => state === 'effective' || action.spec.id === 'key.rotate');
}

/** What must be so after a run that was cut off and resumed, whenever that was. */
export function expectInvariants(world: World, root: string): void {
  const view = foldRun(recordsIn(root).records)!;
  // Nothing forgotten.
  for (const name of people) {
    expect(world.mayLogIn(`acct-${name}`), name).toBe(false);
    expect(world.works('keys', `key-${name}-0`), name).toBe(false);
    expect(world.works('sessions', `sess-${name}-0`), name).toBe(false);
  }
  // Nothing done twice that must not be.
  const rotations = world.effects.filter((effect) => effect.startsWith('rotate'));
  expect(new Set(rotations).size).toBe(rotations.length);
  // Every intent is settled, or shown as ambiguous.
  expect(view.actions.filter(({ open }) => open !== null)).toEqual([]);
  for (const { state, action } of view.actions) {
    if (action.spec.id !== 'key.rotate') expect(state, action.spec.id).toBe('effective');
    else expect(['ambiguous', 'unverifiable', 'effective', 'throttled', 'approved']).toContain(state);
  }
  expect(verifyActionJournal(join(root, 'case', 'journal'), join(root, 'config'))).toMatchObject({
    problems: [],
    ok: true,
  });
}

/** What was so before is so afterwards: the account that was disabled already stays disabled. */
export async function expectRestore(world: World, bench: Bench): Promise<void> {
  const tools = bench.tools();
  const view = foldRun(recordsIn(bench.root).records)!;
  const wasOff = view.actions.find(
    ({ action }) => action.target.endsWith('acct-disabled') && action.spec.id === 'account.disable',
  )!;
  expect(wasOff.ours).toBe('no');
  const document = await buildRestore(
    { run: view, observeSeconds: 0, proposer: 'tester' },
    { ...tools, signal: tools.stop },
  );
  for (let tries = 0; tries < 6; tries++) {
    const authority = emergency(bench.clock.now());
    const restored = await execute(document, { ...authority, kind: 'approvals' }, tools);
    if (restored.actions.every(({ state }) => state === 'effective')) break;
  }
  expect(
    [...world.accounts.values()].map(({ name, disabled, denied }) => [name, disabled.get(), denied.get()]),
  ).toEqual([
    ['mallory', false, false],
    ['oscar', false, false],
    ['disabled', true, false],
  ]);
}
