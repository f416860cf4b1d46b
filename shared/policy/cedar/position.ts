/** Places in a text. Rows and columns count from 1; columns in UTF-16 units, as editors do. */
export class TextPositions {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** `row:column` of an index. */
  at(index: number): string {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return `${low + 1}:${index - (this.#starts[low] ?? 0) + 1}`;
  }

  /** `row:column-row:column`, the end exclusive. */
  range(from: number, to: number): string {
    return `${this.at(from)}-${this.at(to)}`;
  }
}

/** The index of a UTF-8 byte offset: Cedar counts bytes. */
export function indexOfByte(text: string, offset: number): number {
  let bytes = 0;
  let index = 0;
  for (const character of text) {
    if (bytes >= offset) break;
    bytes += utf8Length(character.codePointAt(0) ?? 0);
    index += character.length;
  }
  return index;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
