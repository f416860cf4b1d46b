import type { EvaluationRequest, RequestKnowledge } from '../../../domain/evaluation-request.ts';
import { arrayAt, isObject, type Json, objectAt, textAt } from '../../../domain/json.ts';
import type { ExternalEngine } from '../../../domain/policy-system.ts';
import type { Evaluation, Layer, Step } from '../../../domain/trace.ts';
import { answerOf, withoutAnswer } from '../answer.ts';
import type { BundleContents } from '../bundle/contents.ts';
import { readQuestion } from '../decision-path.ts';
import { recordedCallsOf } from '../question.ts';
import { isDenial, readDecision } from '../reading.ts';
import { shortened } from '../trace/descriptions.ts';
import type { StepsResult } from '../trace/steps.ts';
import { valueOfJson } from '../value/json.ts';
import { dataPath } from '../value/print.ts';
import { utf8Bytes } from '../value/text.ts';

/** Asks the user's own `opa`: `opa eval` with its full explanation. */
export class ExternalEvaluator {
  readonly #contents: BundleContents;
  readonly #engine: ExternalEngine;

  constructor(contents: BundleContents, engine: ExternalEngine) {
    this.#contents = contents;
    this.#engine = engine;
  }

  /** Undefined where the program gives no answer that can be read; `tell` says why. */
  async evaluate(
    request: EvaluationRequest,
    knowledge: RequestKnowledge,
    tell: (message: string) => void,
  ): Promise<Evaluation | undefined> {
    const question = readQuestion(request.action.name);
    // What a policy reads of the input is not in OPA's explanation, so only complete requests are asked there.
    if (question?.kind !== 'document' || !knowledge.complete) return undefined;
    if ((knowledge.hidden?.length ?? 0) > 0 || recordedCallsOf(request) !== null) return undefined;
    const { path } = question;
    const hasInput = request.context !== undefined;
    const args = ['eval', '--bundle', 'bundle', '--format', 'json', '--explain', 'full', '--fail=false'];
    if (this.#contents.modules.some(({ version }) => version === 0)) args.push('--v0-compatible');
    if (hasInput) args.push('--input', 'input.json');
    const files = this.#contents.files.map(({ path: file, text, bytes }) => ({
      path: `bundle/${file}`,
      bytes: bytes.length === 0 && text !== null ? utf8Bytes(text) : bytes,
    }));
    if (hasInput) files.push({ path: 'input.json', bytes: utf8Bytes(JSON.stringify(request.context)) });
    let output: unknown;
    try {
      const { stdout, stderr } = await this.#engine.run(files, [...args, dataPath(path)]);
      output = stdout.trim() === '' ? { errors: [{ message: stderr.slice(0, 2000) }] } : JSON.parse(stdout);
    } catch (problem) {
      tell(`opa gave no answer: ${problem instanceof Error ? problem.message : 'it failed'}`);
      return undefined;
    }
    if (!isObject(output)) return undefined;
    const errors = arrayAt(output, 'errors').map((error) => ({ message: errorText(error) }));
    if (errors.length > 0) return withoutAnswer(errors);
    const [first] = arrayAt(output, 'result');
    const [expression] = isObject(first) ? arrayAt(first, 'expressions') : [];
    const json = isObject(expression) ? expression['value'] : undefined;
    const value = json === undefined ? undefined : valueOfJson(json);
    const { decision } = readDecision(path, value);
    const steps = this.#steps(arrayAt(output, 'explanation'), path, decision);
    return answerOf(
      {
        asked: dataPath(path),
        path,
        value,
        document: value,
        missingInput: new Set(),
        errors: [],
        steps,
        completeness: 'full',
      },
      knowledge,
    );
  }

  /** Rules that OPA entered: one that it left again by `exit` held; the last expression that failed says why not. */
  #steps(
    explanation: readonly Json[],
    path: readonly string[],
    decision: Evaluation['decision'],
  ): StepsResult {
    const entered = new Map<string, { place: Place; held: boolean; failed: Place | null }>();
    const byQuery = new Map<string, string>();
    for (const event of explanation) {
      if (!isObject(event)) continue;
      const operation = textAt(event, 'op')?.toLowerCase();
      const query = textAt(event, 'query_id') ?? '';
      const place = this.#place(event['location']);
      const isRule = textAt(event, 'type') === 'rule';
      if (place === null) continue;
      if (operation === 'enter' && isRule) {
        const key = `${place.path}:${place.row}:${place.column}`;
        byQuery.set(query, key);
        if (!entered.has(key)) entered.set(key, { place, held: false, failed: null });
      }
      const known = entered.get(byQuery.get(query) ?? '');
      if (known === undefined) continue;
      if (operation === 'exit' && isRule) known.held = true;
      if (operation === 'fail' && (known.failed === null || place.row >= known.failed.row))
        known.failed = place;
    }
    const effect = isDenial(path) ? ('deny' as const) : ('allow' as const);
    const steps: { step: Step; decides: boolean }[] = [...entered.values()].map(
      ({ place, held, failed }, index) => ({
        decides: dataPath(path) === place.rule || place.rule.startsWith(`${dataPath(path)}.`),
        step: {
          id: `s${index + 1}`,
          ref: { path: place.path, locator: `${place.row}:${place.column}`, policyId: place.rule },
          effect,
          matched: held,
          tests:
            failed === null || held
              ? {}
              : {
                  condition: {
                    op: 'leaf',
                    expr: shortened(failed.text),
                    result: 'false',
                    why: 'OPA reports that it failed',
                  },
                },
        },
      }),
    );
    const own = steps.filter(({ decides }) => decides).map(({ step }) => step);
    const others = steps.filter(({ decides }) => !decides).map(({ step }) => step);
    const holding = own.filter(({ matched }) => matched === true);
    const outcome: Layer['outcome'] =
      holding.length === 0 ? 'no-match' : decision === 'indeterminate' ? 'unknown' : decision;
    const layers: Layer[] = [];
    if (own.length > 0) {
      const role = effect === 'deny' ? 'guard' : 'grant';
      layers.push({ name: 'rule', label: dataPath(path), role, outcome, steps: own });
    }
    if (others.length > 0) {
      const held = others.some(({ matched }) => matched === true);
      const label = 'rules that the decision uses';
      layers.push({
        name: 'dependencies',
        label,
        role: 'limit',
        outcome: held ? 'allow' : 'no-match',
        steps: others,
      });
    }
    return {
      layers,
      determining: holding.map(
        ({ ref }) => `${ref.policyId} (${ref.path}:${ref.locator.split(':')[0] ?? ''})`,
      ),
      determiningSteps: holding.map(({ id }) => id),
      onlyDefaults: false,
      cut: false,
    };
  }

  #place(location: Json | undefined): Place | null {
    if (!isObject(location)) return null;
    const file = textAt(location, 'file') ?? '';
    const row = location['row'];
    const column = location['col'];
    if (typeof row !== 'number' || typeof column !== 'number') return null;
    const module = this.#contents.modules.find(({ path }) => file === path || file.endsWith(`/${path}`));
    const text = module?.text.split('\n')[row - 1] ?? '';
    const name = /^\s*(?:default\s+)?([A-Za-z_][\w.]*)/.exec(text)?.[1] ?? '';
    const rule = `${dataPath(module?.package ?? [])}${name === '' ? '' : `.${name}`}`;
    return { path: module?.path ?? file, row, column, text, rule };
  }
}

interface Place {
  readonly path: string;
  readonly row: number;
  readonly column: number;
  readonly text: string;
  readonly rule: string;
}

function errorText(error: Json): string {
  if (!isObject(error)) return 'opa reports an error';
  const location = objectAt(error, 'location');
  const at =
    location === undefined ? '' : `${textAt(location, 'file') ?? ''}:${textAt(location, 'row') ?? ''}: `;
  const code = textAt(error, 'code');
  return `${at}${code === null ? '' : `${code}: `}${textAt(error, 'message') ?? 'opa reports an error'}`;
}
