import type { KeptBundle } from '#electron/platform/services.ts';
import { bundleRef } from '#shared/analysis/requests/choose-bundle.ts';
import { recordedOf } from '#shared/analysis/requests/divergence.ts';
import { parseRecord, recordedDetail, systemOf } from '#shared/analysis/requests/mapping.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { PolicyText } from '#shared/domain/policy-system.ts';
import type { DecisionTrace, RecordedDetail } from '#shared/domain/trace.ts';
import type { PolicyTextChange } from '#shared/ipc/views.ts';
import type { PolicyAt } from '../policy-at.ts';
import { runReplay } from '../replay-job.ts';
import type { HandlerServices, Handlers } from './handler.ts';

type BundleOperation =
  | 'bundles.text'
  | 'bundles.diff'
  | 'bundles.add'
  | 'bundles.saveEdited'
  | 'bundles.edited'
  | 'bundles.problems'
  | 'policy.ask'
  | 'policy.check'
  | 'policy.whoCan'
  | 'policy.explain'
  | 'policy.replay';

export function bundleHandlers({ engine, tokens }: HandlerServices): Handlers<BundleOperation> {
  const textsOf = async (id: string, signal: AbortSignal): Promise<readonly PolicyText[]> =>
    engine.policy('texts', { kept: await engine.keptBundle(id, signal) }, { signal });
  const wholeOf = async (id: string, signal: AbortSignal): Promise<readonly PolicyText[]> =>
    engine.policy('texts', { kept: await engine.keptBundle(id, signal), whole: true }, { signal });
  return {
    'bundles.text': ({ id }, { signal }) => textsOf(id, signal),
    'bundles.diff': async ({ from, to }, { signal }) =>
      changedTexts(await wholeOf(from, signal), await wholeOf(to, signal)),
    'bundles.add': ({ token, verificationKey: key, ...request }, { signal }) => {
      const verificationKey = key === null ? null : tokens.take(key).path;
      return engine.addBundle({ ...request, path: tokens.take(token).path, verificationKey }, signal);
    },

    'bundles.saveEdited': async ({ bundle, edits, inForceFrom }, { signal }) =>
      engine.addEditedBundle({ kept: await engine.keptBundle(bundle, signal), edits, inForceFrom }, signal),
    'bundles.problems': async ({ bundle, edits }, { signal }) =>
      engine.policy('problems', { kept: await engine.keptBundle(bundle, signal), edits }, { signal }),
    'bundles.edited': async ({ bundle, edits }, { signal }) =>
      engine.policy('edited', { kept: await engine.keptBundle(bundle, signal), edits }, { signal }),

    'policy.ask': async ({ bundle, ...asked }, { signal }) =>
      engine.policy('ask', { kept: await engine.keptBundle(bundle, signal), ...asked }, { signal }),
    'policy.check': async ({ bundle, ...asked }, { signal }) =>
      engine.policy('check', { kept: await engine.keptBundle(bundle, signal), ...asked }, { signal }),
    'policy.whoCan': async ({ bundle, ...asked }, { signal }) =>
      engine.policy('whoCan', { kept: await engine.keptBundle(bundle, signal), ...asked }, { signal }),
    'policy.explain': async ({ event: id, bundle: named }, { signal }) => {
      const { event, record } = await engine.nativeEvent(id, signal);
      const detail = recordedDetail(event.format, parseRecord(event.format, record));
      const revisions = (detail.bundles ?? []).flatMap(({ revision }) => revision ?? []);
      const chosen =
        named === null
          ? await engine.policyAt(systemOf(event.format) ?? '', event.time, event.id, signal, revisions)
          : chosenByUser(await engine.keptBundle(named, signal));
      return chosen === null
        ? recordedTrace(event, detail)
        : engine.policy('explain', { ...chosen, event, record }, { signal });
    },
    'policy.replay': (input, { signal, emit }) =>
      runReplay(
        input,
        {
          kept: (bundle) => engine.keptBundle(bundle, signal),
          policy: (method, asked, options) => engine.policy(method, asked, options),
          groups: (asked, options) => engine.eventGroups(asked, options),
        },
        signal,
        emit,
      ),
  };
}

function chosenByUser(kept: KeptBundle): PolicyAt {
  const ref = bundleRef({ bundle: kept.bundle, matchedBy: 'user', inForce: true });
  return { kept, ref, inForce: true, notes: [] };
}

/** All that can be said without a bundle: what the log says. */
function recordedTrace(event: AccessEvent, detail: RecordedDetail): DecisionTrace {
  const system = systemOf(event.format) ?? event.format;
  return {
    id: event.id,
    system,
    pdp: { system, engine: { name: 'none', version: '', mode: 'own' } },
    request: {
      subject: { type: event.subject.type, id: event.subject.id ?? '' },
      action: { name: event.action ?? '' },
      resource: { type: event.resource?.type ?? '', id: event.resource?.id ?? '' },
    },
    event: { id: event.id, time: event.time },
    recorded: recordedOf(event, detail),
    provenance: 'recorded',
  };
}

function keyOf({ path, policyId }: PolicyText): string {
  return `${path}\n${policyId}`;
}

/** Policies whose text differs, matched by path and id, in the order of these. */
function changedTexts(before: readonly PolicyText[], after: readonly PolicyText[]): PolicyTextChange[] {
  const [old, now] = [
    new Map(before.map((text) => [keyOf(text), text])),
    new Map(after.map((text) => [keyOf(text), text])),
  ];
  const [pathsBefore, pathsAfter] = [
    new Set(before.map(({ path }) => path)),
    new Set(after.map(({ path }) => path)),
  ];
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((key): PolicyTextChange[] => {
    const [was, is] = [old.get(key), now.get(key)];
    const either = is ?? was;
    if (either === undefined || was?.text === is?.text) return [];
    // A file whose first policy came or whose last one went is told by that policy: the file itself is on both sides.
    if (either.policyId === either.path && pathsBefore.has(either.path) && pathsAfter.has(either.path)) {
      if (was === undefined || is === undefined) return [];
    }
    const { text: _text, ...policy } = either;
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ ...policy, change, before: was?.text ?? null, after: is?.text ?? null }];
  });
}
