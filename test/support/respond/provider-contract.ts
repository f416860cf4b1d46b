import { expect } from 'vitest';
import type { Action, Provider } from '#electron/respond/provider.ts';
import type { Target } from '#shared/domain/response.ts';
import { callContext, secretsOf } from './provider-io.ts';

/** Finds an action of a target as the engine does, by its id. */
export async function findAction(provider: Provider, target: Target, id: string): Promise<Action> {
  const { actions } = await provider.actions(target, callContext());
  const found = actions.find(({ spec }) => spec.id === id);
  if (found === undefined)
    throw new Error(`no action ${id} among ${actions.map(({ spec }) => spec.id).join(', ')}`);
  return found;
}

/** A server may take its time to let a change bite. */
const seen = (what: string) => ({ message: `${what}, seen from outside`, timeout: 10_000 });

interface Promises {
  /** Further texts that must not show in anything that the action says, besides what the provider was trusted with. */
  readonly secrets?: readonly string[];
  /** Looks from outside, with another client than the provider's: whether the access has ended. */
  readonly isCut?: () => Promise<boolean>;
}

/**
 * What every action of every provider promises the engine: reading changes nothing, acting is seen, acting again is
 * not ours, undoing gives back exactly the snapshot, and no secret is said.
 */
export async function expectActionContract(
  provider: Provider,
  target: Target,
  id: string,
  { secrets = [], isCut }: Promises = {},
): Promise<void> {
  const action = await findAction(provider, target, id);
  const { spec } = action;
  const said: unknown[] = [spec];
  const context = callContext;
  const before = await action.snapshot(target, context());
  expect(before.inState, 'the target starts without the action').toBe(false);
  expect((await action.snapshot(target, context())).state, 'reading twice gives equal state').toEqual(
    before.state,
  );
  const calls = await action.preview(target, before, context());
  expect(calls.length, 'the preview shows calls').toBeGreaterThan(0);
  expect(spec.nativeDryRun).toBe(action.dryRun !== null);
  if (action.dryRun !== null) {
    said.push(await action.dryRun(target, before, context()));
    expect((await action.snapshot(target, context())).state, 'a dry run changes nothing').toEqual(
      before.state,
    );
  }
  const since = Date.now();
  const applied = await action.apply(target, before, context());
  expect(applied).toMatchObject({ kind: 'applied' });
  const observed = await action.observe(target, before, context(since));
  expect(observed).toMatchObject({ state: 'in_effect' });
  if (isCut !== undefined) await expect.poll(isCut, seen('the access has ended')).toBe(true);
  const probed = action.probe === null ? null : await action.probe(target, before, context(since));
  if (probed !== null) expect(probed).not.toMatchObject({ state: 'still_allowed' });
  said.push(before, calls, applied, observed, probed);
  if (spec.idempotency === 'state_convergent') {
    const again = await action.snapshot(target, context());
    expect(again.inState, 'the state is there now').toBe(true);
    const repeated = await action.apply(target, again, context());
    expect(['already_in_state', 'applied'], 'a repeat does no harm').toContain(repeated.kind);
  }
  expect(spec.undo.possible).toBe(action.undo !== null);
  if (action.undo !== null) {
    const undone = await action.undo(target, before, context());
    expect(undone).toMatchObject({ kind: 'applied' });
    said.push(undone);
    // What was created again may have another id, and is otherwise what was there.
    const again = undone.newId === undefined ? target : { ...target, id: undone.newId };
    expect(await action.observe(again, before, context(since)), 'it is there again').toMatchObject({
      state: 'not_in_effect',
    });
    if (undone.newId === undefined) {
      expect((await action.snapshot(again, context())).state, 'exactly what was there').toEqual(before.state);
    }
    if (spec.reversibility === 'R0') {
      if (isCut !== undefined) await expect.poll(isCut, seen('the access is back')).toBe(false);
    }
  }
  const text = JSON.stringify(said);
  for (const secret of [...secrets, ...secretsOf(provider)]) {
    expect(text.includes(secret), 'no secret is said').toBe(false);
  }
}
