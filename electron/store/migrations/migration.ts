import type { SqlText } from '../connection.ts';

/** One step of the schema. Never edited once released. */
export interface Migration {
  readonly version: number;
  readonly slug: string;
  readonly text: SqlText;
}
