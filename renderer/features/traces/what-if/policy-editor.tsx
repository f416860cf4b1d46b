import { useMemo, useState } from 'react';
import type { BundleProblem, PolicyText } from '#shared/domain/policy-system.ts';
import type { PolicyRef } from '#shared/domain/trace.ts';
import { jsonFault } from '#shared/what-if/edit.ts';
import { withoutRule } from '#shared/what-if/remove-rule.ts';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/field.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { formatCount } from '../../../ui/numbers.ts';
import { Code, CodeDifference } from '../code/code.tsx';
import type { CodeProblem } from '../code/marks.ts';
import { rangeOfRef } from '../trace/policy-range.ts';
import { type ChangedTexts, changedText, keyOf, problemsIn } from './policies.ts';

interface PolicyEditorProps {
  /** In the order in which they are offered. */
  readonly policies: readonly PolicyText[];
  readonly changed: ChangedTexts;
  readonly chosen: PolicyText;
  /** The rule that is lit. */
  readonly rule: PolicyRef | null;
  readonly problems: readonly BundleProblem[];
  readonly onChoose: (policy: PolicyText) => void;
  /** Null puts the policy back as it was. */
  readonly onChange: (policy: PolicyText, text: string | null) => void;
}

const mostOffered = 500;

/** A policy of the bundle to be changed; the bundle itself stays as it is. */
export function PolicyEditor({
  policies,
  changed,
  chosen,
  rule,
  problems,
  onChoose,
  onChange,
}: PolicyEditorProps) {
  const policy = useMemo(() => changedText(chosen, changed), [chosen, changed]);
  const lit = useMemo(() => (rule === null ? null : rangeOfRef(policy, rule)), [policy, rule]);
  const marks = useMemo(() => marksOf(policy, problems), [policy, problems]);
  const without = useMemo(() => (rule === null ? null : withoutRule(policy, rule)), [policy, rule]);
  const [compares, setCompares] = useState(false);
  const isChanged = changed.has(keyOf(chosen));
  const offered = policies.slice(0, mostOffered);
  const all = offered.includes(chosen) ? offered : [chosen, ...offered];
  return (
    <div className="policy-editor">
      <div className="trace-actions">
        <Select
          aria-label="Policy to change"
          value={String(all.indexOf(chosen))}
          onChange={(next) => {
            const found = all[Number(next)];
            if (found !== undefined) onChoose(found);
          }}
          options={all.map((each, index) => ({
            value: String(index),
            label: `${changed.has(keyOf(each)) ? '● ' : ''}${escapedText(each.title)}`,
          }))}
        />
        <Button disabled={without === null} onClick={() => onChange(chosen, without)}>
          Remove the lit rule
        </Button>
        <Button disabled={!isChanged} onClick={() => onChange(chosen, null)}>
          Put back
        </Button>
        <Button
          disabled={!isChanged}
          aria-pressed={compares && isChanged}
          onClick={() => setCompares(!compares)}
        >
          What changed
        </Button>
        {policies.length > mostOffered ? (
          <span className="muted">
            {formatCount(policies.length - mostOffered)} more are reached through the rules of a trace.
          </span>
        ) : null}
      </div>
      {compares && isChanged ? (
        <CodeDifference
          label={`Changes of ${chosen.title}`}
          before={chosen.text}
          after={policy.text}
          language={policy.language}
          sides={false}
        />
      ) : (
        <Code
          label={`Text of ${chosen.title}, to be changed`}
          text={policy.text}
          language={policy.language}
          lit={lit}
          problems={marks}
          onChange={(text) => onChange(chosen, text === chosen.text ? null : text)}
        />
      )}
    </div>
  );
}

function marksOf(policy: PolicyText, problems: readonly BundleProblem[]): readonly CodeProblem[] {
  const fault = policy.language === 'json' ? jsonFault(policy.text) : null;
  if (fault === null) return problemsIn(policy, problems);
  const line = /line (\d+)/.exec(fault)?.[1];
  return [
    { severity: 'error', line: line === undefined ? 1 : Number(line), message: `This is no JSON: ${fault}` },
  ];
}
