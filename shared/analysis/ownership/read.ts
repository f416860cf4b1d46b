import { type Duty, type Ownership, duties } from '#shared/domain/decision.ts';

export interface OwnershipFile {
  readonly rows: readonly Ownership[];
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** A matrix out of a CODEOWNERS file or a table, told by what it looks like. */
export function readOwnership(text: string): OwnershipFile {
  const [first = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const names = first.split(/[,;]/).map((name) => name.trim().toLowerCase());
  return names.includes('pattern') && names.length > 1 ? readTable(text) : readCodeOwners(text);
}

/**
 * A CODEOWNERS file: a pattern and its owners on each line, the last line that covers a path counts. Owners approve
 * changes and answer for what they own; a pattern without owners takes its paths away from earlier lines.
 */
export function readCodeOwners(text: string): OwnershipFile {
  const rows: Ownership[] = [];
  const problems: OwnershipFile['problems'][number][] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = wordsOf(line);
    const [pattern, ...owners] = words;
    // GitLab's sections head groups of lines; what they require besides is not ours to say.
    if (pattern === undefined || /^\^?\[/.test(pattern)) continue;
    const wrong = owners.filter((owner) => !/^@[\w./-]+$|^[^\s@]+@[^\s@]+$/.test(owner));
    if (wrong.length > 0)
      problems.push({ line: index + 1, message: `“${wrong[0] ?? ''}” is no @name, @org/team or mail.` });
    if (pattern.startsWith('!')) {
      problems.push({ line: index + 1, message: 'A CODEOWNERS file has no exceptions with “!”.' });
      continue;
    }
    const names = owners.filter((owner) => !wrong.includes(owner));
    rows.push({ about: 'policy', pattern, writes: [], approves: names, monitors: [], answers: names });
  }
  return { rows, problems };
}

/** Words of a line, without its comment; `\ ` and `\#` are what they show. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] as string;
    if (letter === '\\' && at + 1 < line.length) word += line[++at] as string;
    else if (letter === '#' && word === '') break;
    else if (/\s/.test(letter)) {
      if (word !== '') words.push(word);
      word = '';
    } else word += letter;
  }
  return word === '' ? words : [...words, word];
}

/** A table with the columns `about, pattern, writes, approves, monitors, answers`; several names with `;` or blanks. */
export function readTable(text: string): OwnershipFile {
  const plain = text.replace(/^\uFEFF/, '');
  const delimiter =
    (plain.split(/\r?\n/)[0] ?? '').includes(';') && !(plain.split(/\r?\n/)[0] ?? '').includes(',')
      ? ';'
      : ',';
  const [header, ...lines] = table(plain, delimiter);
  const columns = (header ?? []).map((name) => name.trim().toLowerCase());
  const rows: Ownership[] = [];
  const problems: OwnershipFile['problems'][number][] = [];
  for (const [index, cells] of lines.entries()) {
    const cell = (name: string): string => cells[columns.indexOf(name)]?.trim() ?? '';
    const pattern = cell('pattern');
    const about = cell('about') === '' ? 'policy' : cell('about').toLowerCase();
    if (pattern === '' || (about !== 'policy' && about !== 'identity')) {
      const message = pattern === '' ? 'No pattern.' : `“${about}” is neither policy nor identity.`;
      problems.push({ line: index + 2, message });
      continue;
    }
    const named = Object.fromEntries(
      duties.map((duty) => [
        duty,
        cell(duty)
          .split(/[;|\s]+/)
          .filter((name) => name !== ''),
      ]),
    ) as Record<Duty, string[]>;
    rows.push({ about, pattern, ...named });
  }
  return { rows, problems };
}

/** Rows of a table (RFC 4180). */
function table(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, quoted] = [[] as string[], '', false];
  const endRow = (): void => {
    row.push(cell);
    if (row.some((each) => each !== '')) rows.push(row);
    [row, cell] = [[], ''];
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') cell += text[++at] as string;
      else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === delimiter) {
      row.push(cell);
      cell = '';
    } else if (letter === '\n') endRow();
    else if (letter !== '\r') cell += letter;
  }
  endRow();
  return rows;
}
