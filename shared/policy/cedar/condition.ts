import { BooleanCutter, closingOf, type ConditionTree, tokensOf } from '../../util/boolean-expression.ts';

export interface PolicyParts {
  /** From the effect to the closing parenthesis of the scope, without annotations. */
  readonly scope: string;
  /** Null where there is no condition. */
  readonly condition: ConditionTree | null;
  /** Text of each leaf. */
  readonly leaves: readonly string[];
}

/**
 * Cuts a policy that Cedar has parsed into its scope and its conditions
 * (https://docs.cedarpolicy.com/policies/syntax-grammar.html).
 */
export function splitPolicy(policy: string): PolicyParts {
  const tokens = tokensOf(policy);
  const effect = tokens.findIndex(
    ({ text }, index) => (text === 'permit' || text === 'forbid') && tokens[index - 1]?.text !== '@',
  );
  const closing = closingOf(tokens, effect + 1);
  const cutter = new BooleanCutter(policy, tokens);
  const clauses: ConditionTree[] = [];
  for (let at = closing + 1; at < tokens.length - 1; ) {
    const kind = tokens[at]?.text;
    const end = closingOf(tokens, at + 1);
    const body = cutter.cut(at + 2, end);
    // A clause is `when { … }` or `unless { … }`.
    if (kind === 'when') clauses.push(body);
    else clauses.push({ op: 'not', expr: cutter.text(at, end + 1), children: [body] });
    at = end + 1;
  }
  return {
    scope: cutter.text(effect, closing + 1),
    condition: clauses.length < 2 ? (clauses[0] ?? null) : allOf(clauses),
    leaves: cutter.leaves,
  };
}

function allOf(children: readonly ConditionTree[]): ConditionTree {
  return { op: 'all', expr: children.map(({ expr }) => expr).join(' '), children };
}
