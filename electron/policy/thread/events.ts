import {
  type ComparedVersions,
  divergenceOf,
  otherRevision,
  recordedOf,
} from '#shared/analysis/requests/divergence.ts';
import {
  type MappedRequest,
  mapEvent,
  parseRecord,
  recordedDetail,
  reducedRequest,
} from '#shared/analysis/requests/mapping.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { EvaluationRequest } from '#shared/domain/evaluation-request.ts';
import type { EngineAnswer } from '#shared/domain/policy-system.ts';
import type { EventGroup, JudgedGroup } from '#shared/domain/replay.ts';
import type { DecisionTrace, Evaluation, RecordedDetail } from '#shared/domain/trace.ts';
import { secretsIn, withoutSecrets } from '#shared/analysis/requests/secrets.ts';
import { withDigitTexts } from '#shared/util/exact-json.ts';
import { failureOf } from '#shared/util/result.ts';
import { stableJson } from '#shared/util/stable-json.ts';
import { noDecision } from '#shared/policy/no-decision.ts';
import { traceId, traceOf } from '../trace.ts';
import type { Desk } from './desk.ts';
import { type ExplainJob, type JudgeJob, phases } from './protocol.ts';
import type { LoadedBundle } from './shelf.ts';

/** The trace of a logged event under a bundle. Throws nothing of the data: what cannot be mapped is told. */
export async function explainJob(
  { event, record: text, ref: named, inForce, notes }: ExplainJob,
  { compiled, ref: loaded }: LoadedBundle,
): Promise<DecisionTrace> {
  // What was rebuilt has a content of its own.
  const ref =
    loaded.rebuilt === undefined ? named : { ...named, digest: loaded.digest, rebuilt: loaded.rebuilt };
  const record = parseRecord(event.format, text);
  const mapping = mapEvent(event, record);
  const detail = recordedDetail(event.format, record);
  const told = {
    event: { id: event.id, time: event.time },
    recorded: recordedOf(event, detail),
  };
  if (mapping.kind === 'unmapped' || mapping.system !== compiled.system) {
    const reason =
      mapping.kind === 'unmapped'
        ? mapping.reason
        : `Events of ${event.format} are decided by ${mapping.system}; this is a bundle of ${compiled.system}.`;
    return {
      id: traceId(ref.digest, event.id),
      system: compiled.system,
      pdp: { system: compiled.system, engine: compiled.engine },
      request: {
        subject: { type: event.subject.type, id: event.subject.id ?? '' },
        action: { name: event.action ?? '' },
        resource: { type: event.resource?.type ?? '', id: event.resource?.id ?? '' },
      },
      ...told,
      evaluation: noDecision(reason),
      provenance: 'recorded',
      bundle: ref,
    };
  }
  const { request, knowledge, attributes } = mapping;
  const versions: ComparedVersions = versionsOf(detail, compiled.revision);
  const evaluated = await compiled.evaluate(request, knowledge);
  const divergence = divergenceOf(event, evaluated.evaluation, inForce, versions);
  const other = divergence?.likelyCause === 'policy-revision-differs' ? null : otherRevision(versions);
  const answer = withDoubt(evaluated, inForce, other === null ? notes : [other, ...notes]);
  return shownTrace({
    ...traceOf(compiled, ref, request, answer),
    attributes,
    knowledge,
    ...told,
    ...(divergence === undefined ? {} : { divergence }),
  });
}

function versionsOf({ bundles, effective }: RecordedDetail, asked: string | null): ComparedVersions {
  const named = effective?.map(({ policy }) => policy);
  return { recorded: bundles ?? [], asked, ...(named === undefined ? {} : { effective: named }) };
}

const asTexts =
  'Numbers with more digits than can be shown as such stand as texts; they were judged as numbers.';

/**
 * The trace as it is shown and sent on: without the secrets that its request carries, and with the digits of large
 * numbers as texts. Both count as not known to whoever asks the shown request again.
 */
