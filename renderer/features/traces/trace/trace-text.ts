import type { ConditionNode, DecisionTrace, Step, Test } from '#shared/domain/trace.ts';
import {
  causeWords,
  conditionWords,
  decisionWords,
  layerOutcomes,
  layerTitle,
  matchWord,
  provenanceWords,
  sourceWords,
  stepTitle,
  testWords,
  valueText,
} from './words.ts';
import { recordedWords } from './recorded-words.ts';
import { rebuiltWords } from './rebuilt-words.ts';

/** A trace as plain text, to be sent to somebody who has no console. Rules that do not match are counted only. */
export function traceText(trace: DecisionTrace): string {
  const { request, recorded, evaluation, divergence, bundle, event } = trace;
  const lines = [
    evaluation?.verdict ?? `${decisionWords[recorded?.decision ?? 'unknown'] ?? ''}, as recorded.`,
    '',
    `Subject:  ${request.subject.id} (${request.subject.type})`,
    `Action:   ${request.action.name}`,
    `Resource: ${request.resource.id} (${request.resource.type})`,
    ...attributesOf(trace).map(([path, value, source]) => `  ${path} = ${value} (${source})`),
    '',
  ];
  if (event !== undefined) lines.push(`Event ${event.id} of ${event.time}`);
  lines.push(`Provenance: ${provenanceWords[trace.provenance]}`);
  if (recorded !== undefined) {
    lines.push(
      `Recorded: ${recorded.decision}${recorded.reason === undefined ? '' : ` – ${recorded.reason}`}`,
    );
  }
  const told = recorded === undefined ? null : recordedWords(recorded);
  if (told !== null) lines.push(`  ${told}`);
  if (bundle !== undefined) {
    const since = bundle.inForceFrom === undefined ? '' : `, in force from ${bundle.inForceFrom}`;
    const { rebuilt } = bundle;
    const changed = rebuilt === undefined ? '' : `, ${rebuiltWords(rebuilt)} ${rebuilt.at}`;
    const revision = bundle.revision === undefined ? '' : ` of revision ${bundle.revision}`;
    lines.push(`Bundle: ${bundle.digest}${revision}${since}${changed}`);
  }
  if (evaluation !== undefined) {
    lines.push(`Recomputed: ${evaluation.decision} (${evaluation.kind}, ${evaluation.completeness})`);
    for (const layer of evaluation.layers) {
      lines.push('', `${layerTitle(layer)}: ${layerOutcomes[layer.outcome]}`);
      if (layer.why !== undefined) lines.push(`  ${layer.why}`);
      const told = layer.steps.filter(({ matched }) => matched !== false);
      for (const step of told) lines.push(...stepLines(step, evaluation.determiningSteps.includes(step.id)));
      const rest = layer.steps.length - told.length;
      if (rest > 0) lines.push(`  ${rest} ${rest === 1 ? 'rule does' : 'rules do'} not match`);
    }
    if (evaluation.wouldAllowIf !== undefined) {
      lines.push('', 'Would be allowed if:', ...conditionLines(evaluation.wouldAllowIf, '  '));
    }
    if (evaluation.unknowns.length > 0) lines.push('', `Not known: ${evaluation.unknowns.join(', ')}`);
    for (const assumption of evaluation.assumptions) lines.push(`Assumed: ${assumption}`);
    for (const { message } of evaluation.errors) lines.push(`Error: ${message}`);
  }
  if (divergence !== undefined) {
    lines.push('', `Differs from the log: ${causeWords[divergence.likelyCause]}. ${divergence.why}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Every attribute of the request beyond its three names, with its origin in words. */
export function attributesOf({
  request,
  attributes = {},
}: DecisionTrace): readonly [string, string, string][] {
  const values: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = {
    'subject.properties': request.subject.properties,
    'action.properties': request.action.properties,
    'resource.properties': request.resource.properties,
    context: request.context,
  };
  const rows: [string, string, string][] = [];
  const seen = new Set<string>();
  for (const [prefix, part] of Object.entries(values)) {
    for (const [name, value] of Object.entries(part ?? {})) {
      const path = `${prefix}.${name}`;
      const source = attributes[path];
      seen.add(path);
      rows.push([path, valueText(value), source === undefined ? 'origin not told' : sourceWords[source]]);
    }
  }
  for (const [path, source] of Object.entries(attributes)) {
    if ((source === 'absent' || source === 'hidden') && !seen.has(path)) {
      rows.push([path, '–', sourceWords[source]]);
    }
  }
  return rows;
}

function stepLines(step: Step, determines: boolean): string[] {
  const { effect, matched, note, tests, ref } = step;
  const lines = [
    `  ${determines ? '» ' : ''}${effect} ${stepTitle(step)}: ${testWords[matchWord(matched)]} (${[ref.path, ref.locator].filter((part) => part !== '').join(' ')})`,
  ];
  if (note !== undefined) lines.push(`    ${note}`);
  for (const [name, test] of testsOf(step)) {
    lines.push(
      `    ${name}: ${testWords[test.result]} ${test.pattern}${test.why === undefined ? '' : ` – ${test.why}`}`,
    );
  }
  if (tests.condition !== undefined) lines.push(...conditionLines(tests.condition, '    '));
  return lines;
}

/** The parts of a rule that were held against the request, by name. */
export function testsOf({ tests }: Step): readonly (readonly [string, Test])[] {
  const named: (readonly [string, Test | undefined])[] = [
    ['Subject', tests.subject],
    ['Action', tests.action],
    ['Resource', tests.resource],
  ];
  return named.flatMap(([name, test]) => (test === undefined ? [] : [[name, test] as const]));
}

function conditionLines(node: ConditionNode, indent: string): string[] {
  const values =
    node.actual === undefined && node.expected === undefined
      ? ''
      : ` (actual ${valueText(node.actual)}, expected ${valueText(node.expected)})`;
  const own = `${indent}${node.op === 'leaf' ? node.expr : `${node.op}:`}${values} – ${conditionWords[node.result]}${node.why === undefined ? '' : `: ${node.why}`}`;
  return [own, ...(node.children ?? []).flatMap((child) => conditionLines(child, `${indent}  `))];
}
