import type { FormatName } from '#shared/domain/format.ts';
import { formatByName } from '#shared/formats/index.ts';

/** A format as people call it; a dash where a file has none. */
export function formatTitle(name: FormatName | null): string {
  return name === null ? '–' : (formatByName(name)?.title ?? name);
}
