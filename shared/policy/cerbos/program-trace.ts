import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../domain/json.ts';
import type { ConditionNode } from '../../domain/trace.ts';

/** What the Cerbos program says of one request. */
export interface ProgramAnswer {
  readonly effect: 'allow' | 'deny';
  /** As Cerbos names it; null where the trace names none. */
  readonly policy: string | null;
  readonly outputs: readonly { readonly src: string; readonly val: unknown }[];
  /** By scope and rule, as `scope#rule`. */
  readonly rules: ReadonlyMap<string, ProgramRule>;
}

export interface ProgramRule {
  readonly satisfied: boolean;
  readonly condition: ConditionNode | null;
  readonly why: string | null;
}

interface Entry {
  readonly components: readonly JsonObject[];
  readonly event: JsonObject;
}

/** Reads the answers of a suite's run, by the number of the test. Both forms of the trace (0.51, 0.55) are read. */
export function readAnswers(output: JsonObject): Map<number, ProgramAnswer> {
  const answers = new Map<number, ProgramAnswer>();
  for (const suite of objects(output, 'suites'))
    for (const test of objects(suite, 'testCases'))
      for (const principal of objects(test, 'principals'))
        for (const resource of objects(principal, 'resources'))
          for (const action of objects(resource, 'actions')) {
            const number = Number((textAt(test, 'name') ?? '').slice(1));
            const answer = answerOf(textAt(action, 'name') ?? '', objectAt(action, 'details') ?? {});
            if (answer !== null) answers.set(number, answer);
          }
  return answers;
}

function answerOf(action: string, details: JsonObject): ProgramAnswer | null {
  const success = objectAt(details, 'success');
  const failure = objectAt(details, 'failure');
  const effect = textAt(success, 'effect') ?? textAt(failure, 'actual');
  if (effect !== 'EFFECT_ALLOW' && effect !== 'EFFECT_DENY') return null;
  const entries = entriesOf(details).filter(({ components }) =>
    components.some((component) => component['action'] === action),
  );
  const policies = entries.flatMap(({ components }) => textAt(components[0], 'policy') ?? []);
  return {
    effect: effect === 'EFFECT_ALLOW' ? 'allow' : 'deny',
    policy: policies.at(-1)?.replace(/^cerbos\./, '') ?? null,
    outputs: outputsOf(entries),
    rules: rulesOf(entries),
  };
}

function entriesOf(details: JsonObject): Entry[] {
  const batch = objectAt(details, 'engineTraceBatch');
  if (batch === undefined)
    return objects(details, 'engineTrace').map((entry) => ({
      components: objects(entry, 'components'),
      event: objectAt(entry, 'event') ?? {},
    }));
  const definitions = arrayAt(batch, 'definitions');
  return objects(batch, 'entries').map((entry) => ({
    components: arrayAt(entry, 'componentIndices').flatMap((index) => {
      const found = typeof index === 'number' ? definitions[index] : undefined;
      return isObject(found) ? [found] : [];
    }),
    event: objectAt(entry, 'event') ?? {},
  }));
}

/** What rules gave out: the trace has it also where the test failed. */
function outputsOf(entries: readonly Entry[]): ProgramAnswer['outputs'] {
  return entries.flatMap(({ components, event }) => {
    const output = components.at(-1)?.['kind'] === 'KIND_OUTPUT' ? objectAt(event, 'result') : undefined;
    const src = textAt(output, 'src');
    return src === null ? [] : [{ src, val: output?.['val'] ?? null }];
  });
}

function rulesOf(entries: readonly Entry[]): Map<string, ProgramRule> {
  const grouped = new Map<string, Entry[]>();
  for (const entry of entries) {
    const at = entry.components.findIndex(({ kind }) => kind === 'KIND_RULE');
    if (at === -1) continue;
    const scope = entry.components.find(({ kind }) => kind === 'KIND_SCOPE');
    const key = `${textAt(scope, 'scope') ?? ''}#${textAt(entry.components[at], 'rule') ?? ''}`;
    const inner = { components: entry.components.slice(at + 1), event: entry.event };
    grouped.set(key, [...(grouped.get(key) ?? []), inner]);
  }
  return new Map([...grouped].map(([key, inner]) => [key, ruleOf(inner)]));
}

function ruleOf(entries: readonly Entry[]): ProgramRule {
  const skipped = entries.find(
    ({ components, event }) => components.length === 0 && event['status'] === 'STATUS_SKIPPED',
  );
  const conditions = entries.filter(({ components }) => components[0]?.['kind'] === 'KIND_CONDITION');
  return {
    satisfied: skipped === undefined,
    condition: nodeOf(
      conditions.map(({ components, event }) => ({ components: components.slice(1), event })),
    ),
    why: textAt(skipped?.event, 'message'),
  };
}

/** The condition below a component; null where it is the absent condition, which always holds. */
function nodeOf(entries: readonly Entry[]): ConditionNode | null {
  const first = entries.find(({ components }) => components.length > 0)?.components[0];
  if (first === undefined) return null;
  const inner = entries.map(({ components, event }) => ({ components: components.slice(1), event }));
  const own = inner.find(({ components }) => components.length === 0)?.event;
  const result = own?.['result'] === true ? 'true' : 'false';
  const error = textAt(own, 'error');
  const expr = textAt(first, 'expr');
  if (expr !== null)
    return {
      op: 'leaf',
      expr,
      result: error === null ? result : 'error',
      ...(error === null ? {} : { why: error }),
    };
  const children = childrenOf(inner);
  const text = children.map((child) => child.expr).join(', ');
  if (first['kind'] === 'KIND_CONDITION_NONE') {
    const any: ConditionNode = {
      op: 'any',
      expr: text,
      result: result === 'true' ? 'false' : 'true',
      children,
    };
    return { op: 'not', expr: `none of (${text})`, result, children: [any] };
  }
  const op = first['kind'] === 'KIND_CONDITION_ANY' ? 'any' : 'all';
  return { op, expr: `${op} of (${text})`, result, children };
}

/** Parts are numbered: `KIND_CONDITION` with an index, left out where it is 0. */
function childrenOf(entries: readonly Entry[]): ConditionNode[] {
  const parts = new Map<number, Entry[]>();
  for (const { components, event } of entries) {
    const [part, ...rest] = components;
    if (part?.['kind'] !== 'KIND_CONDITION') continue;
    const index = typeof part['index'] === 'number' ? part['index'] : 0;
    parts.set(index, [...(parts.get(index) ?? []), { components: rest, event }]);
  }
  return [...parts].toSorted(([a], [b]) => a - b).flatMap(([, inner]) => nodeOf(inner) ?? []);
}

function objects(value: JsonObject, key: string): JsonObject[] {
  return arrayAt(value, key).filter((item: Json): item is JsonObject => isObject(item));
}
