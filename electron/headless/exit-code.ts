import type { ErrorKind } from '#shared/util/result.ts';

/** What a command ends with: part of the command line's stable contract. */
export const exitCodes = {
  done: 0,
  /** Done, and the answer is "no". */
  no: 1,
  usage: 2,
  /** The input could not be used. */
  input: 3,
  /** Refused: approval, safety, read-only. */
  refused: 4,
  /** Partly done, see the output. */
  partly: 5,
  bug: 70,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byKind: Readonly<Record<ErrorKind, ExitCode>> = {
  'invalid-input': exitCodes.usage,
  query: exitCodes.usage,
  'not-found': exitCodes.input,
  'no-case': exitCodes.input,
  'case-newer': exitCodes.input,
  'case-busy': exitCodes.input,
  unusable: exitCodes.input,
  unsupported: exitCodes.input,
  refused: exitCodes.refused,
  'disk-full': exitCodes.partly,
  cancelled: exitCodes.partly,
  partial: exitCodes.partly,
  crashed: exitCodes.bug,
  internal: exitCodes.bug,
};

export function exitCodeOf(kind: ErrorKind): ExitCode {
  return byKind[kind];
}
