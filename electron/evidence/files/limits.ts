/** Bounds on what a compressed file may become. Everything before a bound is kept; the rest is a problem. */
export interface DecodeLimits {
  readonly bytes: number;
  /** Output per input byte, looked at from `ratioFrom` bytes of output on. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

export const decodeLimits: DecodeLimits = { bytes: 2 ** 38, ratio: 400, ratioFrom: 64 * 2 ** 20 };

/** What is wrong with a compressed stream, and from where on nothing more was read. */
export interface StreamProblem {
  /** In the decompressed stream: everything before it was given out. */
  readonly offset: number;
  /** In the file as it came. */
  readonly inputOffset: number;
  readonly message: string;
}

/** What is wrong with a stream that grows beyond the limits, or null. `inputOffset`: null leaves the growth alone. */
export function limitProblem(
  limits: DecodeLimits,
  offset: number,
  inputOffset: number | null,
): string | null {
  if (offset >= limits.bytes) return `the decompressed stream is larger than ${limits.bytes} bytes`;
  if (inputOffset === null || offset < limits.ratioFrom || offset <= inputOffset * limits.ratio) return null;
  return `the stream grows more than ${limits.ratio} times when it is decompressed`;
}
