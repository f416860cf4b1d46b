import type { parse } from '@bufbuild/cel';

type Expression = NonNullable<ReturnType<typeof parse>['expr']>;

/** What every expression can name: the request, the names of its policy, and types. */
const known = new Set(
  `request P R V variables C constants G globals runtime
  int uint double bool string bytes list map null_type type dyn google net
  optional_type optional regex math sets lists strings base64`.split(/\s+/),
);

/** The first name in an expression that Cerbos does not know, for which it refuses the policy; null for none. */
export function undeclared(expression: Expression, bound: readonly string[] = []): string | null {
  const { case: kind, value } = expression.exprKind;
  const within = (parts: readonly (Expression | undefined)[], more: readonly string[] = []) => {
    for (const part of parts) {
      const found = part === undefined ? null : undeclared(part, [...bound, ...more]);
      if (found !== null) return found;
    }
    return null;
  };
  if (kind === 'identExpr') {
    const name = value.name.replace(/^\./, '');
    return known.has(name) || bound.includes(name) ? null : name;
  }
  if (kind === 'selectExpr') return within([value.operand]);
  if (kind === 'callExpr') return within([value.target, ...value.args]);
  if (kind === 'listExpr') return within(value.elements);
  if (kind === 'structExpr')
    return within(
      value.entries.flatMap((entry) => [
        entry.value,
        entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined,
      ]),
    );
  if (kind !== 'comprehensionExpr') return null;
  const variables = [value.iterVar, value.accuVar];
  return (
    within([value.iterRange, value.accuInit]) ??
    within([value.loopCondition, value.loopStep, value.result], variables)
  );
}
