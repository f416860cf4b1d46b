import { canonicalCondition } from '../../../domain/condition-text.ts';
import type { Element } from './area.ts';
import { allOf, type Found } from './found.ts';
import { relateStatement, type Remainder, type SeenStatement } from './limits.ts';

/** What Deny statements leave of a permission. `uncertain`: policies are missing that could take it away. */
export function lessDenies(
  part: Remainder,
  denies: readonly SeenStatement[],
  uncertain: boolean,
): Pick<Found, 'area' | 'condition' | 'conditionality' | 'limitedBy' | 'except'> {
  let condition = part.condition;
  const limitedBy = [...part.limitedBy];
  const except: string[] = [];
  for (const deny of denies) {
    const relation = relateStatement(deny, part.area);
    if (relation === 'disjoint') continue;
    limitedBy.push(deny.ref);
    if (relation !== 'covers') {
      except.push(exceptionOf(deny));
      continue;
    }
    const { condition: reason } = deny;
    if (reason === null) return { ...part, conditionality: 'never-effective', limitedBy, except };
    const refused = {
      op: 'not',
      expr: `NOT (${reason.expr})`,
      result: 'unknown',
      children: [reason],
    } as const;
    condition = allOf([condition, refused]);
  }
  const conditionality = uncertain ? 'unknown' : condition === null ? 'always' : 'conditional';
  return { area: part.area, condition, conditionality, limitedBy, except };
}

const exceptions = new WeakMap<SeenStatement, string>();

/** A Deny statement in one form, whatever order its parts are written in. */
function exceptionOf(deny: SeenStatement): string {
  let text = exceptions.get(deny);
  if (text === undefined) {
    const { action, resource, condition } = deny;
    const when = condition === null ? '' : ` when ${canonicalCondition(condition)}`;
    text = `${textOf(action)} on ${textOf(resource)}${when}`;
    exceptions.set(deny, text);
  }
  return text;
}

function textOf({ not, folded }: Element): string {
  return `${not ? 'not ' : ''}${folded.toSorted().join(', ')}`;
}
