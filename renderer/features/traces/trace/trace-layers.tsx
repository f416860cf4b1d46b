import { useState } from 'react';
import type { DecisionTrace, GrantPath, Layer, PolicyRef, Step, Test } from '#shared/domain/trace.ts';
import type { StepChange } from '#shared/what-if/compare-traces.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { Badge, OutcomeMark } from '../../../ui/outcome-mark.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { ConditionTree } from './condition-tree.tsx';
import { ResultMark } from './result-mark.tsx';
import { testsOf } from './trace-text.ts';
import {
  layerOutcomes,
  layerTitle,
  matchWord,
  roleWords,
  shortStepTitle,
  stepTitle,
  testWords,
} from './words.ts';

interface TraceLayersProps {
  readonly trace: DecisionTrace;
  /** The rule whose text stands beside. */
  readonly chosen: PolicyRef | null;
  readonly onChoose: (ref: PolicyRef, step: Step) => void;
  /** Rules that fare otherwise in the trace beside it. */
  readonly changes?: ReadonlyMap<string, StepChange>;
}

/** Rules that do not match and are shown all the same where none does. */
const mostUnasked = 12;
const noChanges: ReadonlyMap<string, StepChange> = new Map();
const changeWords: Readonly<Record<StepChange, string>> = { 'only-here': 'only here', differs: 'differs' };

/** The layers in the order in which they were asked, each with its rules. */
export function TraceLayers({ trace, chosen, onChoose, changes = noChanges }: TraceLayersProps) {
  const layers = trace.evaluation?.layers ?? [];
  if (layers.length === 0) return <p className="muted trace-note">No rule was asked.</p>;
  return (
    <ol className="layers" aria-label="Layers in the order of evaluation">
      {layers.map((layer, index) => (
        <LayerItem
          key={index}
          layer={layer}
          trace={trace}
          chosen={chosen}
          onChoose={onChoose}
          changes={changes}
        />
      ))}
    </ol>
  );
}

type LayerItemProps = Required<TraceLayersProps> & { readonly layer: Layer };

function LayerItem({ layer, trace, chosen, onChoose, changes }: LayerItemProps) {
  const determining = trace.evaluation?.determiningSteps ?? [];
  const overridden = trace.evaluation?.overridden ?? [];
  const told = layer.steps.filter(
    ({ id, matched }) => matched !== false || determining.includes(id) || changes.has(id),
  );
  const rest = layer.steps.length - told.length;
  const isBlocking = blocks(layer, trace.evaluation?.blockedBy ?? []);
  // Where nothing matched, why each rule did not is what is asked.
  const [all, setAll] = useState(isBlocking && told.length === 0 && rest <= mostUnasked);
  const steps = all ? layer.steps : told;
  // A layer that lets the request pass is folded: what stands in the way is what is looked for.
  const isTelling =
    isBlocking ||
    layer.outcome === 'unknown' ||
    layer.outcome === 'deny' ||
    layer.steps.some(({ id: step }) => determining.includes(step) || changes.has(step));
  const [folded, setFolded] = useState<boolean | null>(null);
  const isOpen = folded === null ? isTelling : !folded;
  return (
    <li className={isBlocking ? 'layer blocks' : 'layer'}>
      <header className="layer-head">
        <h2>
          {layer.steps.length === 0 ? (
            <LogText text={layerTitle(layer)} />
          ) : (
            <button
              type="button"
              className="layer-toggle"
              aria-expanded={isOpen}
              onClick={() => setFolded(isOpen)}
            >
              <Icon name="right" />
              <LogText text={layerTitle(layer)} />
            </button>
          )}
        </h2>
        <span className="muted">{roleWords[layer.role]}</span>
        {isBlocking ? <Badge tone="danger">blocks</Badge> : null}
        <LayerOutcome outcome={layer.outcome} />
      </header>
      {layer.why === undefined ? null : (
        <p className="layer-why muted">
          <LogText text={layer.why} />
        </p>
      )}
      {!isOpen || steps.length === 0 ? null : (
        <ol>
          {steps.map((step) => (
            <StepItem
              key={step.id}
              step={step}
              determines={determining.includes(step.id)}
              overridden={overridden.includes(step.id)}
              isChosen={step.ref === chosen}
              change={changes.get(step.id) ?? null}
              onChoose={onChoose}
            />
          ))}
        </ol>
      )}
      {!isOpen || rest === 0 ? null : (
        <Button look="plain" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Hide' : 'Show'} {formatCount(rest)} {rest === 1 ? 'rule that does' : 'rules that do'} not
          match
        </Button>
      )}
    </li>
  );
}

