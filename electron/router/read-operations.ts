import type { ReaderService } from '#electron/platform/services.ts';
import type { OutputOf, ParsedInputOf } from '#shared/ipc/contract.ts';

/** Operations that the store reader answers as they are. */
export const readOperations = [
  'evidence.list',
  'evidence.rejected',
  'evidence.custody',
  'evidence.verify',
  'events.page',
  'events.count',
  'events.histogram',
  'events.facets',
  'events.get',
  'events.raw',
  'events.related',
  'events.stream',
  'bundles.list',
  'bundles.get',
  'query.values',
  'overview.get',
  'directories.list',
  'identities.list',
  'identities.review',
  'identities.decisions',
  'ownership.list',
  'ownership.of',
  'findings.run',
  'lineage.get',
  'sql.run',
] as const satisfies readonly Exclude<
  keyof ReaderService,
  'open' | 'refresh' | 'bundleFiles' | 'nativeEvent' | 'eventGroups' | 'policyChanges'
>[];

export type ReadName = (typeof readOperations)[number];
export type ReadInput<K extends ReadName> = ParsedInputOf<K>;
export type ReadOutput<K extends ReadName> = OutputOf<K>;
