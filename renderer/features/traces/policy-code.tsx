import { useMemo, useState } from 'react';
import type { BundleProblem } from '#shared/domain/policy-system.ts';
import { Button } from '../../ui/button.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { formatCount } from '../../ui/numbers.ts';
import type { LineRange } from './trace/policy-range.ts';

interface PolicyCodeProps {
  readonly label: string;
  readonly text: string;
  /** The lines that are lit and brought into sight. */
  readonly lit: LineRange | null;
  /** What the lit lines are, for screen readers. */
  readonly litLabel?: string;
  /** Problems by line. */
  readonly problems?: ReadonlyMap<number, BundleProblem>;
}

/** Lines drawn at once; of a longer text those around the lit ones. */
const mostLines = 1_500;

/** A policy's text with line numbers, read only, and the lines of one rule lit. */
export function PolicyCode({ label, text, lit, litLabel = 'this rule', problems }: PolicyCodeProps) {
  const lines = useMemo(() => text.replace(/\r?\n$/, '').split(/\r?\n/), [text]);
  const [whole, setWhole] = useState(false);
  const at = lit?.first ?? 1;
  const shows = whole ? lines.length : mostLines;
  const start = Math.max(0, Math.min(at - 1 - Math.floor(shows / 4), lines.length - shows));
  const shown = lines.slice(start, start + shows);

  return (
    // It scrolls, so the keys must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section key={label} className="policy-code mono" tabIndex={0} aria-label={label}>
      {shown.length === lines.length ? null : (
        <p className="policy-code-note">
          Lines {formatCount(start + 1)} to {formatCount(start + shown.length)} of {formatCount(lines.length)}
          . <Button onClick={() => setWhole(true)}>Show all</Button>
        </p>
      )}
      <ol>
        {shown.map((line, index) => {
          const number = start + index + 1;
          const isLit = lit !== null && number >= lit.first && number <= lit.last;
          const problem = problems?.get(number);
          return (
            <li
              key={number}
              ref={isLit && number === at ? bringIntoSight : undefined}
              className={isLit ? 'code-line lit' : 'code-line'}
              aria-current={isLit && number === at ? 'true' : undefined}
            >
              <span className="code-number" aria-hidden="true">
                {number}
              </span>
              <span className="code-text">
                {isLit && number === at ? (
                  <span className="visually-hidden">{`Here begins ${litLabel}: `}</span>
                ) : null}
                <CodeText text={line} />
                {problem === undefined ? null : (
                  <span className={`code-problem ${problem.severity}`}>
                    {problem.severity}: <LogText text={problem.message} />
                  </span>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Only the text's own box is scrolled, not the page around it. */
function bringIntoSight(line: HTMLLIElement | null): void {
  const box = line?.closest('.policy-code');
  if (line === null || !(box instanceof HTMLElement)) return;
  box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 4;
}

/** One line of code: indentation kept, characters that do not show escaped. */
export function CodeText({ text }: { readonly text: string }) {
  return text
    .split(/(\t)/)
    .map((part, index) => (part === '\t' ? part : <LogText key={index} text={part} />));
}