function shownTrace(trace: DecisionTrace): DecisionTrace {
  const secrets = secretsIn(trace.request.context);
  const numbers: (readonly string[])[] = [];
  withDigitTexts(trace.request.context, (path) => numbers.push(path));
  let isChanged = false;
  const shown = withDigitTexts(withoutSecrets(trace, secrets), () => (isChanged = true));
  const { knowledge, evaluation } = shown;
  const hidden = [...(knowledge?.hidden ?? []), ...secrets.paths, ...numbers];
  return {
    ...shown,
    ...(knowledge === undefined || hidden.length === 0 ? {} : { knowledge: { ...knowledge, hidden } }),
    ...(evaluation === undefined || !isChanged
      ? {}
      : { evaluation: { ...evaluation, assumptions: [...evaluation.assumptions, asTexts] } }),
  };
}

/** Says of an answer that its bundle may not have been in force. */
function withDoubt(answer: EngineAnswer, inForce: boolean, notes: readonly string[]): EngineAnswer {
  const doubts = inForce ? notes : ['The bundle is not known to have been in force at that time.', ...notes];
  if (doubts.length === 0) return answer;
  const { evaluation } = answer;
  return { ...answer, evaluation: { ...evaluation, assumptions: [...evaluation.assumptions, ...doubts] } };
}

/** Judges groups of logged events, each distinct request once. */
export async function judgeJob(
  { groups }: JudgeJob,
  bundle: LoadedBundle,
  against: LoadedBundle | null,
  desk: Desk,
): Promise<readonly JudgedGroup[]> {
  const known: KnownAnswers = new Map();
  const judged: JudgedGroup[] = [];
  for (const [index, group] of groups.entries()) {
    desk.at(phases.evaluating, index);
    judged.push(await judgeGroup(group, bundle, against, known, null));
  }
  return judged;
}

/** Answers by request, so that each is judged once. */
type KnownAnswers = Map<string, { readonly judged: Judged; readonly evaluation: Evaluation }>;
type Judged = Extract<JudgedGroup, { kind: 'judged' }>;

/**
 * Judges one group. `inForce`: whether the policies are known to have been in force, for the cause of a divergence;
 * null where they are not meant to be those of the time.
 */
export async function judgeGroup(
  group: EventGroup,
  bundle: LoadedBundle,
  against: LoadedBundle | null,
  known: KnownAnswers,
  inForce: boolean | null,
): Promise<JudgedGroup> {
  const event = JSON.parse(group.event) as AccessEvent;
  const keys = keysRead(bundle, against);
  const mapping = mapGroup(group, event, bundle.compiled.system, keys);
  if (mapping.kind === 'unmapped') return mapping;
  const key = stableJson([mapping.request, mapping.knowledge]);
  let answer = known.get(key);
  if (answer === undefined) {
    answer = await judge(mapping, bundle, against);
    known.set(key, answer);
  }
  if (inForce === null) return answer.judged;
  const detail = recordedDetail(event.format, parseRecord(event.format, group.record));
  const versions = versionsOf(detail, bundle.compiled.revision);
  const divergence = divergenceOf(event, answer.evaluation, inForce, versions);
  return divergence === undefined ? answer.judged : { ...answer.judged, divergence };
}

/** Context keys that some policy reads. */
interface KeysRead {
  readonly read: readonly string[];
  /** Of each bundle, in lower case. */
  readonly lower: readonly ReadonlySet<string>[];
}

const keysOfBundles = new WeakMap<
  LoadedBundle,
  Omit<KeysRead, 'lower'> & { readonly lower: ReadonlySet<string> }
>();

/** Context keys that a policy of either bundle reads. */
function keysRead(bundle: LoadedBundle, against: LoadedBundle | null): KeysRead {
  const each = (against === null ? [bundle] : [bundle, against]).map((one) => {
    const known = keysOfBundles.get(one);
    if (known !== undefined) return known;
    const read = [...one.compiled.contextKeys];
    const keys = { read, lower: new Set(read.map((key) => key.toLowerCase())) };
    keysOfBundles.set(one, keys);
    return keys;
  });
  return { read: each.flatMap(({ read }) => read), lower: each.map(({ lower }) => lower) };
}

