import { allOf, type Found } from './found.ts';
import { relateStatement, type Remainder, type SeenStatement } from './limits.ts';

/** What Deny statements leave of a permission. `uncertain`: policies are missing that could take it away. */
export function lessDenies(
  part: Remainder,
  denies: readonly SeenStatement[],
  uncertain: boolean,
): Pick<Found, 'area' | 'condition' | 'conditionality' | 'limitedBy'> {
  let condition = part.condition;
  const limitedBy = [...part.limitedBy];
  for (const deny of denies) {
    const relation = relateStatement(deny, part.area);
    if (relation === 'disjoint') continue;
    limitedBy.push(deny.ref);
    if (relation !== 'covers') continue;
    const { condition: reason } = deny;
    if (reason === null) return { ...part, conditionality: 'never-effective', limitedBy };
    const refused = {
      op: 'not',
      expr: `NOT (${reason.expr})`,
      result: 'unknown',
      children: [reason],
    } as const;
    condition = allOf([condition, refused]);
  }
  const conditionality = uncertain ? 'unknown' : condition === null ? 'always' : 'conditional';
  return { area: part.area, condition, conditionality, limitedBy };
}
