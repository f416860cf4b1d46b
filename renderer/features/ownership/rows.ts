import { type Duty, type Ownership, duties } from '#shared/domain/decision.ts';

export const emptyRow: Ownership = {
  about: 'policy',
  pattern: '',
  writes: [],
  approves: [],
  monitors: [],
  answers: [],
};

export const dutyTitles: Readonly<Record<Duty, string>> = {
  writes: 'Writes',
  approves: 'Approves',
  monitors: 'Monitors',
  answers: 'Answers',
};

/** Names as somebody writes them: by commas, semicolons or blanks. */
export function namesOf(text: string): string[] {
  return [...new Set(text.split(/[,;\s]+/).filter((name) => name !== ''))];
}

/** Who both writes and approves: separation of duties asks for two people (NIST SP 800-53 Rev. 5, AC-5). */
export function writersWhoApprove({ writes, approves }: Ownership): string[] {
  return writes.filter((name) => approves.includes(name));
}

/** Duties that nobody has. A row without any name takes its pattern away from the rows before it. */
export function openDuties(row: Ownership): readonly Duty[] {
  return duties.filter((duty) => row[duty].length === 0);
}

/** The rows that hold a text, each with its place in the matrix, where later rows go before earlier ones. */
export function chosenRows(
  rows: readonly Ownership[],
  text: string,
): { readonly row: Ownership; readonly place: number }[] {
  const wanted = text.trim().toLowerCase();
  return rows
    .map((row, place) => ({ row, place }))
    .filter(
      ({ row }) =>
        wanted === '' ||
        [row.pattern, ...duties.flatMap((duty) => row[duty])].some((each) =>
          each.toLowerCase().includes(wanted),
        ),
    );
}

/**
 * The source's own id (its name where it gives none) in an appearance's key, as the inventory makes them:
 * `["log", id, account]`, `["log", type, name, account]`, `[format, authority, id]`. Others stand as they are.
 */
export function idOfAppearance(key: string): string {
  const parts = partsOf(key);
  const id =
    parts[0] === 'log' && parts.length === 3 ? parts[1] : parts[0] === 'bundle' ? parts[4] : parts[2];
  return typeof id === 'string' ? id : key;
}

function partsOf(key: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
