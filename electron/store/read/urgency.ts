import type { ReaderService } from '#electron/platform/services.ts';

/** What somebody looks at one thing with: rows, an event, its record, the policies that explain it. */
const first = new Set<string>([
  'open',
  'refresh',
  'events.page',
  'events.get',
  'events.raw',
  'nativeEvent',
  'bundles.list',
  'bundles.get',
  'bundleFiles',
  'query.values',
] satisfies (keyof ReaderService)[]);

/** What goes over the whole case and takes its time. */
const last = new Set<string>([
  'accessUses',
  'behaviourFacts',
  'eventGroups',
  'evidence.verify',
  'findings.run',
  'identities.list',
  'identities.review',
  'identityFindings',
  'overview.get',
  'sql.run',
] satisfies (keyof ReaderService)[]);

/** Questions of a higher urgency are begun before those that wait. */
export function urgencyOf(method: string): number {
  return first.has(method) ? 1 : last.has(method) ? -1 : 0;
}
