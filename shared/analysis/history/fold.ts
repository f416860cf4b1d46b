import { type Json, isObject, textAt } from '#shared/domain/json.ts';
import type { ElementState, PolicyChange, PolicyEffect } from '#shared/domain/policy-change.ts';
import { stableJson } from '#shared/util/stable-json.ts';
import { jsonPatch, mergePatch, withoutMember } from './patch.ts';
import { owner } from './touched.ts';

/** Elements by name; one that is not listed is not there, unless its name begins as one of `clouded`. */
export class States extends Map<string, ElementState> {
  /** Beginnings of the names of elements that were there, and of which the log does not tell the names. */
  readonly clouded = new Map<string, ElementState>();
  /** Beginnings of the names of elements that may be there or not. */
  readonly blurred = new Set<string>();

  /** What is known of an element. */
  of(element: string): ElementState {
    const listed = this.get(element);
    if (listed !== undefined) return listed;
    for (const [prefix, state] of this.clouded) if (element.startsWith(prefix)) return state;
    return absent;
  }

  copy(): States {
    const copied = new States(this);
    for (const [prefix, state] of this.clouded) copied.clouded.set(prefix, state);
    for (const prefix of this.blurred) copied.blurred.add(prefix);
    return copied;
  }
}

const absent: ElementState = { kind: 'known', value: null };

/** The states after these changes, in their order. Changes of one moment have no order among themselves. */
export function applyAll(states: States, changes: readonly PolicyChange[]): void {
  for (const moment of moments(changes)) {
    const effects = moment.flatMap((change) => change.effects.map((effect) => ({ effect, change })));
    const ordered = effects.toSorted((one, other) => rank(one.effect) - rank(other.effect));
    for (const { effect } of ordered) apply(states, effect);
    for (const element of contested(moment)) {
      const why = `It was changed more than once at ${moment[0]?.time ?? ''}, and the log does not tell in which order.`;
      states.set(element, { kind: 'unknown', why });
    }
  }
}

/** The states before these changes, as far as what came after tells it. */
export function undoAll(states: States, changes: readonly PolicyChange[]): void {
  for (const moment of moments(changes).toReversed()) {
    const effects = moment.flatMap((change) => change.effects.map((effect) => ({ effect, change })));
    const ordered = effects.toSorted((one, other) => rank(other.effect) - rank(one.effect));
    for (const { effect, change } of ordered) undo(states, effect, change);
  }
}

function moments(changes: readonly PolicyChange[]): PolicyChange[][] {
  const found: PolicyChange[][] = [];
  for (const change of changes) {
    const last = found.at(-1);
    if (last?.[0]?.time === change.time) last.push(change);
    else found.push([change]);
  }
  return found;
}

/** Elements that several changes of one moment leave differently, depending on their order. */
function contested(moment: readonly PolicyChange[]): string[] {
  if (moment.length < 2) return [];
  const results = new Map<string, Set<string>>();
  for (const { effects } of moment) {
    for (const effect of effects) {
      if (effect.kind === 'learn' || effect.kind === 'sweep' || effect.kind === 'rename') continue;
      if (effect.kind === 'replace' || effect.kind === 'blur') continue;
      const known = results.get(effect.element) ?? new Set<string>();
      results.set(effect.element, known.add(resultOf(effect)));
    }
  }
  return [...results].flatMap(([element, different]) => (different.size > 1 ? [element] : []));
}

function resultOf(effect: PolicyEffect): string {
  if (effect.kind === 'set' || effect.kind === 'add') return stableJson(effect.value);
  if (effect.kind === 'unset' || effect.kind === 'drop') return 'absent';
  return isAppended(effect) ? 'appended' : stableJson(effect);
}

/** Members put at the end of a list: their order says nothing in a policy. */
function isAppended(effect: PolicyEffect): boolean {
  if (effect.kind !== 'patch' || effect.form !== 'json' || !Array.isArray(effect.patch)) return false;
  return (effect.patch as readonly Json[]).every(
    (each) => isObject(each) && each['op'] === 'add' && textAt(each, 'path')?.endsWith('/-') === true,
  );
}

/** What is made comes before what is done with it, what ends it after; what is not told may have been the last. */
function rank(effect: PolicyEffect): number {
  if (effect.kind === 'blur') return 3;
  if (effect.kind === 'learn' || ('fresh' in effect && effect.fresh)) return 0;
  return effect.kind === 'unset' || effect.kind === 'sweep' ? 2 : 1;
}

function apply(states: States, effect: PolicyEffect): void {
  switch (effect.kind) {
    case 'learn':
      states.set(effect.element, { kind: 'known', value: effect.value });
      return;
    case 'set':
      if (effect.fresh === true) removeWhole(states, effect.element);
      states.set(effect.element, { kind: 'known', value: effect.value });
      return;
    case 'add':
      states.set(effect.element, { kind: 'known', value: effect.value });
      return;
    case 'lose':
      if (effect.fresh === true) removeWhole(states, effect.element);
      states.set(effect.element, {
        kind: 'unknown',
        why: effect.why,
        ...(effect.fresh === true ? { blank: true } : {}),
      });
      return;
    case 'unset':
    case 'drop':
      removeWhole(states, effect.element);
      if (states.of(effect.element) !== absent) states.set(effect.element, absent);
      return;
    case 'blur':
      blur(states, effect.prefix, unknown(effect.why));
      return;
    case 'patch':
      states.set(effect.element, patched(states.of(effect.element), effect));
      return;
    case 'sweep':
      if (effect.why === undefined) states.clouded.delete(effect.prefix);
      for (const element of states.keys()) {
        if (!element.startsWith(effect.prefix)) continue;
        if (effect.why === undefined) states.delete(element);
        else states.set(element, { kind: 'unknown', why: effect.why });
      }
      return;
    case 'replace':
      states.clouded.delete(effect.prefix);
      for (const element of states.keys()) if (element.startsWith(effect.prefix)) states.delete(element);
      for (const [element, value] of Object.entries(effect.values))
        states.set(element, { kind: 'known', value });
      return;
    case 'rename':
      rename(states, effect.from, effect.to, effect.value);
  }
}

