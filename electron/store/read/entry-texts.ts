/** Texts committed together: lines of one string, and where each begins; the last place is behind the end. */
interface Part {
  readonly firstId: number;
  readonly text: string;
  readonly starts: Uint32Array;
  /** The same in lower case, made for the first search. */
  lower: { readonly text: string; readonly starts: Uint32Array } | null;
}

/**
 * The entries of a dictionary by id, kept as the few long strings in which they are stored: millions of small ones
 * take several times the memory, and one long one is searched many times faster.
 */
export class EntryTexts {
  readonly size: number;
  readonly #parts: Part[] = [];

  /** Each part holds entries as lines; ids go on from one to the next. */
  constructor(parts: Iterable<string>) {
    let firstId = 0;
    for (const text of parts) {
      const starts = lineStarts(text);
      this.#parts.push({ firstId, text, starts, lower: null });
      firstId += starts.length - 1;
    }
    this.size = firstId;
  }

  at(id: number): string | undefined {
    const part = id >= 0 && id < this.size ? this.#partOf(id) : undefined;
    return part === undefined ? undefined : lineOf(part, id - part.firstId);
  }

  forEach(visit: (entry: string, id: number) => void): void {
    for (const part of this.#parts) {
      for (let line = 0; line < part.starts.length - 1; line++) {
        visit(lineOf(part, line), part.firstId + line);
      }
    }
  }

  /** Prepares the search, which the first one does otherwise. */
  makeSearchable(): void {
    for (const part of this.#parts) part.lower ??= lowerOf(part);
  }

  /** Calls `found` once with the id of each entry whose text in lower case holds `literal`, which has no line break. */
  search(literal: string, found: (id: number) => void): void {
    for (const part of this.#parts) {
      part.lower ??= lowerOf(part);
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

function lineOf({ text, starts }: Part, line: number): string {
  return text.slice(starts[line], (starts[line + 1] as number) - 1);
}

function lineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  starts.push(text.length + 1);
  return Uint32Array.from(starts);
}

/** A few letters are longer in lower case: then the lines begin elsewhere. */
function lowerOf({ text, starts }: Part): { text: string; starts: Uint32Array } {
  const lower = text.toLowerCase();
  return { text: lower, starts: lower.length === text.length ? starts : lineStarts(lower) };
}
