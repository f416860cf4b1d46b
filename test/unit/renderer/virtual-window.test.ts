import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowAfterKey, rowHeight, scaleOf, topToShow, visibleRows } from '#renderer/ui/virtual-window.ts';

test('no table is taller than a browser can draw, and its last row can still be reached', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50_000_000 }),
      fc.integer({ min: 28, max: 3_000 }),
      (rows, viewport) => {
        const { height, ratio } = scaleOf(rows, viewport);
        expect(height).toBeLessThanOrEqual(16_000_000);
        const lowest = Math.max(0, height - viewport) * ratio;
        expect(visibleRows(lowest, viewport, rows).last).toBe(rows - 1);
      },
    ),
  );
});

test('a row that is shown lies whole within the view, and one in view does not move it', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.nat(28_000_000),
      fc.integer({ min: 28, max: 2_000 }),
      (row, top, viewport) => {
        const shown = topToShow(row, top, viewport);
        expect(row * rowHeight).toBeGreaterThanOrEqual(shown);
        expect((row + 1) * rowHeight).toBeLessThanOrEqual(shown + viewport);
        expect(topToShow(row, shown, viewport)).toBe(shown);
      },
    ),
  );
});

const after = (key: string, row: number): number | null => rowAfterKey(key, row, 1_000, 280);

test('keys move the cursor and never out of the table', () => {
  expect([after('j', 0), after('ArrowDown', 999), after('k', 0), after('ArrowUp', 5)]).toEqual([
    1, 999, 0, 4,
  ]);
  expect([after('PageDown', 0), after('PageUp', 3), after('Home', 500), after('End', 0)]).toEqual([
    9, 0, 0, 999,
  ]);
  expect(after('x', 0)).toBeNull();
});
