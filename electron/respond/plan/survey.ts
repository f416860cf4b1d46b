import type { ActionSpec, PlannedCall, Snapshot } from '#shared/domain/response.ts';
import type {
  Gap,
  PlanMissing,
  PlanProvider,
  PlanReference,
  PlanTarget,
  Refusal,
} from '#shared/respond/plan.ts';
import { targetKey } from '#shared/respond/plan.ts';
import { type Playbook, takes } from '#shared/respond/playbook.ts';
import { eachAtOnce, read } from '../calls.ts';
import type { Redactor } from '../io/redactor.ts';
import {
  type Action,
  type CallContext,
  type Clock,
  type FoundTarget,
  type Provider,
  ProviderError,
} from '../provider.ts';
import { configDigest } from '../registry/entry.ts';
import type { OpenProvider } from '../registry/provider-pool.ts';
import { refusedTargets } from './guards.ts';

/** What one provider contributes to a plan. */
export interface Survey {
  readonly provider: PlanProvider | null;
  readonly targets: readonly PlanTarget[];
  readonly actions: readonly SurveyedAction[];
  readonly refusals: readonly Refusal[];
  readonly gaps: readonly Gap[];
  readonly missing: readonly PlanMissing[];
}

export interface SurveyedAction {
  readonly provider: string;
  readonly group: string;
  readonly target: string;
  readonly depth: number;
  readonly spec: ActionSpec;
  readonly snapshot: Snapshot;
  readonly calls: readonly PlannedCall[];
}

export interface SurveyOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
  readonly playbook: Playbook;
}

const readTimeout = 20_000;
const atOnce = 8;
const deepestDescent = 5;
/** More than this descends from one identity: an answer of such size is a mistake of the provider. */
const mostTargets = 5_000;

interface Found {
  readonly target: PlanTarget;
  readonly depth: number;
}

/** Looks at one provider: who is meant, what descends from them, what can be done. Changes nothing. */
export async function survey(
  open: OpenProvider,
  references: readonly PlanReference[],
  options: SurveyOptions,
): Promise<Survey> {
  const { entry, provider } = open;
  const gaps: Gap[] = [];
  const ask = <T>(call: (context: CallContext) => Promise<T>): Promise<T> =>
    read({ ...options, timeoutMs: readTimeout }, call);
  try {
    const identity = await ask((context) => provider.whoami(context));
    const describe: PlanProvider = {
      name: entry.name,
      type: entry.type,
      tenant: identity.tenant,
      tenantName: identity.tenantName,
      operatorName: identity.operatorName,
      configDigest: configDigest(entry),
      sourcedFrom: entry.sourcedFrom,
    };
    const found: Found[] = [];
    await eachAtOnce(references, atOnce, async (reference) => {
      const within = await findTargets(provider, describe, reference, ask, gaps);
      found.push(...within);
    });
    const targets = unique(found);
    const asked = async (): Promise<readonly string[] | null> =>
      ask((context) => provider.administrators(context));
    const refusals = await refusedTargets(
      targets.map(({ target }) => target),
      identity,
      entry.breakGlass,
      asked,
    );
    const refused = new Set(refusals.map(({ target }) => target));
    const kept = targets.filter(({ target }) => !refused.has(target.key));
    const missing: PlanMissing[] = [];
    const perTarget = await eachAtOnce(kept, atOnce, (each) =>
      actionsOf(provider, each, options, ask, missing, gaps),
    );
    return options.redactor.data({
      provider: describe,
      targets: targets.map(({ target }) => target),
      actions: perTarget.flat(),
      refusals,
      gaps,
      missing,
    });
  } catch (thrown) {
    const gap = { provider: entry.name, group: null, kind: gapKind(thrown), why: reasonOf(thrown) };
    return options.redactor.data({
      provider: null,
      targets: [],
      actions: [],
      refusals: [],
      gaps: [gap],
      missing: [],
    });
  }
}

