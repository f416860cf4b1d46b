import { useMemo } from 'react';
import type { BundleProblem, PolicyText } from '#shared/domain/policy-system.ts';
import { formatCount } from '../../ui/numbers.ts';
import { Code } from './code/code.tsx';
import type { CodeProblem } from './code/marks.ts';
import type { LineRange } from './trace/policy-range.ts';

interface PolicyCodeProps {
  readonly label: string;
  readonly text: string;
  readonly language: PolicyText['language'];
  /** The lines that are lit and brought into sight. */
  readonly lit: LineRange | null;
  /** What the lit lines are, for screen readers. */
  readonly litLabel?: string;
  /** Problems by line. */
  readonly problems?: ReadonlyMap<number, BundleProblem>;
  readonly fills?: boolean;
}

const none: ReadonlyMap<number, BundleProblem> = new Map();

/** A policy's text, read only, with the lines of one rule lit. */
export function PolicyCode({ lit, litLabel = 'this rule', problems = none, ...rest }: PolicyCodeProps) {
  const shown = useMemo(
    () => [...problems].map(([line, { severity, message }]): CodeProblem => ({ severity, line, message })),
    [problems],
  );
  return (
    <>
      {lit === null ? null : (
        <p className="visually-hidden">
          {`Lines ${formatCount(lit.first)} to ${formatCount(lit.last)} are ${litLabel}.`}
        </p>
      )}
      <Code {...rest} lit={lit} problems={shown} />
    </>
  );
}
