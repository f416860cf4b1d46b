import type { FormatName } from '#shared/domain/format.ts';
import { directoryByName } from '#shared/directories/index.ts';
import { formatByName } from '#shared/formats/index.ts';

/** A log's or a directory's format as people call it; a dash where a file has none. */
export function formatTitle(name: FormatName | null): string {
  return name === null ? '–' : ((formatByName(name) ?? directoryByName(name))?.title ?? name);
}
