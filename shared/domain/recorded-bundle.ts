/** A bundle that the log names as the one that decided. */
export interface RecordedBundle {
  readonly name: string;
  /** Null where the log names none. */
  readonly revision: string | null;
}

/** Bundles as one text, e.g. `authz@4f2a`: how an event's reason names them. Null where there are none. */
export function recordedBundlesText(bundles: readonly RecordedBundle[]): string | null {
  if (bundles.length === 0) return null;
  return bundles.map(({ name, revision }) => (revision === null ? name : `${name}@${revision}`)).join(', ');
}

/** The revisions in such a text. */
export function revisionsIn(text: string): string[] {
  return text.split(', ').flatMap((part) => (part.includes('@') ? [part.slice(part.indexOf('@') + 1)] : []));
}
