import type { ConditionNode } from '#shared/domain/trace.ts';
import { LogText } from '../../../ui/log-line.tsx';
import { conditionWords, valueText } from './words.ts';
import { ResultMark } from './result-mark.tsx';

const joins = { all: 'All of', any: 'Any of', not: 'Not' } as const;

/** A condition as a tree: what each part compares, what it saw, and what came of it. */
export function ConditionTree({ node, label }: { readonly node: ConditionNode; readonly label: string }) {
  return (
    <ul className="condition" aria-label={label}>
      <Node node={node} />
    </ul>
  );
}

function Node({ node }: { readonly node: ConditionNode }) {
  const { op, expr, expected, actual, result, children = [], why, operator, key } = node;
  return (
    <li>
      <ResultMark result={markOf(result)} word={conditionWords[result]} />{' '}
      {op === 'leaf' ? (
        <span className="mono">
          <LogText text={operator === undefined || key === undefined ? expr : `${operator} ${key}`} />
        </span>
      ) : (
        <strong>{joins[op]}</strong>
      )}
      {op === 'leaf' && (expected !== undefined || actual !== undefined) ? (
        <span className="condition-values">
          <span>
            <span className="muted">expected </span>
            <span className="mono">
              <LogText text={valueText(expected)} />
            </span>
          </span>
          <span>
            <span className="muted">actual </span>
            <span className="mono">
              <LogText text={valueText(actual)} />
            </span>
          </span>
        </span>
      ) : null}
      {why === undefined ? null : (
        <span className="muted">
          {' '}
          – <LogText text={why} />
        </span>
      )}
      {children.length === 0 ? null : (
        <ul>
          {children.map((child, index) => (
            <Node key={index} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

function markOf(result: ConditionNode['result']): 'match' | 'no-match' | 'unknown' {
  if (result === 'true') return 'match';
  return result === 'false' || result === 'missing' ? 'no-match' : 'unknown';
}
