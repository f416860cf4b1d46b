import { type DimensionName, dimensionNames, hashedFields } from '#shared/domain/dimensions.ts';

/** Events of a segment. */
export const segmentCapacity = 65_536;

/** Columns that every event has besides its dimensions and hashes. */
const numberColumns = [
  'micros',
  'nanos',
  'timeDigits',
  'key0',
  'key1',
  'key2',
  'key3',
  'evidence',
  'offset',
  'length',
] as const;

export type NumberColumn = (typeof numberColumns)[number];
export type HashColumn = `hash:${(typeof hashedFields)[number]}`;
export type DimensionColumn = `dimension:${DimensionName}`;
export type SegmentColumn = NumberColumn | HashColumn | DimensionColumn;

export const hashColumns = hashedFields.map((field): HashColumn => `hash:${field}`);
export const dimensionColumns = dimensionNames.map((name): DimensionColumn => `dimension:${name}`);

/** Every column of a segment, in the order in which they are written. */
export const segmentColumns: readonly SegmentColumn[] = [
  ...numberColumns,
  ...dimensionColumns,
  ...hashColumns,
];