/** Whether a layer is among those that stopped the request: several levels may bear one name. */
function blocks({ name, outcome }: Layer, blockedBy: readonly string[]): boolean {
  return blockedBy.includes(name) && (outcome === 'deny' || outcome === 'no-match');
}

function LayerOutcome({ outcome }: { readonly outcome: Layer['outcome'] }) {
  if (outcome === 'allow' || outcome === 'deny' || outcome === 'unknown')
    return <OutcomeMark outcome={outcome} />;
  return <Badge>{layerOutcomes[outcome]}</Badge>;
}

interface StepItemProps {
  readonly step: Step;
  readonly determines: boolean;
  readonly overridden: boolean;
  readonly isChosen: boolean;
  readonly change: StepChange | null;
  readonly onChoose: (ref: PolicyRef, step: Step) => void;
}

function StepItem({ step, determines, overridden, isChosen, change, onChoose }: StepItemProps) {
  const { effect, matched, note, via, tests, ref } = step;
  const result = matchWord(matched);
  return (
    <li
      className={['step', determines ? 'determines' : '', change === null ? '' : 'changed'].join(' ').trim()}
    >
      <div className="step-head">
        <ResultMark result={result} word={testWords[result]} />
        <span className="step-effect">{effect}</span>
        <button
          type="button"
          className="step-name"
          aria-pressed={isChosen}
          title={escapedText(stepTitle(step))}
          onClick={() => onChoose(ref, step)}
        >
          <LogText text={shortStepTitle(step)} />
        </button>
        {determines ? <Badge tone={effect === 'deny' ? 'danger' : 'success'}>decides</Badge> : null}
        {overridden ? <Badge tone="warning">overridden</Badge> : null}
        {change === null ? null : <Badge tone="warning">{changeWords[change]}</Badge>}
      </div>
      {note === undefined ? null : (
        <p className="muted">
          <LogText text={note} />
        </p>
      )}
      {via === undefined || via.length === 0 ? null : <Path via={via} />}
      <ul className="tests">
        {testsOf(step).map(([name, test]) => (
          <TestItem key={name} name={name} test={test} />
        ))}
      </ul>
      {tests.condition === undefined ? null : <ConditionTree node={tests.condition} label="Condition" />}
    </li>
  );
}

function TestItem({ name, test }: { readonly name: string; readonly test: Test }) {
  const { result, pattern, actual, resolved, why } = test;
  return (
    <li>
      <ResultMark result={result} word={`${name} ${testWords[result]}`} />
      <span className="mono test-pattern">
        <LogText text={resolved ?? pattern} />
      </span>
      {resolved === undefined || resolved === pattern ? null : (
        <span className="muted">
          {' '}
          written as <LogText text={pattern} />
        </span>
      )}
      {result === 'match' || actual === undefined ? null : (
        <span className="muted">
          {' '}
          asked was <LogText text={actual} />
        </span>
      )}
      {why === undefined ? null : (
        <span className="muted">
          {' '}
          – <LogText text={why} />
        </span>
      )}
    </li>
  );
}

const edgeWords: Readonly<Record<GrantPath[number]['kind'], string>> = {
  attached: 'has',
  'member-of': 'is a member of',
  assigned: 'gives',
  'bound-to': 'is bound by',
  assumes: 'assumes',
  'inherits-scope': 'inherits from',
  aggregates: 'includes',
  tuple: 'relates to',
  'takes-over': 'takes over',
};

/** How the subject comes to the rule. */
function Path({ via }: { readonly via: GrantPath }) {
  return (
    <p className="grant-path">
      <span className="muted">by way of </span>
      <LogText text={via[0]?.from ?? ''} />
      {via.map(({ kind, to }, index) => (
        <span key={index}>
          <span className="muted"> {edgeWords[kind]} </span>
          <LogText text={to} />
        </span>
      ))}
    </p>
  );
}
