import type { TestResult } from '#shared/domain/trace.ts';

const shapes: Readonly<Record<TestResult, string>> = {
  match: 'M2 6.5l2.5 2.5L10 3',
  'no-match': 'M3 6h6',
  unknown: 'M4.2 4.2a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.7-.9 1.3M6 9.4v.4',
};

/** Matches, does not match or unknown: a shape and a word. It is no outcome, so it has no outcome’s colour. */
export function ResultMark({ result, word }: { readonly result: TestResult; readonly word: string }) {
  return (
    <span className={`result ${result}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={shapes[result]} />
      </svg>
      {word}
    </span>
  );
}
