import { type EncodedColumn, type Encoding, decodeColumn, encodeColumn } from './codec.ts';
import { type RollUp, type RollUpTableName, rollUpColumns } from './roll-up.ts';

/** A column of a roll-up as it is stored; `name` is `TABLE:COLUMN`. */
export interface RollUpPart extends EncodedColumn {
  readonly name: string;
  readonly length: number;
}

const tableNames = Object.keys(rollUpColumns) as RollUpTableName[];

/** A roll-up as columns to store. */
export function* partsOf(rollUp: RollUp): Generator<RollUpPart> {
  for (const table of tableNames) {
    const columns = rollUp[table];
    const { length } = columns;
    for (const column of rollUpColumns[table]) {
      const values = (columns as unknown as Record<typeof column, Float64Array>)[column];
      yield { name: `${table}:${column}`, length, ...encodeColumn(values, length) };
    }
  }
}

/** The roll-up of stored columns. Throws where one is missing. */
export function rollUpOf(parts: ReadonlyMap<string, RollUpPart>): RollUp {
  const tables = tableNames.map((table) => {
    const columns = rollUpColumns[table].map((column) => {
      const part = parts.get(`${table}:${column}`);
      if (part === undefined) throw new RangeError(`a roll-up has no column ${table}:${column}`);
      const values = arrayFor(part);
      decodeColumn(part, part.length, values, 0);
      return [column, values] as const;
    });
    const length = parts.get(`${table}:${rollUpColumns[table][0]}`)?.length ?? 0;
    return [table, { length, ...Object.fromEntries(columns) }] as const;
  });
  return Object.fromEntries(tables) as unknown as RollUp;
}

const widest: Readonly<Record<Encoding, number>> = {
  constant: 0,
  u8: 0xff,
  u16: 0xff_ff,
  u32: 0xff_ff_ff_ff,
  f64: Number.POSITIVE_INFINITY,
};

/** Whole numbers of 32 bits where the column may hold no others. */
function arrayFor({ encoding, base, scale, length }: RollUpPart): Uint32Array | Float64Array {
  const largest = encoding === 'constant' ? base : base + scale * widest[encoding];
  const isWhole = base >= 0 && Number.isInteger(base) && Number.isInteger(scale) && scale >= 0;
  return isWhole && largest <= 0xff_ff_ff_ff ? new Uint32Array(length) : new Float64Array(length);
}
