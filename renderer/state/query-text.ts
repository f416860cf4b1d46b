/**
 * Adds one condition to a query's text: the field has the value, or has not. Null stands for an absent field.
 * The condition's opposite is taken out, and what holds already is not added twice.
 */
export function withClause(query: string, field: string, value: string | null, wanted: boolean): string {
  const clause = clauseOf(field, value, wanted);
  const opposite = clauseOf(field, value, !wanted);
  const parts = query === opposite ? '' : query.replace(` AND ${opposite}`, '').trim();
  if (parts === '') return clause;
  if (parts === clause || parts.endsWith(` AND ${clause}`) || parts.includes(`${clause} AND `)) return parts;
  return `${isAlternative(parts) ? `(${parts})` : parts} AND ${clause}`;
}

function clauseOf(field: string, value: string | null, wanted: boolean): string {
  // An absent field is asked for by its negated existence.
  if (value === null) return wanted ? `-${field}:*` : `${field}:*`;
  return `${wanted ? '' : '-'}${field}:${quoted(value)}`;
}

/** A value as the query language takes it literally, whatever characters it holds. */
export function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Whether an OR stands outside of quotes: then the query must be put in brackets before it is narrowed. */
function isAlternative(query: string): boolean {
  return /\bOR\b/.test(query.replace(/"(?:[^"\\]|\\.)*"/g, ''));
}
