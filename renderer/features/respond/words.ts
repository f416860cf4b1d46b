import type { Artefact, Reversibility } from '#shared/domain/response.ts';
import type { ActionState, RunView } from '#shared/respond/run.ts';
import { formatDuration } from '../../ui/moments.ts';
import { formatCount } from '../../ui/numbers.ts';

export const reversibilityWords: Readonly<Record<Reversibility, string>> = {
  R0: 'flips back on the same object',
  R1: 'created again from the snapshot, with new ids',
  R2: 'not restorable; heals when the user signs in again',
  R3: 'not restorable; people issue new secrets',
  R4: 'everyone is hit',
};

export type Tone = 'neutral' | 'success' | 'warning' | 'danger';

/** State of an action in words, with the tone that its mark has. */
export const stateWords: Readonly<Record<ActionState, readonly [string, Tone]>> = {
  approved: ['not sent yet', 'neutral'],
  intent_logged: ['being sent', 'neutral'],
  throttled: ['waits: throttled', 'warning'],
  ambiguous: ['unclear: may have happened', 'warning'],
  rejected: ['rejected', 'danger'],
  skipped: ['not sent: skipped', 'warning'],
  unreachable: ['not sent: unreachable', 'warning'],
  settling: ['settling', 'neutral'],
  effective: ['in effect', 'success'],
  not_effective: ['not in effect', 'danger'],
  unverifiable: ['cannot be verified', 'warning'],
  drifted: ['drifted: undone since', 'danger'],
};

export const statusWords: Readonly<Record<RunView['status'], readonly [string, Tone]>> = {
  running: ['running', 'neutral'],
  stopped: ['stopped', 'warning'],
  observing: ['observing', 'neutral'],
  finished: ['finished', 'success'],
  deviated: ['deviated: taken away again', 'danger'],
};

/** E.g. `1 action`, `2 actions`. */
export function counted(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

export function artefactWord(artefact: Artefact): string {
  return artefact.replaceAll('_', ' ');
}

/** How long something lives on. */
export function residualWords(seconds: number | null): string {
  if (seconds === null) return 'without a bound';
  return seconds === 0 ? 'nothing remains' : `up to ${formatDuration(seconds)}`;
}