async function findTargets(
  provider: Provider,
  { name, tenant }: PlanProvider,
  reference: PlanReference,
  ask: <T>(call: (context: CallContext) => Promise<T>) => Promise<T>,
  gaps: Gap[],
): Promise<Found[]> {
  const { group } = reference;
  const stamp = (found: FoundTarget): PlanTarget => {
    const target = { ...found, provider: name, tenant };
    return { ...target, key: targetKey(target), group };
  };
  try {
    const { targets, ambiguous } = await ask((context) => provider.resolve(reference, context));
    if (ambiguous.length > 0) {
      const names = ambiguous.map(({ name: shown, id }) => `${shown} (${id})`).join(', ');
      const why = `“${reference.id}” could be ${names}: name one by its id.`;
      gaps.push({ provider: name, group, kind: 'ambiguous', why });
      return [];
    }
    if (targets.length === 0) {
      gaps.push({ provider: name, group, kind: 'unknown-here', why: `“${reference.id}” is not known here.` });
      return [];
    }
    const found = targets.map((target) => ({ target: stamp(target), depth: 0 }));
    const seen = new Set(found.map(({ target }) => target.key));
    let layer = found;
    for (let depth = 1; depth <= deepestDescent && layer.length > 0; depth++) {
      const next: Found[] = [];
      for (const { target } of layer) {
        for (const child of await ask((context) => provider.descendants(target, context))) {
          const stamped = stamp(child);
          if (seen.has(stamped.key)) continue;
          seen.add(stamped.key);
          next.push({ target: stamped, depth });
        }
      }
      found.push(...next);
      if (found.length > mostTargets) throw new ProviderError('protocol', 'too many targets descend from it');
      layer = next;
    }
    return found;
  } catch (thrown) {
    gaps.push({ provider: name, group, kind: gapKind(thrown), why: reasonOf(thrown) });
    return [];
  }
}

async function actionsOf(
  provider: Provider,
  { target, depth }: Found,
  { playbook, redactor }: SurveyOptions,
  ask: <T>(call: (context: CallContext) => Promise<T>) => Promise<T>,
  missing: PlanMissing[],
  gaps: Gap[],
): Promise<SurveyedAction[]> {
  const { provider: name, group, key } = target;
  try {
    const list = await ask((context) => provider.actions(target, context));
    missing.push(...list.missing.map((control) => ({ ...control, provider: name, group })));
    const taken = list.actions.filter(({ spec }) => takes(playbook, spec.verb, spec.reversibility));
    if (taken.length === 0 && depth === 0) {
      const why = `The playbook “${playbook.name}” has no action for ${target.kind} “${target.name}”.`;
      gaps.push({ provider: name, group, kind: 'no-action', why });
    }
    return await Promise.all(
      taken.map(async (action: Action) => {
        const snapshot = redactor.data(await ask((context) => action.snapshot(target, context)));
        const calls = redactor.data(await ask((context) => action.preview(target, snapshot, context)));
        return { provider: name, group, target: key, depth, spec: action.spec, snapshot, calls };
      }),
    );
  } catch (thrown) {
    const why = `${target.kind} “${target.name}”: ${reasonOf(thrown)}`;
    gaps.push({ provider: name, group, kind: gapKind(thrown), why });
    return [];
  }
}

/** Two references may mean the same object: the first keeps it. */
function unique(found: readonly Found[]): Found[] {
  const seen = new Set<string>();
  return found.filter(({ target }) => {
    if (seen.has(target.key)) return false;
    seen.add(target.key);
    return true;
  });
}

function gapKind(thrown: unknown): Gap['kind'] {
  if (!(thrown instanceof ProviderError)) return 'failed';
  if (thrown.kind === 'forbidden') return 'forbidden';
  return thrown.kind === 'unreachable' || thrown.kind === 'interrupted' ? 'unreachable' : 'failed';
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'it failed';
}
