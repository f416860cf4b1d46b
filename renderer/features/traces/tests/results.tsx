import { useState } from 'react';
import { isObject, textAt } from '#shared/domain/json.ts';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { GeneratedCheck, PolicyTestResult } from '#shared/policy-tests/policy-test.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { Badge, OutcomeMark } from '../../../ui/outcome-mark.tsx';
import { Count } from '../../../ui/values.tsx';
import { type Column, VirtualTable } from '../../../ui/virtual-table.tsx';
import { outcomeOf } from '../trace/words.ts';

export const checkWords: Readonly<Record<GeneratedCheck, string>> = {
  'deny-by-default': 'deny by default',
  'scope-boundary': 'scope boundary',
  'exception-path': 'exception path',
};

/** The request of a test in few words. */
export function requestWords(request: PolicyTestResult['request']): string {
  const named = (part: string, key: string): string => {
    const holder = request[part];
    return isObject(holder) ? (textAt(holder, key) ?? '') : '';
  };
  const resource = named('resource', 'id') || named('resource', 'type');
  return `${shortResource(named('subject', 'id'))} ${named('action', 'name')} ${shortResource(resource)}`;
}

const columns: readonly Column<PolicyTestResult>[] = [
  {
    id: 'result',
    title: 'Result',
    width: 84,
    render: ({ passed }) => (
      <Badge tone={passed ? 'success' : 'danger'}>{passed ? 'passed' : 'failed'}</Badge>
    ),
  },
  { id: 'line', title: 'Line', width: 48, align: 'end', render: ({ line }) => <Count value={line} /> },
  {
    id: 'test',
    title: 'Test',
    width: 150,
    grows: true,
    render: ({ note, request, generated }) => {
      const text = note ?? requestWords(request);
      return (
        <span title={escapedText(`${text}\n${requestWords(request)}`)}>
          {generated === undefined ? null : <span className="muted">{checkWords[generated]}: </span>}
          <LogText text={text} />
        </span>
      );
    },
  },
  {
    id: 'expected',
    title: 'Expected',
    width: 76,
    render: ({ expected }) => <OutcomeMark outcome={outcomeOf(expected.decision)} />,
  },
  {
    id: 'actual',
    title: 'Got',
    width: 76,
    render: ({ actual }) => <OutcomeMark outcome={outcomeOf(actual.decision)} />,
  },
  {
    id: 'why',
    title: 'Why',
    width: 150,
    grows: true,
    render: ({ differences, verdict, passed }) => {
      const text = passed ? verdict : `${differences.join('; ')}. ${verdict}`;
      return (
        <span title={escapedText(text)}>
          <LogText text={text} />
        </span>
      );
    },
  },
];

interface ResultsProps {
  readonly results: readonly PolicyTestResult[];
  /** The text was changed since. */
  readonly stale: boolean;
  readonly onLight: (result: PolicyTestResult) => void;
  readonly onOpen: (result: PolicyTestResult) => void;
}

/** How each test went. A row lights its test; opened, it leads to its trace. */
export function Results({ results, stale, onLight, onOpen }: ResultsProps) {
  const [cursor, setCursor] = useState(() =>
    Math.max(
      0,
      results.findIndex(({ passed }) => !passed),
    ),
  );
  const [onlyFailed, setOnlyFailed] = useState(false);
  const failed = results.filter(({ passed }) => !passed);
  const shown = onlyFailed ? failed : results;
  return (
    <>
      <div className="trace-actions">
        <p role="status">
          <Badge tone={failed.length === 0 ? 'success' : 'danger'}>
            {failed.length === 0 ? 'all passed' : `${failed.length} failed`}
          </Badge>{' '}
          {results.length} {results.length === 1 ? 'test' : 'tests'}
          {stale ? <span className="muted">, of the text before the last change</span> : null}
        </p>
        <button
          type="button"
          className="button"
          aria-pressed={onlyFailed}
          disabled={failed.length === 0 && !onlyFailed}
          onClick={() => {
            setOnlyFailed(!onlyFailed);
            setCursor(0);
          }}
        >
          Only failed
        </button>
        <span className="muted">Enter opens the trace.</span>
      </div>
      <VirtualTable
        id="test-results"
        label="Results"
        columns={columns}
        total={shown.length}
        rowAt={(index) => shown[index]}
        cursor={Math.min(cursor, shown.length - 1)}
        onCursor={(next) => {
          setCursor(next);
          const result = shown[next];
          if (result !== undefined) onLight(result);
        }}
        onOpen={onOpen}
      />
    </>
  );
}