function patched(before: ElementState, effect: Extract<PolicyEffect, { kind: 'patch' }>): ElementState {
  if (before.kind === 'unknown') return before;
  const why = 'It was patched, and what the patch changed is not known.';
  const start = before.value ?? effect.nothing ?? null;
  if (start === null && effect.orNothing !== true) return { kind: 'unknown', why };
  if (effect.form === 'merge') return { kind: 'known', value: mergePatch(start, effect.patch) };
  const list = Array.isArray(effect.patch) ? (effect.patch as readonly Json[]) : null;
  const value =
    effect.form === 'without'
      ? withoutMember(start, effect.patch)
      : list === null
        ? undefined
        : jsonPatch(start, list);
  return value === undefined ? { kind: 'unknown', why } : { kind: 'known', value };
}

function blur(states: States, prefix: string, state: ElementState): void {
  for (const element of states.keys()) if (element.startsWith(prefix)) states.set(element, state);
  states.clouded.set(prefix, state);
  states.blurred.add(prefix);
}

function unknown(why: string): Extract<ElementState, { kind: 'unknown' }> {
  return { kind: 'unknown', why };
}

function undo(states: States, effect: PolicyEffect, { operation, time }: PolicyChange): void {
  switch (effect.kind) {
    case 'learn':
      return;
    case 'set':
    case 'lose':
      if (effect.fresh === true) {
        removeWhole(states, effect.element);
        states.set(effect.element, absent);
      } else if (effect.kind === 'set' && effect.before !== undefined) {
        states.set(effect.element, { kind: 'known', value: effect.before });
      } else {
        states.set(
          effect.element,
          unknown(`${operation} replaced it at ${time}; what stood there before is not in the log.`),
        );
      }
      return;
    case 'add':
      states.set(effect.element, {
        kind: 'known',
        value: null,
        assumed: `${operation} at ${time} is taken to have changed something.`,
      });
      return;
    case 'unset':
      states.set(effect.element, unset(states, effect.element, operation, time));
      return;
    case 'drop':
      states.set(
        effect.element,
        unknown(
          `${operation} took it away at ${time}, where it was there; the log does not tell that it was.`,
        ),
      );
      return;
    case 'patch':
      states.set(
        effect.element,
        unknown(`${operation} changed it at ${time}; what stood there before is not in the log.`),
      );
      return;
    case 'sweep':
    case 'replace': {
      const did = effect.kind === 'sweep' ? 'deleted' : 'replaced';
      const state = unknown(`${operation} ${did} what was there at ${time}.`);
      for (const element of states.keys()) if (element.startsWith(effect.prefix)) states.set(element, state);
      states.clouded.set(effect.prefix, state);
      // It stands for all whose names are not known.
      states.set(`${effect.prefix}deleted-at-${time}`, { kind: 'unknown', why: state.why, blank: true });
      return;
    }
    case 'blur':
      blur(states, effect.prefix, unknown(effect.why));
      return;
    case 'rename':
      rename(states, effect.to, effect.from, {});
  }
}

/** What was taken away and is only there or not (an attachment) is known; the content of anything else is not. */
function unset(states: States, element: string, operation: string, time: string): ElementState {
  if (isMark(element)) return { kind: 'known', value: true };
  const now = states.of(element);
  if (now.kind === 'known' && now.value !== null) return now;
  return { kind: 'unknown', why: `${operation} took it away at ${time}; what it held is not in the log.` };
}

/** Elements that hold nothing but that they are there. */
function isMark(element: string): boolean {
  return element.startsWith('attached ') || element.startsWith('member ');
}

/** Takes an element away with all that belongs to it. */
function removeWhole(states: States, element: string): void {
  states.delete(element);
  if (!owner.test(element)) return;
  const within = ` ${element} `;
  for (const name of states.keys()) if (` ${name} `.includes(within)) states.delete(name);
}

function rename(states: States, from: string, to: string, value: Json): void {
  const own = states.of(from);
  const [old, now] = [` ${from} `, ` ${to} `];
  const before = [...states];
  for (const [name, state] of before) {
    const padded = ` ${name} `;
    if (!padded.includes(old)) continue;
    states.delete(name);
    states.set(padded.replace(old, () => now).trim(), state);
  }
  if (own.kind !== 'known' || !isObject(own.value)) return;
  const [oldEnd, newEnd] = [`/${lastWord(from)}`, `/${lastWord(to)}`];
  const renamed = Object.entries(own.value).map(([key, text]): [string, Json] => [
    key,
    typeof text === 'string' && text.endsWith(oldEnd)
      ? text.slice(0, -oldEnd.length) + newEnd
      : (text ?? null),
  ]);
  states.set(to, { ...own, value: mergePatch(Object.fromEntries(renamed), value) });
}

function lastWord(element: string): string {
  return element.slice(element.lastIndexOf(' ') + 1);
}
