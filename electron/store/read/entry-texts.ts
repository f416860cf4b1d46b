/** Entries that were committed together, as lines of one text, which is unpacked when it is first needed. */
export interface EntryPart {
  readonly firstId: number;
  readonly text: () => string;
}

/** Lines of one string, and where each begins; the last place is behind the end. */
interface Lines {
  readonly text: string;
  readonly starts: Uint32Array;
}

class Part {
  readonly firstId: number;
  #read: (() => string) | null;
  #lines: Lines | null = null;
  #lower: Lines | null = null;

  constructor({ firstId, text }: EntryPart) {
    this.firstId = firstId;
    this.#read = text;
  }

  get lines(): Lines {
    if (this.#lines === null) {
      const text = this.#read?.() ?? '';
      this.#lines = { text, starts: lineStarts(text) };
      // What it was unpacked from is not needed any more.
      this.#read = null;
    }
    return this.#lines;
  }

  /** The same in lower case, made for the first search. */
  get lower(): Lines {
    return (this.#lower ??= lowerOf(this.lines));
  }

  get isSearchable(): boolean {
    return this.#lower !== null;
  }

  get count(): number {
    return this.lines.starts.length - 1;
  }
}

/** So much is unpacked within about ten milliseconds. */
const stepCharacters = 2_000_000;

/**
 * The entries of a dictionary by id, kept as the few long strings in which they are stored: millions of small ones
 * take several times the memory, and one long one is searched many times faster.
 */
export class EntryTexts {
  readonly size: number;
  readonly #parts: readonly Part[];

  /** Ids go on from one part to the next. */
  constructor(parts: readonly EntryPart[]) {
    this.#parts = parts.map((part) => new Part(part));
    const last = this.#parts.at(-1);
    this.size = last === undefined ? 0 : last.firstId + last.count;
  }

  at(id: number): string | undefined {
    const part = id >= 0 && id < this.size ? this.#partOf(id) : undefined;
    return part === undefined ? undefined : lineOf(part.lines, id - part.firstId);
  }

  forEach(visit: (entry: string, id: number) => void): void {
    for (const part of this.#parts) {
      const { lines, count, firstId } = part;
      for (let line = 0; line < count; line++) visit(lineOf(lines, line), firstId + line);
    }
  }

  /** Prepares the search step by step, which the first one does otherwise; nothing is left to do after the last. */
  *makeSearchable(): Generator<void> {
    let characters = 0;
    for (const part of this.#parts) {
      if (part.isSearchable) continue;
      characters += part.lower.text.length;
      if (characters < stepCharacters) continue;
      characters = 0;
      yield;
    }
  }

  /** Calls `found` once with the id of each entry whose text in lower case holds `literal`, which has no line break. */
  search(literal: string, found: (id: number) => void): void {
    for (const part of this.#parts) {
      const { text, starts } = part.lower;
      let line = 0;
      for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, starts[line + 1])) {
        while ((starts[line + 1] as number) <= at) line++;
        found(part.firstId + line);
      }
    }
  }

  #partOf(id: number): Part | undefined {
    let low = 0;
    let high = this.#parts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#parts[middle] as Part).firstId <= id) low = middle;
      else high = middle;
    }
    return this.#parts[low];
  }
}

function lineOf({ text, starts }: Lines, line: number): string {
  return text.slice(starts[line], (starts[line + 1] as number) - 1);
}

function lineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  starts.push(text.length + 1);
  return Uint32Array.from(starts);
}

/** A few letters are longer in lower case: then the lines begin elsewhere. */
function lowerOf({ text, starts }: Lines): Lines {
  const lower = text.toLowerCase();
  return { text: lower, starts: lower.length === text.length ? starts : lineStarts(lower) };
}
