import type { LogFormat } from '#shared/domain/format.ts';
import { parseExactJson } from '#shared/util/exact-json.ts';
import type { ParseJson } from './decode.ts';

/** How the records of a format are parsed. */
export function parserOf({ exactIntegers }: LogFormat): ParseJson {
  return exactIntegers === true ? parseExactJson : JSON.parse;
}
