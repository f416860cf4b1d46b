import type { DimensionName } from '#shared/domain/dimensions.ts';

/** Columns of the log behind the context keys of AWS. */
const byKey: Readonly<Record<string, DimensionName>> = {
  'aws:sourceip': 'ip',
  'aws:useragent': 'userAgent',
  'aws:requestedregion': 'region',
  'aws:multifactorauthpresent': 'session',
  'aws:multifactorauthage': 'session',
  'aws:tokenissuetime': 'session',
  'aws:userid': 'session',
  'aws:sourceidentity': 'session',
};

/** Systems in which the account or project decides of itself. */
const withAccount: ReadonlySet<string> = new Set(['aws-iam', 'gcp-iam']);

/**
 * What tells the requests of events apart beside subject, action, resource and outcome: the columns of the keys that
 * some policy reads, and no others, so that a million events come to some thousand requests.
 */
export function dimensionsOf(system: string, contextKeys: Iterable<string>): DimensionName[] {
  const found = new Set<DimensionName>(withAccount.has(system) ? ['account'] : []);
  for (const key of contextKeys) {
    const dimension = byKey[key.toLowerCase()];
    if (dimension !== undefined) found.add(dimension);
  }
  return [...found].toSorted();
}

/** Keys with a column of their own that a text names, e.g. that of policies which the log tells. */
export function keysNamedIn(text: string): string[] {
  const lower = text.toLowerCase();
  return Object.keys(byKey).filter((key) => lower.includes(key));
}