/**
 * The request of a group. Its events are alike in every column that a policy reads; where the records of the first and
 * the last still make different requests (a user's groups have changed), no single request stands for the group.
 */
function mapGroup(
  group: EventGroup,
  event: AccessEvent,
  system: string,
  keys: KeysRead,
): MappedRequest | Extract<JudgedGroup, { kind: 'unmapped' }> {
  const mapping = mapEvent(event, parseRecord(event.format, group.record));
  if (mapping.kind === 'unmapped') return { kind: 'unmapped', reason: mapping.reason };
  if (mapping.system !== system) {
    return { kind: 'unmapped', reason: `Events of ${event.format} are decided by ${mapping.system}.` };
  }
  const { events } = group;
  const commonOf = (each: MappedRequest): MappedRequest =>
    commonRequest(reducedRequest(event.format, each, keys.read), events, keys.lower);
  const common = commonOf(mapping);
  if (group.lastRecord === null) return common;
  const last = mapEvent(event, parseRecord(event.format, group.lastRecord));
  if (last.kind === 'mapped' && stableJson(commonOf(last).request) === stableJson(common.request)) {
    return common;
  }
  const reason =
    'Events that are alike in the columns differ in their records, e.g. in the groups of a user.';
  return { kind: 'unmapped', reason };
}

/** Keys that differ from event to event say nothing about all of them: they are unknown then. */
const momentary = new Set(['aws:currenttime', 'aws:tokenissuetime']);
/** Keys that matter where a policy reads them, and nowhere else. */
const onlyIfRead = new Set([
  ...momentary,
  'aws:sourceip',
  'aws:useragent',
  'aws:requestedregion',
  'aws:multifactorauthpresent',
  'aws:securetransport',
]);

function commonRequest(
  mapping: MappedRequest,
  events: number,
  keys: readonly ReadonlySet<string>[],
): MappedRequest {
  const { context, action } = mapping.request;
  const { time, ...properties } = action.properties ?? {};
  // When a decision was taken is part of the question where the policy system says so.
  if (time !== undefined && events > 1) {
    const timeless = { ...mapping.request, action: { ...action, properties } };
    return commonRequest({ ...mapping, request: timeless }, events, keys);
  }
  if (context === undefined) return mapping;
  const kept = Object.entries(context).filter(([name]) => {
    const key = name.toLowerCase();
    if (momentary.has(key) && events > 1) return false;
    return !onlyIfRead.has(key) || keys.some((read) => read.has(key));
  });
  return { ...mapping, request: { ...mapping.request, context: Object.fromEntries(kept) } };
}

function shownRequest(request: EvaluationRequest): EvaluationRequest {
  return withDigitTexts(withoutSecrets(request, secretsIn(request.context)));
}

async function judge(
  { system, request, knowledge }: MappedRequest,
  bundle: LoadedBundle,
  against: LoadedBundle | null,
): Promise<{ readonly judged: Judged; readonly evaluation: Evaluation }> {
  const evaluate = async ({ compiled }: LoadedBundle): Promise<Evaluation> => {
    try {
      return (await compiled.evaluate(request, knowledge)).evaluation;
    } catch (thrown) {
      return noDecision(`The evaluator failed: ${failureOf(thrown).message}`);
    }
  };
  const evaluation = await evaluate(bundle);
  const other = against === null ? null : await evaluate(against);
  const { decision, determining, blockedBy, unknowns, verdict } = evaluation;
  const judged: Judged = {
    kind: 'judged',
    key: traceId(system, [request, knowledge]),
    request: shownRequest(request),
    decision,
    determining,
    blockedBy,
    unknowns,
    verdict,
    against: other?.decision ?? null,
  };
  return { judged, evaluation };
}
