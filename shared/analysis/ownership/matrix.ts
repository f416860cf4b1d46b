import { type Decision, type Duties, type Ownership, duties, standing } from '#shared/domain/decision.ts';
import { coversPath, coversText } from './glob.ts';

/** The matrix as the decisions leave it, in the order in which later rows go before earlier ones. */
export function matrixOf(decisions: readonly Decision[]): Ownership[] {
  let rows: Ownership[] = [];
  for (const { data } of standing(decisions)) {
    if (data.kind !== 'ownership') continue;
    const given = new Set(data.rows.map(({ about, pattern }) => `${about} ${pattern}`));
    const kept = data.replace ? [] : rows.filter(({ about, pattern }) => !given.has(`${about} ${pattern}`));
    rows = [...kept, ...data.rows];
  }
  return rows;
}

/** Who has which duty: of each the last row that covers the thing and names somebody, as in a CODEOWNERS file. */
export function dutiesOf(
  rows: readonly Ownership[],
  thing:
    | { readonly about: 'policy'; readonly path: string }
    | { readonly about: 'identity'; readonly ids: readonly string[] },
): Duties {
  const covering = rows.filter(({ about, pattern }) => {
    if (about !== thing.about) return false;
    return thing.about === 'policy'
      ? coversPath(pattern, thing.path)
      : thing.ids.some((id) => coversText(pattern, id));
  });
  return Object.fromEntries(
    duties.map((duty) => {
      const row = covering.findLast((each) => each[duty].length > 0 || namesNobody(each));
      return [duty, row === undefined || namesNobody(row) ? null : { who: row[duty], pattern: row.pattern }];
    }),
  ) as Duties;
}

/** A row without any name takes what it covers away from the rows before it. */
function namesNobody(row: Ownership): boolean {
  return duties.every((duty) => row[duty].length === 0);
}
