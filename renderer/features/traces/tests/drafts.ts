/** Texts of policy tests that were changed and not saved, by case and name: kept while another view is shown. */
const drafts = new Map<string, string>();

export function draftKey(caseId: string, name: string): string {
  return `${caseId}\n${name}`;
}

export function draftOf(key: string): string | null {
  return drafts.get(key) ?? null;
}

/** Null: it is saved. */
export function keepDraft(key: string, text: string | null): void {
  if (text === null) drafts.delete(key);
  else drafts.set(key, text);
}
