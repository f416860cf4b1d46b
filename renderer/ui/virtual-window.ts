/** Height of a table's row; also `--row` in tokens.css. */
export const rowHeight = 28;

/** Browsers cut elements off at about 17 (Firefox) to 33 million pixels (Chromium); this stays below. */
const tallest = 12_000_000;

/** How the rows of a table, which may be taller than any element can be, lie in a scroll area. */
export interface Scale {
  /** Height of the scroll area's content. */
  readonly height: number;
  /** Pixels of rows for a pixel of scrolling; 1 while everything fits. */
  readonly ratio: number;
}

export function scaleOf(rows: number, viewport: number): Scale {
  const whole = rows * rowHeight;
  if (whole <= tallest) return { height: whole, ratio: 1 };
  return { height: tallest, ratio: (whole - viewport) / (tallest - viewport) };
}

/** The rows that show when the rows' own top edge is at `top` pixels, with a few more on each side. */
export function visibleRows(top: number, viewport: number, rows: number): { first: number; last: number } {
  const margin = 6;
  return {
    first: Math.max(0, Math.floor(top / rowHeight) - margin),
    last: Math.min(rows - 1, Math.ceil((top + viewport) / rowHeight) + margin),
  };
}

/** Where the rows must be scrolled to so that `row` shows whole; `top` itself if it does already. */
export function topToShow(row: number, top: number, viewport: number): number {
  const start = row * rowHeight;
  if (start < top) return start;
  const end = start + rowHeight;
  return end > top + viewport ? end - viewport : top;
}

/** Where a key takes the cursor; null for keys that do not move it. */
export function rowAfterKey(key: string, row: number, rows: number, viewport: number): number | null {
  const page = Math.max(1, Math.floor(viewport / rowHeight) - 1);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: row + 1,
    j: row + 1,
    ArrowUp: row - 1,
    k: row - 1,
    PageDown: row + page,
    PageUp: row - page,
    Home: 0,
    End: rows - 1,
  };
  const target = targets[key];
  return target === undefined ? null : Math.max(0, Math.min(rows - 1, target));
}
