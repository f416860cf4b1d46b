import { expect, test } from 'vitest';
import { Confirmations } from '#electron/router/confirmations.ts';

const request = { plan: 'plan-1', hash: 'a'.repeat(64), theme: 'dark' } as const;
const decided = { emergency: null, key: null, passphrase: null };

function stage() {
  let now = 0;
  const confirmations = new Confirmations(() => now);
  return { confirmations, pass: (seconds: number) => void (now += seconds * 1_000) };
}

test('a held control gives one confirmation, for one execution of one plan', async () => {
  const { confirmations, pass } = stage();
  const { ticket, outcome } = confirmations.ask(request);
  confirmations.shown(ticket);
  pass(2);
  confirmations.hold(ticket, { ...decided, emergency: { reason: 'stolen' }, passphrase: 'canary-41' });
  const confirmation = (await outcome)!;
  // What the page learns says nothing of what was decided.
  expect(confirmation).toMatch(/^[\w-]{43}$/);
  expect(confirmations.take(confirmation, 'plan-1')).toEqual({
    plan: 'plan-1',
    hash: request.hash,
    emergency: { reason: 'stolen' },
    key: null,
    passphrase: 'canary-41',
  });
  expect(() => confirmations.take(confirmation, 'plan-1')).toThrow('no confirmation of this plan');
});

test('it is of no use for another plan, or late, and is spent by trying', async () => {
  for (const [plan, seconds] of [
    ['plan-2', 0],
    ['plan-1', 61],
  ] as const) {
    const { confirmations, pass } = stage();
    const { ticket, outcome } = confirmations.ask(request);
    confirmations.shown(ticket);
    pass(2);
    confirmations.hold(ticket, decided);
    const confirmation = (await outcome)!;
    pass(seconds);
    expect(() => confirmations.take(confirmation, plan)).toThrow('no confirmation of this plan');
    expect(() => confirmations.take(confirmation, 'plan-1')).toThrow('no confirmation of this plan');
  }
});

test('nothing is confirmed that was not on the screen for as long as the control is held', () => {
  const { confirmations, pass } = stage();
  const { ticket } = confirmations.ask(request);
  pass(10);
  expect(() => confirmations.hold(ticket, decided)).toThrow('has not been looked at');
  confirmations.shown(ticket);
  pass(1);
  // Showing it again does not turn the clock back, nor forward.
  confirmations.shown(ticket);
  expect(() => confirmations.hold(ticket, decided)).toThrow('has not been looked at');
  pass(1);
  confirmations.hold(ticket, decided);
});

test('a surface that was left confirms nothing any more', async () => {
  const { confirmations, pass } = stage();
  const { ticket, outcome } = confirmations.ask(request);
  confirmations.shown(ticket);
  pass(2);
  confirmations.leave(ticket);
  expect(await outcome).toBeNull();
  expect(() => confirmations.requestOf(ticket)).toThrow('This confirmation is over');
  expect(() => confirmations.hold(ticket, decided)).toThrow('This confirmation is over');
});
